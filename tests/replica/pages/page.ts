import { factColumn, modelColumn, numberColumns, rankColumn, type Column } from './columns.ts';
import { drawFrom, type Draw } from './draw.ts';

/**
 * What a page is made of, each drawn by itself: most pages are sane in most of it. Weights are those of
 * boards as we saw them; what hides rows, or shows some of them, is together about one page of eight.
 */
const WAYS = {
  element: { table: 78, 'role-grid': 21, div: 1 },
  paging: { all: 66, numbers: 6, icons: 4, words: 6, links: 3, more: 5, scroll: 4, virtual: 6 },
  heads: { one: 84, groups: 8, copy: 4, fields: 4 },
  place: { open: 78, details: 4, tab: 4, views: 1.5, shadow: 4, frame: 4, fold: 4.5 },
  beside: { nothing: 83, teaser: 5, benchmarks: 7, prices: 3, equal: 1.5 },
  payload: {
    ...{ none: 38, json: 20, nested: 8, csv: 5, tsv: 2, lines: 3, inline: 9, next: 4, rsc: 3 },
    ...{ columns: 3, names: 2, arrays: 3 },
  },
  relation: { same: 86, fewer: 6, other: 8 },
  control: {
    ...{ none: 46, search: 16, all: 12, radios: 4, theme: 4, length: 5, sort: 7, columns: 4 },
    ...{ 'hide-select': 1.5, 'hide-checkbox': 1, 'hide-button': 1, 'hide-search': 0.5 },
  },
  state: {
    ...{ plain: 55, late: 11, parts: 5, skeleton: 6, spinner: 5, 'other-error': 3, counted: 9 },
    ...{ prose: 1.5, link: 1, login: 1, blurred: 0.5, top: 0.5, error: 0.7, empty: 0.5 },
  },
  layout: { plain: 84, intro: 6, sticky: 4, 'hidden-column': 3, rtl: 2.5, transposed: 1.2 },
} as const;

export type Ways = { -readonly [Way in keyof typeof WAYS]: keyof (typeof WAYS)[Way] };

/** Rows of the board that a page may be read as. */
export interface View {
  rows: number[];
  /** What the capture's variant must name for them; null for the whole board. */
  name: string | null;
}

/** A page and all that is true of it. */
export interface DrawnPage {
  seed: number;
  ways: Ways;
  columns: Column[];
  /** Columns that are in the document, and not displayed. */
  hidden: ReadonlySet<Column>;
  views: View[];
  /** Rows that the page has in its table, in their order. */
  shown: number[];
  /** Those of a second table of the same columns, in view or in another tab. */
  others: number[];
  /** All rows, those of other tables too. */
  length: number;
  /** Rows come from the server with the document. */
  isStatic: boolean;
  /** Each page of rows is asked of the server. */
  isRemote: boolean;
  /** Rows of a page. */
  size: number;
  /** How long the data, or what draws it, takes. */
  delayMs: number;
}

const PREVIEWS = new Set<string>(['prose', 'link', 'login', 'blurred', 'top']);
const FETCHED = new Set<string>([
  'json',
  'nested',
  'csv',
  'tsv',
  'lines',
  'columns',
  'names',
  'arrays',
]);
export const CATEGORY = 'Reasoning';

export const isFetched = ({ ways }: DrawnPage): boolean => FETCHED.has(ways.payload);
export const isPreview = ({ ways }: DrawnPage): boolean => PREVIEWS.has(ways.state);

const isOneOf = (way: string, ...of: string[]): boolean => of.includes(way);
const isHiding = ({ control }: Ways): boolean => control.startsWith('hide');

/** What cannot be together in one page gives way, in this order. */
const YIELDS: readonly (readonly [when: (ways: Ways) => boolean, gives: Partial<Ways>])[] = [
  [({ layout }) => layout === 'transposed', { element: 'table', paging: 'all' }],
  [({ state }) => !isOneOf(state, 'plain', 'late', 'other-error', 'counted'), { paging: 'all' }],
  [(ways) => isHiding(ways) || ways.element === 'div', { paging: 'all' }],
  [({ paging }) => paging === 'links', { element: 'table', payload: 'none' }],
  [
    ({ paging, place }) => paging !== 'all' && isOneOf(place, 'details', 'tab', 'views', 'fold'),
    { place: 'open' },
  ],
  [({ paging }) => isOneOf(paging, 'links', 'virtual'), { place: 'open' }],
  [({ element, layout }) => element !== 'table' || layout === 'transposed', { heads: 'one' }],
  [
    ({ element, layout, place }) =>
      (element !== 'table' || layout === 'transposed') && isOneOf(place, 'details', 'tab', 'views'),
    { place: 'open' },
  ],
  [({ paging, heads }) => paging === 'virtual' && heads !== 'groups', { heads: 'one' }],
  [({ paging, place }) => place === 'views' || paging !== 'all', { beside: 'nothing' }],
  [({ state }) => state === 'top', { payload: 'json', relation: 'same' }],
  [isHiding, { relation: 'same' }],
];

