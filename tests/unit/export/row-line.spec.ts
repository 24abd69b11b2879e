import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { cleanModel } from '../../../src/clean/repos.ts';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import { cleanBoard } from '../../../src/boards/rows/clean-board.ts';
import { UNRESOLVED } from '../../../src/boards/rows/rows.ts';
import { parsePage } from '../../../src/clean/parse-page.ts';
import { tables as allTables, tablesOf } from '../../../src/tables/index.ts';
import { rowLine, RowRefused } from '../../../src/export/row-line.ts';
import type { Table } from '../../../src/tables/table.ts';
import { realBoardRows, realModels, snapshotOf } from './captured.ts';

const AT = '2026-11-23T10:00:00.000Z';

/** The line of a row, or undefined when it is refused. */
function lineOf(table: Table, row: unknown): string | undefined {
  try {
    return rowLine(table, row as object);
  } catch (error) {
    if (error instanceof RowRefused) return undefined;
    throw error;
  }
}

/** The same line as JSON.stringify writes numbers: a float has a point in ours. */
const plain = (line: string | undefined): string | undefined =>
  line === undefined ? undefined : `${JSON.stringify(JSON.parse(line))}\n`;

/** What zod and the engine make of it: keys in the schema's order, nulls left out. */
function expectedLine(table: Table, row: unknown): string | undefined {
  const checked = table.row.safeParse(row);
  return checked.success ? `${JSON.stringify(withoutNulls(checked.data))}\n` : undefined;
}

/** Leaves the inside of JSON columns alone: `raw` is the only one. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, it]) => it !== null);
  return Object.fromEntries(kept.map(([key, it]) => [key, key === 'raw' ? it : withoutNulls(it)]));
}

async function realRowsOf(count: number): Promise<{ table: Table; row: object }[]> {
  const context = { tags: new Map(), observedAt: AT, readAt: AT };
  const models = (await realModels()).slice(0, count).flatMap((text) => {
    const cleaned = cleanModel(parsePage(text)[0], context);
    return cleaned.ok ? [cleaned.record] : [];
  });
  const boards = cleanBoard(
    snapshotOf((await realBoardRows()).slice(0, 20)),
    { run: 'r1', capturedAt: AT, resolve: () => UNRESOLVED },
    openLlm,
  );
  const tableOf = (name: string) => allTables.filter((table) => table.name === name);
  const all = [
    ...tablesOf('model').map(({ table, rows }) => ({
      table,
      rows: models.flatMap((model) => rows(model, context)),
    })),
    ...tableOf('leaderboard').map((table) => ({ table, rows: boards.leaderboard })),
    ...tableOf('leaderboard_entries').map((table) => ({ table, rows: boards.entries })),
    ...tableOf('leaderboard_scores').map((table) => ({ table, rows: boards.scores })),
  ];
  return all.flatMap(({ table, rows }) => rows.map((row) => ({ table, row })));
}

test('a line is what zod and JSON.stringify make of the row', async () => {
  const rows = await realRowsOf(200);
  expect(rows.length).toBeGreaterThan(1000);
  for (const { table, row } of rows)
    expect(plain(lineOf(table, row))).toBe(expectedLine(table, row));
});

/** Every place in a value: the containers and keys that lead there. */
function placesOf(value: unknown, places: [object, string][] = []): [object, string][] {
  if (typeof value !== 'object' || value === null) return places;
  for (const key of Object.keys(value)) {
    places.push([value, key]);
    placesOf(Reflect.get(value, key), places);
  }
  return places;
}

test('it refuses exactly the rows that zod refuses', async () => {
  const rows = await realRowsOf(60);
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      0,
      -0,
      1.5,
      2 ** 53,
      1e300,
      NaN,
      Infinity,
      '',
      'text',
      [],
      {},
      [null],
      7n,
    ),
    fc.constantFrom(
      '\ud800',
      'a\ud800b'.padEnd(90, 'x'),
      '2026-02-30',
      '2024-02-29',
      '2026-11-23T10:00:00Z',
      AT,
      '🤗"\\\u0001',
      'a\\b',
      'say "a"',
      'tab\t',
      '\u007f',
      'x'.repeat(70),
    ),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  const change = fc.constantFrom('set', 'delete', 'add');
  fc.assert(
    fc.property(fc.tuple(fc.nat(), fc.nat(), change, value), ([which, where, how, replacement]) => {
      const { table, row } = rows[which % rows.length] ?? { table: undefined, row: {} };
      if (table === undefined) return;
      const copy = structuredClone(row);
      const places = placesOf(copy);
      const [container, key] = places[where % places.length] ?? [copy, 'id'];
      if (
        key === 'raw' ||
        places.some(([at, name]) => name === 'raw' && Reflect.get(at, name) === container)
      )
        return;
      if (how === 'delete' && !Array.isArray(container)) Reflect.deleteProperty(container, key);
      else Reflect.set(container, how === 'add' ? `${key}x` : key, replacement);
      expect(plain(lineOf(table, copy))).toBe(expectedLine(table, copy));
    }),
    { seed: 7, numRuns: 1000 },
  );
});

test('a float has a point or an exponent, a whole number never', () => {
  const usage = allTables.find(({ name }) => name === 'usage') as Table;
  const row = {
    ...{ _id: 'x', id: 'a/b', update_time: AT, downloads: 7, downloads_all_time: null, likes: 0 },
  };
  const score = (value: number) => lineOf(usage, { ...row, trending_score: value });
  expect(score(0)).toContain('"downloads":7,');
  expect(
    [0, 0.5, -3, 1e21, 1e-7].map((it) => /"trending_score":([^,}]*)/.exec(score(it) ?? '')?.[1]),
  ).toEqual([...['0.0', '0.5', '-3.0', '1e+21', '1e-7']]);
});
