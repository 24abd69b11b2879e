import fc from 'fast-check';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  acceptChange,
  memoryFile,
  readMemory,
  writeMemory,
} from '../../../src/pipeline/board-memory.ts';
import { compareWithLast, type BoardMemory } from '../../../src/boards/last-good.ts';
import { shapeOf } from '../../../src/boards/shape.ts';
import { column, model, score, tableBoard } from '../../../src/boards/table-board.ts';
import { asFound, inferBoard } from '../../../src/boards/infer.ts';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import { withoutColumn as without } from '../../helpers/board-days.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { goodReading } from './reading.ts';
import { MEMORY } from './run-states.ts';
import { loadedReading, shownReading, type TextRow } from './table-reading.ts';

const ROWS = 40;
const rowsOf = (count: number, change: (row: TextRow, at: number) => TextRow = (it) => it) =>
  Array.from({ length: count }, (_unused, at) =>
    change(
      {
        Model: `org/model-${at}`,
        Average: (20 + (at % 40)).toFixed(2),
        Cost: `${at + 1}`,
        Official: at % 2 === 0 ? 'yes' : 'no',
        Licence: at % 3 === 0 ? 'mit' : 'apache-2.0',
      },
      at,
    ),
  );

const described = tableBoard({
  id: 'b',
  title: 'b',
  url: 'http://127.0.0.1/',
  renderer: 'html',
  licence: 'none',
  identity: ['model'],
  minimumRows: 1,
  columns: [
    model(),
    score('Average', 'average', { aliases: ['Mean'] }),
    score('Cost', 'cost', { required: false }),
    column('Official', 'official', { kind: 'boolean' }),
    column('Licence', 'licence', { required: false }),
  ],
});

const shape = (rows: readonly TextRow[]) => shapeOf(described, loadedReading(rows), 'html');

const undescribedShape = (rows: readonly TextRow[]) => {
  const reading = shownReading(rows);
  const found = inferBoard({ id: 'b', url: 'http://127.0.0.1/' }, 'html', reading);
  return shapeOf(asFound(found), reading, 'html');
};

const memoryOf = (
  now: ReturnType<typeof shape>,
  facts: Partial<BoardMemory> = {},
): BoardMemory => ({
  ...{ ...MEMORY, board: 'b', run: '20261101t000000z' },
  ...now,
  ...facts,
});

const last = memoryOf(shape(rowsOf(ROWS)));
const lastUndescribed = memoryOf(undescribedShape(rowsOf(ROWS)));
const against = (rows: readonly TextRow[]) => compareWithLast(last, shape(rows), true);
const againstUndescribed = (rows: readonly TextRow[]) =>
  compareWithLast(lastUndescribed, undescribedShape(rows), false);

const renamed = (row: TextRow, from: string, to: string): TextRow =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name === from ? to : name, text]));