function waysOf(draw: Draw): Ways {
  const ways: Ways = {
    element: draw.pick(WAYS.element),
    paging: draw.pick(WAYS.paging),
    heads: draw.pick(WAYS.heads),
    place: draw.pick(WAYS.place),
    beside: draw.pick(WAYS.beside),
    payload: draw.pick(WAYS.payload),
    relation: draw.pick(WAYS.relation),
    control: draw.pick(WAYS.control),
    state: draw.pick(WAYS.state),
    layout: draw.pick(WAYS.layout),
  };
  for (const [when, gives] of YIELDS) if (when(ways)) Object.assign(ways, gives);
  return ways;
}

/** Whether the rows may come with the document, without a script. */
const mayBeStatic = ({ paging, place, payload, state }: Ways): boolean =>
  paging === 'all' &&
  !isOneOf(place, 'shadow', 'fold') &&
  !FETCHED.has(payload) &&
  !isOneOf(state, 'late', 'parts', 'skeleton', 'spinner', 'error', 'other-error');

export function drawPage(seed: number): DrawnPage {
  const draw = drawFrom(seed);
  const ways = waysOf(draw);
  const rows = rowsOf(ways, draw);
  const more = ways.place === 'views' || ways.beside === 'equal' ? draw.int(6, 20) : 0;
  const qualities = Array.from({ length: rows + more }, (_, at) => 1 - (at % rows) / rows);
  const columns = columnsOf(draw, qualities, ways);
  const all = Array.from({ length: rows }, (_, at) => at);
  const others = qualities.slice(rows).map((_quality, at) => rows + at);
  const few = isHiding(ways) ? all.filter((at) => at % 7 !== 2 && (at * 37) % 11 < 6) : all;
  const shown = PREVIEWS.has(ways.state) ? all.slice(0, Math.max(5, Math.floor(rows / 4))) : few;
  const fact = columns.filter(({ kind }) => kind === 'text' || kind === 'date').at(-1);
  const isStatic = ways.paging === 'links' || (mayBeStatic(ways) && draw.chance(0.7));
  return {
    ...{ seed, ways, columns, shown, others, length: qualities.length, isStatic },
    hidden: new Set(ways.layout === 'hidden-column' && fact ? [fact] : []),
    views: viewsOf(ways, { all, shown: few, others }),
    isRemote: FETCHED.has(ways.payload) && ways.paging !== 'all' && draw.chance(0.5),
    size: draw.one([10, 20, 25]),
    delayMs: ways.state === 'late' ? draw.int(300, 2500) : draw.int(0, 600),
  };
}

function rowsOf({ paging, layout, state }: Ways, draw: Draw): number {
  if (layout === 'transposed') return draw.int(3, 8);
  if (paging === 'virtual') return draw.int(60, 160);
  if (paging !== 'all') return draw.int(26, 64);
  return PREVIEWS.has(state) ? draw.int(24, 60) : draw.int(8, draw.one([20, 40, 90]));
}

function columnsOf(draw: Draw, qualities: readonly number[], { heads }: Ways): Column[] {
  const rows = qualities.length;
  const rank = draw.chance(0.55) ? [rankColumn(draw, rows)] : [];
  const facts = Array.from({ length: draw.int(0, 2) }, () => factColumn(draw, rows));
  const distinct = facts.filter(
    ({ header }, at) => facts.findIndex((it) => it.header === header) === at,
  );
  const numbers = numberColumns(draw, qualities);
  if (heads === 'groups') {
    numbers.forEach((it, at) => (it.group = at < numbers.length / 2 ? 'Quality' : 'Efficiency'));
    const [first, last] = [numbers[0], numbers.at(-1)];
    // One name under both heads.
    if (first && last && first.group !== last.group && first.units === last.units) {
      Object.assign(last, { header: first.header, lower: first.lower, key: `${first.key}_2` });
    }
  }
  const isBehind = draw.chance(0.3);
  const model = modelColumn(draw, rows);
  return [...rank, model, ...(isBehind ? [] : distinct), ...numbers, ...(isBehind ? distinct : [])];
}

function viewsOf(
  { control, place, beside }: Ways,
  { all, shown, others }: { all: number[]; shown: number[]; others: number[] },
): View[] {
  if (place === 'views' && !control.startsWith('hide')) return [{ rows: all, name: 'tab=Overall' }];
  if (beside === 'equal') {
    return [all, others].map((rows) => ({ rows, name: 'table=' }));
  }
  const whole = { rows: all, name: null };
  const names: Record<string, string> = {
    'hide-select': `=${CATEGORY}`,
    'hide-checkbox': 'Open weights only=on',
    'hide-button': CATEGORY,
    'hide-search': 'model',
  };
  return control in names ? [whole, { rows: shown, name: names[control] ?? '' }] : [whole];
}
