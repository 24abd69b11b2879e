import { cellOf, type TableCell, type TableRow } from '../table.ts';
import { field, integerOf, numberOf, textOf } from '../values.ts';
import type { Difference } from '../drift.ts';
import { normalHeader } from '../text.ts';
import type { BoardDefinition } from '../definition.ts';
import { column, model, score, tableBoard, type TableColumn } from '../table-board.ts';

// No stored copy of the page was found: the headers are a guess, and generous for that reason.
const RANK = column('Rank', 'rank', {
  kind: 'number',
  aliases: ['#', 'Place', 'Position'],
  required: false,
});
const MODEL = model('Model', {
  aliases: ['Models', 'Model name', 'Model ID', 'Name', 'Repository'],
});
const SCORE = score('Score', 'value', {
  aliases: ['Value', 'Result', 'Metric', 'Accuracy', 'Scores', 'Performance'],
});
const SOURCE = column('Source', 'source', {
  aliases: ['Sources', 'Submitted by', 'Author', 'By'],
  required: false,
});

/**
 * The page on which the Hub shows the leaderboard of a benchmark by itself, all rows unfolded.
 *
 * @param id of the data set, e.g. `Idavidrein/gpqa`
 * @param endpoint address of the Hub, without a slash at its end
 * @param asked `task` @default that whose leaderboard the Hub shows when none is asked for
 * @see https://huggingface.co/docs/hub/leaderboard-data-guide
 */
export function hubBenchmarkBoard(
  id: string,
  endpoint: string,
  { task }: { task?: string } = {},
): BoardDefinition {
  const query = new URLSearchParams({ leaderboard_is_expanded: 'true' });
  if (task !== undefined) query.set('leaderboard_task_id', task);
  const path = id.split('/').map(encodeURIComponent).join('/');
  return tableBoard({
    id: `hub-benchmarks/${id}`,
    title: `${id} on the Hub`,
    url: `${endpoint}/datasets/${path}/embed/leaderboard?${query.toString()}`,
    renderer: 'html',
    licence: 'scores as their authors state them; see the card of the data set',
    identity: ['model'],
    // A model may state a result in several files, merged and proposed.
    repeats: true,
    minimumRows: 1,
    columns: [RANK, MODEL, SCORE, SOURCE],
  });
}

interface EmbedAgreement {
  agrees: boolean;
  apiRows: number;
  pageRows: number;
  /** What is other on the page, the API's word being the expected one. */
  differences: Difference[];
}

interface EmbedRow {
  model: string;
  rank: number | null;
  value: string | null;
}

/**
 * Says whether the page shows the models, ranks and values of the API; values may be rounded, and a
 * ratio may be shown as percent. Pure. Ask the API for what the page shows: it may leave out models
 * with a base model.
 */
export function compareEmbed(
  apiRows: readonly unknown[],
  tableRows: readonly TableRow[],
): EmbedAgreement {
  const differences: Difference[] = [];
  const open = apiRows.map(apiRow);
  for (const [index, row] of tableRows.entries()) {
    const shown = shownRow(row);
    const ofModel = open.filter((it) => isSameModel(it.model, shown.model));
    const same =
      ofModel.find((it) => isShownAs(it.value, shown.value) && isRank(it, shown)) ??
      ofModel.find((it) => isShownAs(it.value, shown.value)) ??
      ofModel[0];
    const where = `row ${index + 1}`;
    if (same === undefined) {
      const expected = 'a model that the API lists';
      differences.push({ what: 'identity', where, expected, found: shown.model });
      continue;
    }
    open.splice(open.indexOf(same), 1);
    differences.push(...cellDifferences(`${where}, ${shown.model}`, same, shown));
  }
  for (const { model: name } of open) {
    differences.push({ what: 'identity', expected: name, found: 'no such row' });
  }
  const [api, page] = [apiRows.length, tableRows.length];
  return { agrees: differences.length === 0, apiRows: api, pageRows: page, differences };
}

function cellDifferences(row: string, api: EmbedRow, page: EmbedRow): Difference[] {
  const cell = (name: 'rank' | 'value'): Difference => ({
    what: 'cell',
    where: `${row}, ${name}`,
    expected: String(api[name]),
    found: String(page[name]),
  });
  return [
    ...(isShownAs(api.value, page.value) ? [] : [cell('value')]),
    ...(isRank(api, page) ? [] : [cell('rank')]),
  ];
}

const apiRow = (record: unknown): EmbedRow => ({
  model: textOf(field(record, 'modelId')) ?? '',
  rank: integerOf(field(record, 'rank')),
  value: textOf(field(record, 'value')),
});

function shownRow(row: TableRow): EmbedRow {
  const name = cellUnder(row, MODEL);
  const rank = cellUnder(row, RANK)?.text ?? '';
  return {
    model: linkedModel(name?.link) ?? name?.text ?? '',
    // Ranks are also written as medals, of which nothing is to be read.
    rank: integerOf(rank),
    value: textOf(cellUnder(row, SCORE)?.text),
  };
}

const folded = (header: string): string => normalHeader(header).toLowerCase();

/** The cell of a column, by header without regard to case. */
function cellUnder(row: TableRow, column: TableColumn): TableCell | undefined {
  const names = [column.header, ...(column.aliases ?? [])].map(folded);
  const header = Object.keys(row).find((it) => names.includes(folded(it)));
  return header === undefined ? undefined : cellOf(row, { header });
}

/** `owner/name` of a link to a model of the Hub. */
function linkedModel(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link, 'http://hub.invalid')) return undefined;
  const { pathname } = new URL(link, 'http://hub.invalid');
  const parts = pathname.split('/').filter(Boolean);
  return parts.length === 2 && parts[0] !== 'datasets' && parts[0] !== 'spaces'
    ? parts.join('/')
    : undefined;
}

/** A page may leave the owner out, or stand it apart from the name. */
const isSameModel = (api: string, page: string): boolean =>
  api === page || (!page.includes('/') && api.split('/').at(-1) === page);

const isRank = (api: EmbedRow, page: EmbedRow): boolean =>
  page.rank === null || page.rank === api.rank;

/** Whether a text shows a value, to as many decimals as it has. */
function isShownAs(api: string | null, page: string | null): boolean {
  const [value, shown] = [numberOf(api), numberOf(page)];
  if (value === null || shown === null || page === null) return api === page;
  const decimals = /\.(\d+)/.exec(page)?.[1]?.length ?? 0;
  const isNear = (it: number): boolean =>
    Math.abs(it - shown) <= 0.5 * 10 ** -decimals + 1e-9 * Math.abs(it);
  return isNear(value) || (page.includes('%') && Math.abs(value) <= 1 && isNear(value * 100));
}
