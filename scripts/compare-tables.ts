/**
 * Says whether two exports hold the same tables, and what of them differs. Exit code 1 when any does.
 *
 *     node scripts/compare-tables.ts DIR                     table, rows, digest
 *     node scripts/compare-tables.ts DIR --json              the same as JSON, to be kept
 *     node scripts/compare-tables.ts DIR --against FILE      tables that differ from those kept
 *     node scripts/compare-tables.ts DIR --against OTHER     the same, and the first rows that differ
 *
 * `--only PREFIX`: of tables whose names begin so; `--without a,b`: these columns neither; `--rows N`.
 *
 * DIR is an export in JSONL, packed or not, or a folder of such folders, whose tables are then named
 * `folder/table`. Shards are one table; a table without rows is as none. Compared are the columns that both
 * have, or those of FILE; tables and columns that only DIR has are told. A row is compared with its keys in order, without nulls,
 * ports and what tells of the run (LEFT_OUT). The digest of a table is the beginning of the SHA-256 of its rows'
 * SHA-256s, sorted: the order of rows does not count, how often one is there does. It imports nothing of src, so
 * that it stays the same while src is rebuilt.
 *
 * What `scripts/frozen` keeps is renewed with `--json` by who changes a table on purpose, and says so:
 * - `boards.json`: every board and kind of page, by `npm run test:soak -- frozen`, which compares it.
 * - `hub-24745.json`: `run --sources models,tags,benchmarks` of the replica of the Hub (`node demo/hub/main.ts --data
 *   FILE`) with the 24,745 models of the data for building and testing.
 *
 * Both follow from the tables of 4fba271, before the rooms were laid anew: row for row the same in its columns,
 * but for what the commit that renewed them lists.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, type Duplex } from 'node:stream';
import { parseArgs } from 'node:util';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Columns that are not compared, `table.path` or `*.path`, and why. */
const LEFT_OUT: Record<string, string> = {
  '*.run': 'id of the run',
  '*.captured_at': 'when a page was read',
  '*.snapshot_date': 'the day of it',
  'usage.update_time': 'when the list was read',
  'aliases.seen_at': 'when it was seen',
  'missed.at': 'when it was asked for',
  'runs.started_at': 'time of the run',
  'runs.finished_at': 'time of the run',
  'runs.version': 'of the program',
  'runs.schema_version': 'the same',
  'runs.sources.requests': 'how a list is walked is the business of the program',
  'runs.sources.pages': 'the same',
  'runs.sources.seconds': 'time of the run',
  'runs.sources.bytes': 'of its captures',
  'runs.seconds': 'time of the run',
  'runs.bytes': 'of its captures',
  'runs.config_hash': 'of settings, with folders and addresses',
  'core_model.observed_at': 'when the list was read',
};

/** Columns that name a row, where a table has them: differing rows are shown in pairs by these. */
const NAMING = ['_id', 'id', 'board', 'entry_id', 'metric', 'type', 'table', 'rule', 'source'];

type Row = Record<string, unknown>;
/** By table, the names with blanks between. */
type Columns = Record<string, string>;
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    without: { type: 'string', default: '' },
    rows: { type: 'string', default: '3' },
  },
});
const leftOut = new Set(Object.keys(LEFT_OUT));
for (const column of given.without.split(',')) leftOut.add(`*.${column}`);
const isLeftOut = (at: string) => leftOut.has(at) || leftOut.has(at.replace(/^[^.]*/, '*'));

/** The files of each table in a folder and in the folders within it, by name. */
function filesIn(folder: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const table = /^(.+?)(?:-\d+)?\.jsonl(?:\.gz|\.zst)?$/.exec(name)?.[1];
    if (table === undefined || !table.startsWith(given.only)) continue;
    found.set(table, [...(found.get(table) ?? []), path.join(folder, name)]);
  }
  if (found.size > 0) return found;
  throw new Error(`${folder} has no table files (.jsonl, .jsonl.gz, .jsonl.zst)`);
}

/** Text of a file. Node's zstd ends with the first frame and says nothing of those behind it (24.21). */
async function* textsOf(file: string): AsyncGenerator<string> {
  const packed = file.endsWith('.zst') || file.endsWith('.gz');
  for (let bytes = readFileSync(file); bytes.length > 0;) {
    const unpack = file.endsWith('.zst') ? createZstdDecompress() : createGunzip();
    const stream: Duplex = packed ? unpack : new PassThrough();
    stream.end(bytes);
    for await (const text of stream.setEncoding('utf8')) yield String(text);
    bytes = bytes.subarray(packed ? unpack.bytesWritten : bytes.length);
  }
}

