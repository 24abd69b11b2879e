import type { Cell } from './columns.ts';
import type { DrawnPage } from './page.ts';

/** What a page loads for its rows, in the form that was drawn. */
export interface Payload {
  type: string;
  text: string;
}

type Item = Record<string, Cell['loaded']>;

/** Places of the rows that the data have. */
function loadedRows({ ways, views, shown, others }: DrawnPage): number[] {
  const [whole] = views;
  const all =
    ways.place === 'views' ? (whole?.rows ?? []) : [...new Set([...(whole?.rows ?? []), ...shown])];
  if (ways.relation === 'fewer') return all.slice(0, 3);
  return ways.place === 'views' ? [...all, ...others] : all;
}

/** Objects of the data, with a number and a category that no column shows. */
function itemsOf(page: DrawnPage, rows: readonly number[]): Item[] {
  const { columns, ways } = page;
  const isOther = ways.relation === 'other';
  return rows.map((row) => {
    const cells = columns.map(({ key, kind, cells }): [string, Cell['loaded']] => {
      const { loaded } = cells[row] ?? { loaded: null };
      // The same board of another year: its names and numbers are others.
      if (isOther && kind === 'model') return [key, `old ${String(loaded)}`];
      return [key, isOther && typeof loaded === 'number' ? loaded / 2 : loaded];
    });
    return { id: 1000 + row, ...Object.fromEntries(cells) };
  });
}

const nested = (items: readonly Item[]): unknown => ({
  status: 'ok',
  data: {
    updated: '2026-01-01',
    board: { entries: items.map((it) => ({ id: it['id'], info: it })) },
  },
});

const quoted = (value: Item[string] | undefined): string =>
  `"${String(value ?? '').replaceAll('"', '""')}"`;

function separated(items: readonly Item[], mark: string): string {
  const keys = Object.keys(items[0] ?? {});
  return [keys, ...items.map((it) => keys.map((key) => it[key]))]
    .map((values) => values.map(quoted).join(mark))
    .join('\n');
}

const columnsOf = (items: readonly Item[]): Record<string, unknown[]> =>
  Object.fromEntries(Object.keys(items[0] ?? {}).map((key) => [key, items.map((it) => it[key])]));

const json = (value: unknown): Payload => ({
  type: 'application/json',
  text: JSON.stringify(value),
});
const deep = (items: readonly Item[]): Payload => json(nested(items));

/** Each way to write the same items; `model` is the key of their names. */
const FORMS: Record<string, (items: readonly Item[], model: string) => Payload> = {
  ...{ json, inline: json, nested: deep, next: deep, rsc: deep },
  csv: (items) => ({ type: 'text/csv', text: separated(items, ',') }),
  tsv: (items) => ({ type: 'text/tab-separated-values', text: separated(items, '\t') }),
  lines: (items) => ({
    type: 'application/jsonl',
    text: items.map((it) => JSON.stringify(it)).join('\n'),
  }),
  columns: (items) => json({ table: columnsOf(items) }),
  names: (items, model) => json(Object.fromEntries(items.map((it) => [String(it[model]), it]))),
  arrays: (items) =>
    json({ columns: Object.keys(items[0] ?? {}), rows: items.map((it) => Object.values(it)) }),
};

/** The data of a page, or those of one of its pages of rows; null where it has none. */
export function payloadOf(page: DrawnPage, at: number | null = null): Payload | null {
  const write = FORMS[page.ways.payload];
  if (!write) return null;
  const rows = loadedRows(page);
  const model = page.columns.find(({ kind }) => kind === 'model')?.key ?? '';
  if (at === null) return write(itemsOf(page, rows), model);
  const items = itemsOf(page, rows.slice(at * page.size, (at + 1) * page.size));
  return page.ways.payload === 'json' ? json({ items, total: rows.length }) : write(items, model);
}

/** Data that stand in the document. */
export function inlineScript(page: DrawnPage): string {
  const text = payloadOf(page)?.text.replaceAll('<', '\\u003c') ?? '';
  const { payload } = page.ways;
  if (payload === 'inline') return `<script>const leaderboardData = ${text};</script>`;
  if (payload === 'next') {
    return `<script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":${text}}}</script>`;
  }
  if (payload !== 'rsc') return '';
  const chunk = `5:["$","div",null,${text}]\n`;
  const half = Math.floor(chunk.length / 2);
  const pushed = [chunk.slice(0, half), chunk.slice(half)].map(
    (it) => `<script>self.__next_f.push(${JSON.stringify([1, it])})</script>`,
  );
  return `<script>self.__next_f=[];</script>${pushed.join('')}`;
}
