/**
 * Says whether two exports hold the same tables, and what of them differs. Exit code 1 when any does.
 *
 *     node scripts/compare-tables.ts DIR                     table, rows, sha256
 *     node scripts/compare-tables.ts DIR --json              the same as JSON, to be kept
 *     node scripts/compare-tables.ts DIR --against FILE      tables that differ from those kept
 *     node scripts/compare-tables.ts DIR --against OTHER     the same, and the first rows that differ
 *
 * `--only PREFIX`: of tables whose names begin so; `--without a,b`: these columns neither; `--rows N`.
 *
 * DIR is an export in JSONL, packed or not, or a folder of such folders, whose tables are then named
 * `folder/table`. Shards are one table; a table without rows is as none. A row is compared with its keys
 * in order, without nulls and without what tells of the run (LEFT_OUT). The digest of a table is the
 * SHA-256 of its rows' SHA-256s, sorted: the order of rows does not count, how often one is there does.
 * It imports nothing of src, so that it stays the same while src is rebuilt.
 *
 * The frozen digests in `scripts/frozen` are those of the program at ceb5bd9, before it was rebuilt. A
 * copy of that checkout served the Hub and the pages, each on a port that is the same in every run, as
 * addresses are part of the tables. Both were made twice, with equal digests.
 * - `hub-24745.json`: `run --sources models,tags,benchmarks` of the replica of the Hub with the 24,745
 *   models of the data for building and testing, and the benchmarks that it ships.
 * - `boards.json`: `run --sources boards --verify all`, a run and a folder a case. Named by a board: each
 *   that we follow, by its replica; `url-`: each kind of page by `--url`, in every generation of Gradio;
 *   `tables`: four boards in a run, plain and under each change that leaves a page exact; `with-models`:
 *   three boards beside the models that the Hub's replica ships. Open LLM v1 has all its 7,169 rows.
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
  'runs.sources.requests': 'how a list is walked is the business of the program',
  'runs.sources.pages': 'the same',
  'runs.sources.seconds': 'time of the run',
};

/** Kinds of pages by their names of today: the name that the frozen tables have. */
const RENAMED_KINDS: Record<string, string> = { html: 'html-table', 'open-llm': 'open-llm-react' };

/** Columns that name a row, where a table has them: differing rows are shown in pairs by these. */
const NAMING = ['_id', 'id', 'board', 'entry_id', 'metric', 'type', 'table', 'rule', 'source'];

type Row = Record<string, unknown>;
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
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, it]) => [key, it, `${where}.${key}`] as const)
    .filter(([, it, at]) => it !== null && !isLeftOut(at))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, it, at]) => [key, canonical(it, at)] as const);
  return Object.fromEntries(entries);
}

async function* rowsOf(table: string, files: readonly string[]): AsyncGenerator<Row> {
  const name = path.basename(table);
  for (const file of files) {
    for await (const line of linesOf(file)) {
      const row = canonical(JSON.parse(line), name) as Row; // a line of a table is an object
      const kind = row['renderer'];
      yield typeof kind === 'string' ? { ...row, renderer: RENAMED_KINDS[kind] ?? kind } : row;
    }
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function hashesOf(table: string, files: readonly string[] = []): Promise<string[]> {
  const hashes: string[] = [];
  for await (const row of rowsOf(table, files)) hashes.push(hashOf(JSON.stringify(row)));
  return hashes.sort();
}

async function digestsOf(folder: string) {
  const digests: Record<string, { rows: number; sha256: string }> = {};
  for (const [table, files] of filesIn(folder)) {
    const hashes = await hashesOf(table, files);
    if (hashes.length > 0) digests[table] = { rows: hashes.length, sha256: hashOf(hashes.join()) };
  }
  return digests;
}

/** The rows of a table that a folder has and another has not, by what names them. */
async function rowsMissing(table: string, folder: string, other: string) {
  const known = new Set(await hashesOf(table, filesIn(other).get(table)));
  const found = new Map<string, Row>();
  for await (const row of rowsOf(table, filesIn(folder).get(table) ?? [])) {
    if (known.has(hashOf(JSON.stringify(row)))) continue;
    let name = JSON.stringify(NAMING.flatMap((it) => row[it] ?? []));
    while (found.has(name)) name += '+';
    found.set(name, row);
  }
  return found;
}

async function showRows(table: string, [here, there]: [string, string]): Promise<void> {
  const ours = await rowsMissing(table, here, there);
  const theirs = await rowsMissing(table, there, here);
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

async function compare(here: string, there: string): Promise<number> {
  const isFolder = statSync(there).isDirectory();
  const found = await digestsOf(here);
  const kept = isFolder ? JSON.stringify(await digestsOf(there)) : readFileSync(there, 'utf8');
  const expected = JSON.parse(kept) as typeof found; // as --json writes it
  const names = Object.keys({ ...found, ...expected }).filter((it) => it.startsWith(given.only));
  const differing = names.filter((it) => found[it]?.sha256 !== expected[it]?.sha256);
  for (const table of differing) {
    const counts = [found, expected].map((it) => it[table]?.rows ?? 0);
    console.log(`${table} differs: ${counts.join(' rows here, ')} there`);
    if (isFolder) await showRows(table, [here, there]);
  }
  console.log(`${names.length - differing.length} of ${names.length} tables are the same`);
  return differing.length === 0 ? 0 : 1;
}

const [folder] = positionals;
if (folder === undefined) throw new Error('which folder? See the head of this file');
if (given.against !== undefined) process.exitCode = await compare(folder, given.against);
else {
  const digests = await digestsOf(folder);
  if (given.json) console.log(JSON.stringify(digests, null, 2));
  else for (const [it, { rows, sha256 }] of Object.entries(digests)) console.log(it, rows, sha256);
}