/** Lines of a file. `node:readline` would also end them at U+2028, which JSON has within texts. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of textsOf(file)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function canonical(value: unknown, where: string): unknown {
  if (Array.isArray(value)) return value.map((it) => canonical(it, where));
  if (typeof value === 'string') return value.replaceAll(/(?<=127\.0\.0\.1):\d+/g, '');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, it]) => [key, it, `${where}.${key}`] as const)
    .filter(([, it, at]) => it !== null && !isLeftOut(at))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, it, at]) => [key, canonical(it, at)] as const);
  return Object.fromEntries(entries);
}

/** The rows of a table, with those columns, all when none are given. */
async function* rowsOf(
  table: string,
  files: readonly string[] = [],
  columns?: string,
): AsyncGenerator<Row> {
  const wanted = columns === undefined ? null : new Set(columns.split(' '));
  for (const file of files) {
    for await (const line of linesOf(file)) {
      const row = canonical(JSON.parse(line), path.basename(table)) as Row; // a line is an object
      yield wanted === null
        ? row
        : Object.fromEntries(Object.entries(row).filter(([it]) => wanted.has(it)));
    }
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function hashesOf(...given: Parameters<typeof rowsOf>): Promise<string[]> {
  const hashes: string[] = [];
  for await (const row of rowsOf(...given)) hashes.push(hashOf(JSON.stringify(row)));
  return hashes.sort();
}

/** The columns of each table, whatever folder it is in. */
async function columnsOf(folder: string): Promise<Columns> {
  const found = new Map<string, Set<string>>();
  for (const [table, files] of filesIn(folder)) {
    const columns = found.get(path.basename(table)) ?? new Set();
    found.set(path.basename(table), columns);
    for await (const row of rowsOf(table, files))
      for (const it of Object.keys(row)) columns.add(it);
  }
  const filled = [...found].filter(([, it]) => it.size > 0);
  return Object.fromEntries(filled.map(([table, it]) => [table, [...it].sort().join(' ')]));
}

/** "ROWS DIGEST" of each table, over those columns. */
async function digestsOf(folder: string, columns: Columns): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [table, files] of filesIn(folder)) {
    const hashes = await hashesOf(table, files, columns[path.basename(table)]);
    if (hashes.length > 0)
      digests[table] = `${hashes.length} ${hashOf(hashes.join()).slice(0, 16)}`;
  }
  return digests;
}

/** The rows of a table that a folder has and another has not, by what names them. */
async function rowsMissing(table: string, [folder, other]: [string, string], columns?: string) {
  const known = new Set(await hashesOf(table, filesIn(other).get(table), columns));
  const found = new Map<string, Row>();
  for await (const row of rowsOf(table, filesIn(folder).get(table), columns)) {
    if (known.has(hashOf(JSON.stringify(row)))) continue;
    let name = JSON.stringify(NAMING.flatMap((it) => row[it] ?? []));
    while (found.has(name)) name += '+';
    found.set(name, row);
  }
  return found;
}

async function showRows(table: string, [here, there]: [string, string], columns?: string) {
  const ours = await rowsMissing(table, [here, there], columns);
  const theirs = await rowsMissing(table, [there, here], columns);
  if (ours.size + theirs.size === 0) console.log('  the same rows, but not as often');
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  for (const name of [...names].slice(0, Number(given.rows))) {
    const [a, b] = [ours.get(name), theirs.get(name)];
    console.log(`  ${name}${a && b ? '' : ` only in ${a ? here : there}`}`);
    for (const key of Object.keys({ ...a, ...b })) {
      const texts = [a, b].flatMap((it) => (it ? (JSON.stringify(it[key]) ?? 'nothing') : []));
      if (texts[0] === texts[1]) continue;
      const differ = (texts[0] ?? '').split('').findIndex((it, at) => it !== texts[1]?.charAt(at));
      const from = Math.max(0, differ - 100);
      console.log(`    ${key}: ${texts.map((it) => it.slice(from, from + 1000)).join(' | ')}`);
    }
  }
  console.log(`  rows only here: ${ours.size}, only there: ${theirs.size}`);
}

/** What a folder holds, or a file that keeps it. */
async function keptIn(there: string): Promise<{ columns: Columns; digests?: Columns }> {
  if (statSync(there).isDirectory()) return { columns: await columnsOf(there) };
  return JSON.parse(readFileSync(there, 'utf8')) as { columns: Columns; digests: Columns }; // by --json
}

/** The columns that are compared: of a folder those that both have, of a file all; tells of the others. */
function comparable(here: Columns, there: Columns, isFile: boolean): Columns {
  const compared: Columns = {};
  for (const table of Object.keys({ ...here, ...there })) {
    const [ours, theirs] = [here, there].map((it) => it[table]?.split(' '));
    if (!theirs) console.log(`${table} came since: not compared`);
    if (!theirs || !ours) continue;
    const came = ours.filter((it) => !theirs.includes(it)).join(' ');
    const gone = theirs.filter((it) => !ours.includes(it)).join(' ');
    if (came) console.log(`${table} has new columns: ${came}`);
    if (gone) console.log(`${table} has no more: ${gone}`);
    compared[table] = theirs.filter((it) => isFile || ours.includes(it)).join(' ');
  }
  return compared;
}

async function compare(here: string, there: string): Promise<number> {
  const kept = await keptIn(there);
  const columns = comparable(await columnsOf(here), kept.columns, kept.digests !== undefined);
  const found = await digestsOf(here, columns);
  const expected = kept.digests ?? (await digestsOf(there, columns));
  const names = Object.keys({ ...found, ...expected })
    .filter((it) => it.startsWith(given.only))
    .filter((it) => path.basename(it) in kept.columns);
  const differing = names.filter((it) => found[it] !== expected[it]);
  for (const table of differing) {
    const counts = [found, expected].map((it) => it[table]?.split(' ')[0] ?? 0);
    console.log(`${table} differs: ${counts.join(' rows here, ')} there`);
    if (!kept.digests && found[table] && expected[table])
      await showRows(table, [here, there], columns[path.basename(table)]);
  }
  console.log(`${names.length - differing.length} of ${names.length} tables are the same`);
  return differing.length === 0 ? 0 : 1;
}

const [folder] = positionals;
if (folder === undefined) throw new Error('which folder? See the head of this file');
if (given.against !== undefined) process.exitCode = await compare(folder, given.against);
else {
  const columns = await columnsOf(folder);
  const digests = await digestsOf(folder, columns);
  if (given.json) console.log(JSON.stringify({ columns, digests }, null, 2));
  else for (const [it, digest] of Object.entries(digests)) console.log(it, digest);
}