test.describe('a board beside its last good capture', () => {
  test('is the same in any order of rows and columns, with other scores of the same kind', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(rowsOf(ROWS), { minLength: ROWS }),
        fc.shuffledSubarray(Object.keys(rowsOf(1)[0] ?? {}), { minLength: 5 }),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: ROWS, maxLength: ROWS }),
        (rows, headers, noise) => {
          const now = rows.map((row, at) => {
            const average = (Number(row['Average']) + (noise[at] ?? 0)).toFixed(2);
            return Object.fromEntries(
              headers.map((header) => [
                header,
                header === 'Average' ? average : (row[header] ?? ''),
              ]),
            );
          });
          expect(against(now)).toEqual({ diff: [], warnings: [] });
          expect(againstUndescribed(now)).toEqual({ diff: [], warnings: [] });
        },
      ),
    );
  });

  test('is refused with fewer than 90 % of its rows, and not with 90 %', () => {
    expect(against(rowsOf(36)).diff).toEqual([]);
    expect(against(rowsOf(35)).diff).toEqual([
      {
        what: 'rows',
        expected: 'at least 36: 90 % of the 40 of run 20261101t000000z',
        found: '35',
      },
    ]);
    expect(againstUndescribed(rowsOf(35)).diff).toHaveLength(1);
    expect(against(rowsOf(400)).diff).toEqual([]);
  });

  test('may have a new column: a warning where nobody described it', () => {
    const now = rowsOf(ROWS, (row, at) => ({ ...row, Arena: `${1000 + at}` }));

    expect(againstUndescribed(now)).toEqual({
      diff: [],
      warnings: ['The page has new columns since run 20261101t000000z: "Arena"'],
    });
    // `matchHeaders` warns of it, by the definition.
    expect(against(now)).toEqual({ diff: [], warnings: [] });
  });

  test('is refused without any column that was there, where nobody described it', () => {
    for (const header of ['Average', 'Cost', 'Official', 'Licence']) {
      const gone = againstUndescribed(rowsOf(ROWS, (row) => without(row, header)));
      expect(gone.diff, header).toEqual([
        {
          what: 'column',
          where: header,
          expected: `${header}, as in run 20261101t000000z`,
          found: 'no such header',
        },
      ]);
      const other = againstUndescribed(rowsOf(ROWS, (row) => renamed(row, header, 'Other')));
      expect(other.diff[0]?.found, header).toBe('no such header, but new: "Other"');
    }
  });

  test('may call a described column by its alias, and lose one that is not required', () => {
    expect(against(rowsOf(ROWS, (row) => renamed(row, 'Average', 'Mean'))).diff).toEqual([]);
    expect(against(rowsOf(ROWS, (row) => without(row, 'Licence')))).toEqual({
      diff: [],
      warnings: [expect.stringContaining('Licence: column: expected Licence, as in run')],
    });
  });

  const retyped: [string, (at: number) => string, string, string][] = [
    ['Average', () => 'see paper', 'number', 'text'],
    ['Average', (at) => `${20 + at} %`, 'number', 'percent'],
    ['Average', (at) => (at % 2 === 0 ? 'yes' : 'no'), 'number', 'boolean'],
    ['Official', () => '2026-01-01', 'boolean', 'date'],
    ['Model', (at) => `${at}.5`, 'text', 'number'],
  ];
  for (const [header, text, was, is] of retyped) {
    test(`is refused when ${header} held ${was} and holds ${is}`, () => {
      const now = rowsOf(ROWS, (row, at) => ({ ...row, [header]: text(at) }));
      const difference = { what: 'kind of values', where: header, expected: was, found: is };

      expect(against(now).diff).toEqual([difference]);
    });
  }

  test('is refused when a column has become empty', () => {
    const now = rowsOf(ROWS, (row) => ({ ...row, Official: '-' }));

    expect(against(now).diff).toEqual([
      { what: 'values', where: 'Official', expected: 'booleans', found: 'none' },
    ]);
  });

  test('is refused when a score is the same in every row, or in another unit', () => {
    const refused = (text: (average: number) => string) => {
      const now = rowsOf(ROWS, (row) => ({ ...row, Average: text(Number(row['Average'])) }));
      const here = againstUndescribed(now).diff;
      expect(here).toEqual(against(now).diff);
      return here[0]?.expected;
    };

    expect(refused(() => '12.5')).toBe('different ones');
    expect(refused((it) => (it / 100).toFixed(4))).toBe('about 20 to 59, half of them above 40');
    expect(refused((it) => `${it * 100}`)).toBe('about 20 to 59, half of them above 40');
    expect(refused((it) => `${it - 100}`)).toBe('about 20 to 59, half of them above 40');
    expect(refused((it) => `${it + 3}`)).toBeUndefined();
  });

  test('one row with an impossible score is no other unit: the definition has a range for that', () => {
    const now = rowsOf(ROWS, (row, at) => (at === 7 ? { ...row, Average: '5000' } : row));

    expect(against(now).diff).toEqual([]);
  });

  test('is taken whatever it looks like once its change was accepted by hand', () => {
    const now = shape(rowsOf(3, (row) => without(row, 'Cost')));

    expect(compareWithLast(last, now, true).diff).not.toEqual([]);
    expect(compareWithLast({ ...last, isAccepted: true }, now, true)).toEqual({
      diff: [],
      warnings: [],
    });
  });

  test('of few rows or cells tells nothing about its columns', () => {
    const few = memoryOf(shape(rowsOf(4)));
    const now = shape(rowsOf(4, (row) => ({ ...row, Average: 'none yet', Official: '-' })));

    expect(compareWithLast(few, now, true).diff).toEqual([]);
  });

  test('has a shape whatever its rows are', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('1', '50 %', 'true', '2026-01-01', '-'));
    fc.assert(
      fc.property(
        fc.array(fc.record({ Model: text, Average: text, Official: text }), { maxLength: 30 }),
        (rows) => {
          const now = shapeOf(
            tableBoard({
              id: 'b',
              title: 'b',
              url: '',
              renderer: 'r',
              licence: '',
              identity: ['model'],
              minimumRows: 1,
              columns: [model(), score('Average', 'average'), column('Official', 'official')],
            }),
            loadedReading(rows),
            'r',
          );
          expect(compareWithLast(memoryOf(now), now, true).diff).toEqual([]);
          expect(compareWithLast(memoryOf(now), now, false).diff).toEqual([]);
        },
      ),
    );
  });
});

