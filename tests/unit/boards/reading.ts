import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import type { BoardDefinition } from '../../../src/boards/definition.ts';
import type { BoardReading } from '../../../src/boards/reading.ts';
import { readOpenLlmRows } from '../../../demo/open-llm/server.ts';

const FILTERS = [
  'precision=bfloat16,float16,4bit',
  'types=pretrained,continuously pretrained,fine-tuned,chat,merge,multimodal',
];

/** The board, without the checks that only all 4,576 rows pass. */
const { frozen, ...unfrozen } = openLlm;
export const smallBoard: BoardDefinition = { ...unfrozen, minimumRows: 10 };
export const FROZEN_ROWS = frozen?.rows;

export const realRows = await readOpenLlmRows();

/** Real rows, one of them with a type that the default filter hides. */
export const someRows = [
  ...realRows.slice(0, 60),
  ...realRows.filter((row) => JSON.stringify(row).includes('"type":"❓other"')).slice(0, 1),
];

/** What a page that is all right shows for these rows, ranked and filtered without the code under test. */
export function goodReading(loaded: readonly unknown[] = someRows): BoardReading {
  const average = openLlm.columns.find(({ name }) => name === 'average');
  const numeric = (row: unknown): number => Number(average?.value?.(row) ?? -1);
  const ranked = loaded
    .map((row) => ({ row, average: numeric(row) }))
    .sort((a, b) => b.average - a.average)
    .map(({ row }, index) => ({ row, rank: index + 1 }));
  const kept = ranked.filter(({ row }) => !JSON.stringify(row).includes('"type":"❓other"'));
  return {
    stated: { shown: kept.length, total: loaded.length },
    loaded: [...loaded],
    loadedFrom: 'http://127.0.0.1/api/leaderboard/formatted',
    headers: openLlm.columns.map(({ header }) => header),
    shown: kept.map(({ row, rank }, index) => ({
      // The page shows the model's name, not the id.
      identity: (row as { model: { name: string } }).model.name,
      index,
      cells: Object.fromEntries(
        openLlm.columns.map(({ header, text }) => [header, text?.(row, rank) ?? '']),
      ),
    })),
    complete: true,
    filters: FILTERS,
    virtualRows: null,
    pageError: null,
  };
}
