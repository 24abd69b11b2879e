import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { join } from 'node:path';
import { compareSnapshots } from '../../../src/boards/history.ts';
import { column, model, score, tableBoard } from '../../../src/boards/table-board.ts';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
import { boardOfDay, withoutColumn } from '../../helpers/board-days.ts';
import { inputOf, withTemporaryFolder, writeBoards } from '../export/captured.ts';
import { someRows } from './reading.ts';
import { shownSnapshot, tableSnapshot, type TextRow } from './table-reading.ts';

const SCORES = ['Average ⬆️', 'IFEval', 'BBH', 'MATH Lvl 5', 'GPQA', 'MUSR', 'MMLU-PRO'];

const board = tableBoard({
  id: 'open-llm-v2-day',
  title: 'Open LLM Leaderboard on a day',
  url: 'http://127.0.0.1/',
  renderer: 'gradio',
  licence: 'not stated',
  identity: ['model', 'precision', 'sha'],
  minimumRows: 1,
  columns: [
    model(),
    column('Precision', 'precision'),
    column('Model sha', 'sha'),
    ...SCORES.map((header) => score(header, header.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'))),
    column('Hub ❤️', 'likes', { kind: 'number' }),
  ],
});

const october = await boardOfDay('2024-10-09');
const december = await boardOfDay('2024-12-10');
const before = tableSnapshot(board.id, october);
const after = tableSnapshot(board.id, december);

test.describe('compareSnapshots', () => {
  test('tells what two months did to the real board', () => {
    const { examples, ...counts } = compareSnapshots(before, after, board);

    // Counted by another program, over the same two files.
    expect(counts).toEqual({
      added: 15,
      removed: 3,
      revised: 97,
      headers: { added: [], removed: [] },
    });
    expect(examples.revised).toHaveLength(20);
    const calme =
      'dfurman/CalmeRys-78B-Orpo-v0.1 | bfloat16 | 7988deb48419c3f56bb24c139c23e5c476ec03f8';
    expect(examples.revised[0]).toEqual({
      identity: calme,
      column: 'average_',
      before: 50.78,
      after: 51.24,
    });
    expect(examples.removed).toHaveLength(3);
  });

  test('tells nothing of a board that did not change, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(october, { minLength: october.length }), (rows) => {
        const changes = compareSnapshots(before, tableSnapshot(board.id, rows), board);
        expect(changes).toMatchObject({ added: 0, removed: 0, revised: 0 });
      }),
    );
  });

  test('counts each added, removed and revised one, whichever they are', () => {
    const cell = fc.record({ at: fc.nat(october.length - 1), header: fc.constantFrom(...SCORES) });
    const keyOf = ({ at, header }: { at: number; header: string }) => `${at} ${header}`;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(october.length - 1), { maxLength: 20 }),
        fc.uniqueArray(cell, { selector: keyOf, maxLength: 60 }),
        fc.nat(9),
        (gone, cells, news) => {
          const changed = new Set(cells.map(keyOf));
          const kept = october.flatMap((row, at) => {
            if (gone.includes(at)) return [];
            const entries = Object.entries(row).map(([header, text]) => [
              header,
              changed.has(keyOf({ at, header })) ? `${Number(text) + 1}` : text,
            ]);
            return [Object.fromEntries(entries) as TextRow];
          });
          const added = Array.from({ length: news }, (_unused, at) => ({
            ...october[0],
            Model: `new/${at}`,
          }));
          const changes = compareSnapshots(
            before,
            tableSnapshot(board.id, [...added, ...kept]),
            board,
          );
          expect(changes).toMatchObject({
            added: news,
            removed: gone.length,
            revised: cells.filter(({ at }) => !gone.includes(at)).length,
          });
        },
      ),
    );
  });

  test('a score that appears or vanishes in a row is revised; a new column is not', () => {
    const [first = {}, ...rest] = october;
    const without = tableSnapshot(board.id, [{ ...first, BBH: '-' }, ...rest]);
    const [revised] = compareSnapshots(before, without, board).examples.revised;
    expect(revised).toMatchObject({ column: 'bbh', before: 61.92, after: null });
    expect(compareSnapshots(without, before, board).revised).toBe(1);

    const older = october.map((row) => withoutColumn(row, 'BBH'));
    expect(compareSnapshots(tableSnapshot(board.id, older), before, board)).toMatchObject({
      revised: 0,
      headers: { added: ['BBH'], removed: [] },
    });
  });

  test('reads a page that nobody described by what was found out of it', () => {
    const shown = (rows: readonly TextRow[]) => shownSnapshot('x', rows);

    // December lists a model twice, October none: both are read by what tells December's rows apart.
    expect(compareSnapshots(shown(october), shown(december))).toMatchObject({
      added: 15,
      removed: 3,
    });
  });

  test('reads a board by its definition, and rounds nothing', () => {
    const loaded = (rows: unknown[]) => ({ ...before, board: openLlm.id, loaded: rows });
    const [first, ...rest] = someRows;
    // A row of our own data file: the shape is known.
    const { evaluations, ...row } = first as { evaluations: { bbh: { normalized_score: number } } };
    const bbh = { ...evaluations.bbh, normalized_score: evaluations.bbh.normalized_score + 1e-6 };
    const other = [{ ...row, evaluations: { ...evaluations, bbh } }, ...rest];

    const { revised, examples } = compareSnapshots(loaded(someRows), loaded(other), openLlm);

    expect(revised).toBe(2);
    expect(examples.revised.map(({ column: it }) => it)).toEqual(['average', 'bbh']);
  });

  test('is total: anything that was captured can be compared', () => {
    const row = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('Model', 'BBH'), fc.record({ text: fc.string() })),
    );
    const rows = fc.array(row, { maxLength: 8 });
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (old, now, described) => {
        const changes = compareSnapshots(
          { ...before, loaded: old },
          { ...after, loaded: now },
          described ? board : undefined,
        );
        expect(changes.added).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test('two runs leave both days in the warehouse, where a query finds what was revised', async () => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, 'hub.duckdb');
    const storage = join(folder, 'storage');
    const release = async (run: string, day: string, rows: TextRow[]) => {
      const dataset = `boards-${run}`;
      await writeBoards(storage, dataset, [tableSnapshot(board.id, rows)]);
      const startedAt = `${day}T09:00:00.000Z`;
      const finishedAt = `${day}T11:00:00.000Z`;
      const input = inputOf(
        storage,
        { boards: dataset },
        { run, startedAt, finishedAt, boards: [board] },
      );
      const out = join(folder, 'exports', run);
      const manifest = await exportRun(input, { out, compress: 'zstd' });
      await buildDuckdb({ manifest, exportDir: out, path, keepBackups: 1 });
    };

    await release('a', '2024-10-09', october);
    await release('b', '2024-12-10', december);

    const [found] = await queryDuckdb(
      path,
      `SELECT count(*) FILTER (a.value <> b.value) AS revised, count(*) AS both
       FROM huggingface.leaderboard_scores a JOIN huggingface.leaderboard_scores b
       USING (board, entry_id, metric)
       WHERE a.snapshot_date = '2024-10-09' AND b.snapshot_date = '2024-12-10'`,
    );
    expect(found).toEqual({ revised: 97, both: 50 * SCORES.length });
    const days = await queryDuckdb(
      path,
      `SELECT snapshot_date::VARCHAR AS "day", count(*) AS n FROM huggingface.leaderboard_entries
       WHERE board = '${board.id}' GROUP BY ALL ORDER BY 1`,
    );
    expect(days).toEqual([
      { day: '2024-10-09', n: october.length },
      { day: '2024-12-10', n: december.length },
    ]);
  });
});