test('the shape of a board that is made of records has their values', () => {
  const { rows, columns, identity } = shapeOf(openLlm, goodReading(), 'open-llm');

  const average = columns.find(({ name }) => name === 'average');
  expect(rows).toBe(21);
  expect(identity).toEqual(['entry_id']);
  expect(average).toMatchObject({ kind: 'percent', given: 21, score: true });
  expect(average?.range?.high).toBeGreaterThan(30);
  expect(columns.find(({ name }) => name === 'flagged')?.kind).toBe('boolean');
});

test.describe('the file of a board', () => {
  test('gives back what was written, and leaves nothing else', ({ folder }) => {
    expect(readMemory(folder, 'b')).toBeUndefined();

    const memory = memoryOf(shape(rowsOf(ROWS)), {
      before: { run: 'a', dataset: 'boards-a', n: 3 },
    });
    writeMemory(folder, memory);

    expect(readMemory(folder, 'b')).toEqual(memory);
    expect(readdirSync(join(folder, 'boards'))).toEqual(['b.json']);
  });

  test('of a kill that left half a new one is the old one', ({ folder }) => {
    writeMemory(folder, last);
    writeFileSync(`${memoryFile(folder, 'b')}.tmp`, '{"format": 1, "boa');

    expect(readMemory(folder, 'b')).toEqual(last);
    writeMemory(folder, { ...last, rows: 41 });
    expect(readMemory(folder, 'b')?.rows).toBe(41);
  });

  test('that is none of ours is said, not guessed; accepting removes it', ({ folder }) => {
    writeMemory(folder, last);
    for (const text of ['', 'no json', '{}', JSON.stringify({ ...last, format: 2 })]) {
      writeFileSync(memoryFile(folder, 'b'), text);
      expect(() => readMemory(folder, 'b')).toThrow(
        expect.objectContaining({ code: 'STORAGE_CORRUPT' }),
      );
    }

    expect(acceptChange(folder, 'b')).toBe(true);
    expect(readMemory(folder, 'b')).toBeUndefined();
    expect(acceptChange(folder, 'b')).toBe(false);
  });

  test('accepted keeps the capture, so that the next run still tells what changed', ({
    folder,
  }) => {
    writeMemory(folder, last);

    expect(acceptChange(folder, 'b')).toBe(true);
    expect(readMemory(folder, 'b')).toEqual({ ...last, isAccepted: true });
  });
});
