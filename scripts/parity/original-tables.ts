import { readFileSync } from 'node:fs';

export type Row = Record<string, unknown>;

type OriginalColumn = [name: string, type: string, mode: string, fields?: OriginalColumn[]];

const { tables } = JSON.parse(
  readFileSync(
    new URL('../../tests/unit/tables/fixtures/table-columns.json', import.meta.url),
    'utf8',
  ),
) as { tables: Record<string, OriginalColumn[]> }; // our own file

/** Records of `raw_model` that are compared field by field. */
const OPENED = new Set(['config', 'cardData', 'safetensors', 'gguf']);

/** The columns of the original's tables, but for the board, whose page is gone: paths by table. */
export const COLUMNS: Record<string, string[]> = Object.fromEntries(
  Object.entries(tables)
    .filter(([name]) => name !== 'leaderboard')
    .map(([name, columns]) => [
      name,
      columns.flatMap(([column, , , fields = []]) =>
        name === 'raw_model' && OPENED.has(column)
          ? fields.map(([field]) => `${column}.${field}`)
          : column === 'update_time'
            ? []
            : [column],
      ),
    ]),
);

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
const rows = (value: unknown): Row[] =>
  list(value).filter((it): it is Row => typeof it === 'object' && it !== null);
const distinct = (values: unknown[]): unknown[] => {
  const byText = new Map(values.map((it) => [JSON.stringify(it), it]));
  return [...byText.values()].filter((it) => it !== null && it !== undefined);
};

const DTYPES = 'F64 F32 F16 I64 I32 I16 I8 BF16 U8 U16 U32 Q4'.split(' ');
const pick = (row: Row, names: string): Row =>
  Object.fromEntries(names.split(' ').map((name) => [name, row[name]]));

/** The rows that the original's SQL makes of one cleaned record, by table; see its folder `sql`. */
export function originalRows(record: Row): Record<string, Row[]> {
  const own = pick(record, 'id _id');
  const cards = rows(record['cardData']);
  const cardResults = cards.flatMap((card) => resultsIn(card['model_index']));
  const results = [...cardResults, ...resultsIn(record['model_index'])];
  return {
    raw_model: [record],
    usage: [pick(record, 'id _id downloads likes')],
    core_model: [
      pick(
        record,
        'id _id author lastModified private disabled gated pipeline_tag tags library_name',
      ),
    ],
    parameters: [{ ...own, ...parameterColumns(record) }],
    model_card: cards.length === 0 ? [] : [{ ...own, ...cardColumns(cards) }],
    tasks: results.map(({ task }, at) => {
      const { name, type, args, metrics } = rows(task)[0] ?? {};
      // The Hub's own field has no metrics there.
      const isCard = at < cardResults.length;
      return { ...own, task_name: name, task_type: type, args, ...(isCard && { metrics }) };
    }),
    metrics: results.flatMap(({ metrics }) =>
      rows(metrics).map(({ name, type, value }) => ({ ...own, metric: name, type, value })),
    ),
    datasets: results.flatMap(({ datasets }) =>
      rows(datasets).map(({ name, type, config, split, revision, args }) => ({
        ...{ ...own, dataset: name, dataset_type: type, config },
        ...{ dataset_split: split, revision, args },
      })),
    ),
  };
}

const resultsIn = (index: unknown): Row[] => rows(index).flatMap(({ results }) => rows(results));

function parameterColumns({ safetensors }: Row): Row {
  const [{ total, parameters } = {} as Row] = rows(safetensors);
  const counts = rows(parameters)[0] ?? {};
  const bool = counts['bool'] ?? counts['BOOL'];
  const stated = DTYPES.filter((it) => counts[it] !== undefined && counts[it] !== null);
  return {
    total_params: total,
    // As its SQL writes it: U32 is called U16.
    tensor_types: [
      ...stated.map((it) => (it === 'U32' ? 'U16' : it)),
      ...(bool === undefined || bool === null ? [] : ['BOOL']),
    ],
    ...Object.fromEntries(DTYPES.map((it) => [`${it}_params`, counts[it]])),
    BOOL_params: bool,
  };
}

const cardColumns = (cards: Row[]): Row =>
  Object.fromEntries(
    [
      'language',
      'tags',
      'license',
      'thumbnail',
      'model_type',
      'library_tag',
      'library_version',
    ].map((name) => [name, distinct(cards.flatMap((card) => list(card[name])))]),
  );

/** What the rows of a model say in a column, each value once. */
export function valuesOf(found: Row[], column: string): unknown[] {
  const [name = '', field] = column.split('.');
  return distinct(
    found.flatMap((row) =>
      field === undefined ? [row[name]] : rows(row[name]).map((it) => it[field]),
    ),
  ).filter((it) => !(Array.isArray(it) && it.length === 0));
}
