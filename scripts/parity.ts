import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createStore, readEntries } from '../demo/hub/store.ts';
import { buildVocabulary } from '../demo/hub/vocabulary.ts';
import type { CleanContext } from '../src/clean/cleaner.ts';
import { cleanModel } from '../src/clean/repos.ts';
import { parsePage } from '../src/clean/parse-page.ts';
import { cleanTags } from '../src/clean/tags.ts';
import { tablesOf } from '../src/tables/index.ts';
import { temporaryFolder } from '../tests/helpers/fixtures.ts';
import { agrees } from '../tests/unit/clean/support/agrees.ts';
import { COLUMNS, originalRows, valuesOf, type Row } from './parity/original-tables.ts';
import { WHY } from './parity/why.ts';

/**
 * Our tables against those of the original, column by column, over the same records:
 *
 *     node scripts/parity.ts ORIGINAL [--models FILE.jsonl.gz] [--markdown] [--show table.column…]
 *
 * ORIGINAL is a checkout of georgetown-cset/huggingface-etl at f7b5c5d. Python 3 runs its cleaner, a record at
 * a time, since one on which it throws would end it; what its SQL does is in `parity/original-tables.ts`. A
 * model counts once in each column, with what the column says of it in all of its rows; texts are compared
 * as JSON, and one value is the same as a list of it. Exit code 1 when a column differs and
 * `parity/why.ts` does not say why.
 */
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string', default: 'demo/data/models.jsonl.gz' },
    markdown: { type: 'boolean', default: false },
    show: { type: 'string' },
  },
});

/** What the original's cleaner makes of each record; null where it throws. */
const CLEANER = `
import io, json, sys
sys.path.insert(0, sys.argv[1])
import clean_data
tags = clean_data.read_tag_data(sys.argv[2])
for line in open(sys.argv[3], encoding='utf-8', newline='\\n'):
    clean_data.open = lambda *_: io.StringIO(line, newline='\\n')
    try:
        made = clean_data.fix_data('', tags)[0]
    except Exception:
        made = None
    print(json.dumps(made))
`;

interface Count {
  equal: number;
  /** Only we say something, only the original does, both do and differ. */
  onlyOurs: number;
  onlyTheirs: number;
  other: number;
}

async function main(original: string): Promise<void> {
  const lines = gunzipSync(readFileSync(given.models)).toString('utf8').trimEnd().split('\n');
  const vocabulary = buildVocabulary(createStore(await readEntries(given.models)));
  const { vocabulary: tags } = cleanTags(JSON.parse(JSON.stringify(vocabulary)), 'model');
  const at = '2026-11-23T00:00:00.000Z';
  const context = { tags, observedAt: at, readAt: at };
  const theirs = await cleanedByOriginal(original, lines, [...tags.values()]);
  const counts = new Map<string, Count>();
  let threw = 0;
  for (const [at, record] of theirs.entries()) {
    if (record === null) threw += 1;
    else compare(record, ourRows(lines[at] ?? '', context), counts);
  }
  console.log(`${lines.length} models; the original throws on ${threw}, which are not compared\n`);
  print(counts);
}

async function cleanedByOriginal(original: string, lines: string[], tags: object[]) {
  const { folder, remove } = await temporaryFolder();
  try {
    const write = (name: string, texts: string[]): string => {
      writeFileSync(path.join(folder, name), `${texts.join('\n')}\n`);
      return path.join(folder, name);
    };
    const tagFile = write(
      'tags.jsonl',
      tags.map((it) => JSON.stringify(it)),
    );
    const scripts = path.join(original, 'huggingface_scripts');
    const args = ['-c', CLEANER, scripts, tagFile, write('models.jsonl', lines)];
    const made = execFileSync('python3', args, { maxBuffer: 2 ** 30, encoding: 'utf8' });
    const texts = made.trimEnd().split('\n');
    return texts.map((text) => JSON.parse(text) as Row | null);
  } finally {
    await remove();
  }
}

function ourRows(line: string, context: CleanContext): Record<string, Row[]> {
  const [record] = parsePage(`[${line}]`);
  const cleaned = cleanModel(record, context);
  if (!cleaned.ok) throw new Error(`refused: ${cleaned.detail}`);
  return Object.fromEntries(
    tablesOf('model').map(({ table, rows }) => [table.name, rows(cleaned.record, context)]),
  );
}

function compare(record: Row, ours: Record<string, Row[]>, counts: Map<string, Count>): void {
  const theirs = originalRows(record);
  for (const [table, columns] of Object.entries(COLUMNS)) {
    for (const column of columns) {
      const name = `${table}.${column}`;
      const a = valuesOf(theirs[table] ?? [], column);
      const b = valuesOf(ours[table] ?? [], column);
      const count = counts.get(name) ?? { equal: 0, onlyOurs: 0, onlyTheirs: 0, other: 0 };
      counts.set(name, count);
      const kind = kindOf(a, b);
      count[kind] += 1;
      if (kind !== 'equal' && given.show !== undefined && name.startsWith(given.show))
        console.log(name, kind, record['id'], JSON.stringify(a).slice(0, 400), JSON.stringify(b));
    }
  }
}

function kindOf(theirs: unknown[], ours: unknown[]): keyof Count {
  const [one, other] = [theirs[0], ours[0]];
  if (theirs.length === 1 && ours.length === 1) return agrees(one, other) ? 'equal' : 'other';
  const isIn = (values: unknown[], flip: boolean) => (it: unknown) =>
    values.some((value) => (flip ? agrees(value, it) : agrees(it, value)));
  if (theirs.every(isIn(ours, false)) && ours.every(isIn(theirs, true))) return 'equal';
  if (theirs.length === 0) return 'onlyOurs';
  return ours.length === 0 ? 'onlyTheirs' : 'other';
}

function print(counts: ReadonlyMap<string, Count>): void {
  const head = ['column', 'equal', 'only ours', 'only the original’s', 'differ', 'why'];
  const rows = [...counts].map(([name, { equal, onlyOurs, onlyTheirs, other }]) => {
    const differing = onlyOurs + onlyTheirs + other;
    const why = differing === 0 ? '' : (WHY[name] ?? 'NOT EXPLAINED');
    return [name, ...[equal, onlyOurs, onlyTheirs, other].map(String), why];
  });
  const line = (cells: string[]) =>
    given.markdown
      ? `| ${cells.join(' | ')} |`
      : cells.map((it, at) => (at === 0 ? it.padEnd(36) : it.padStart(10))).join(' ');
  console.log(line(head));
  if (given.markdown) console.log(line(head.map(() => '---')));
  for (const cells of rows) console.log(line(cells));
  process.exitCode = rows.some((cells) => cells.includes('NOT EXPLAINED')) ? 1 : 0;
}

const [original] = positionals;
if (original === undefined) throw new Error('where is the original? See the head of this file');
await main(original);
