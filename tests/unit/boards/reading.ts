import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import type { BoardDefinition } from '../../../src/boards/definition.ts';
import type { BoardReading } from '../../../src/boards/reading.ts';
import type { TableRow } from '../../../src/boards/table.ts';
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
  ...realRows.slice(0, 20),
  ...realRows.filter((row) => JSON.stringify(row).includes('"type":"❓other"')).slice(0, 1),
];

const { records } = openLlm;
if (!records) throw new TypeError('the board has no records');
export const openLlmRecords = records;

/** What a page that is all right shows for these rows, ranked and filtered without the code under test. */
export function goodReading(given: readonly unknown[] = someRows): BoardReading {
  const average = (record: unknown): number =>
    Number(openLlmRecords.row(record, 1)['Average']?.value ?? -1);
  const ranked = given
    .map((record, place) => ({ record, place, average: average(record) }))
    .sort((a, b) => b.average - a.average);
  const loaded: TableRow[] = [];
  for (const [index, { record, place }] of ranked.entries()) {
    loaded[place] = openLlmRecords.row(record, index + 1);
  }
  const kept = ranked
    .filter(({ record }) => !JSON.stringify(record).includes('"type":"❓other"'))
    .map(({ place }) => place);
  const headers = openLlm.columns.map(({ header }) => header).filter((header) => header !== 'id');
  return {
    stated: { shown: kept.length, total: given.length },
    ...{ loaded, records: [...given], kept, headers, filters: FILTERS },
    loadedFrom: 'http://127.0.0.1/api/leaderboard/formatted',
    shown: kept.map((place, index) => ({
      ...{ identity: '', index },
      cells: Object.fromEntries(headers.map((it) => [it, loaded[place]?.[it]?.text ?? ''])),
    })),
    complete: true,
    pageError: null,
  };
}
