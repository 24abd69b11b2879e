import type { PlainRow } from '../export/duckdb/values.ts';
import { count, numberIn, percent, plural, textIn } from './format.ts';
import { html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import {
  at,
  bars,
  named,
  note,
  number,
  query,
  repo,
  table,
  text,
  type Column,
  type Section,
} from './parts.ts';
import type { Ask } from './source.ts';

/** Rows of a list of the first ones. */
const TOP = 12;

/** Figures of the last day that has any: history may be long. */
const LATEST_USE = `LEFT JOIN (
  SELECT _id, downloads FROM huggingface.usage
  WHERE update_time = (SELECT max(update_time) FROM huggingface.usage)
) AS used USING (_id)`;

const LICENCES = `SELECT coalesce(license, CASE license_basis WHEN 'several' THEN '(several)' ELSE '(not stated)' END) AS license,
  family, count(*) AS models, sum(downloads) AS downloads
FROM huggingface.model_licenses ${LATEST_USE}
GROUP BY 1, 2 ORDER BY models DESC, license, family`;

const FAMILIES = [
  ['open_source', 'open source'],
  ['use_limits', 'limits on use'],
  ['non_commercial', 'not commercial'],
  ['unknown', 'not stated or unknown'],
] as const;

export async function licences(_: ReportInput, ask: Ask): Promise<Section | null> {
  const rows = await ask(LICENCES);
  if (rows.length === 0) return null;
  const body = [
    familyBar('By models', rows, 'models'),
    familyBar('By downloads', rows, 'downloads'),
    html`<p class="legend">
      ${FAMILIES.map(([id, name]) => html`<span><i class="${id}"></i>${name}</span>`)}
    </p>`,
    ranked('Licences with most models', rows, [
      named('Licence', at('license', 80)),
      text('What it allows', (it) => FAMILIES.find(([id]) => id === it['family'])?.[1]),
    ]),
    note(
      'What authors state, sorted for counts: no legal advice. Nothing stated is no permission.',
    ),
    query(LICENCES),
  ];
  return { id: 'licences', title: 'Licences of models', body };
}

/** The shares of the families of licences, in one bar. */
function familyBar(name: string, rows: readonly PlainRow[], key: string): Markup {
  const all = sumOf(rows, key);
  const parts = FAMILIES.map(([id, label]) => {
    const value = sumOf(
      rows.filter(({ family }) => family === id),
      key,
    );
    return { id, value, words: `${label} ${percent(value, all)}` };
  }).filter(({ value }) => value > 0);
  const drawn = parts.map(
    ({ id, value, words }) =>
      html`<i class="${id}" style="flex-grow:${value / all}" title="${words}"
        >${value > 0.1 * all ? percent(value, all) : ''}</i
      >`,
  );
  return html`<div class="shares">
    <span>${name}</span>
    <div role="img" aria-label="${name}: ${parts.map(({ words }) => words).join(', ')}">
      ${drawn}
    </div>
  </div>`;
}

const TASKS = `SELECT coalesce(pipeline_tag, '(none)') AS task, count(*) AS models, sum(downloads) AS downloads
FROM huggingface.core_model ${LATEST_USE}
GROUP BY 1 ORDER BY models DESC, task`;

export async function tasks(_: ReportInput, ask: Ask): Promise<Section | null> {
  const rows = await ask(TASKS);
  if (rows.length === 0) return null;
  const body = [
    ranked('Tasks with most models', rows, [named('Task', at('task', 80))]),
    note(`The first of ${plural(rows.length, 'task')}, as the Hub shows them.`),
    query(TASKS),
  ];
  return { id: 'tasks', title: 'What models are for', body };
}

/** The first of rows that have `models` and `downloads`, with their shares of all. */
function ranked(
  caption: string,
  rows: readonly PlainRow[],
  names: readonly Column<PlainRow>[],
): Markup {
  const share = (head: string, key: string): Column<PlainRow> => {
    const all = sumOf(rows, key);
    return number(head, (it) => percent(numberIn(it[key]) ?? 0, all));
  };
  const columns = [
    ...names,
    number<PlainRow>('Models', (it) => numberIn(it['models'])),
    share('Share', 'models'),
    bars(rows, 'models'),
    share('Share of downloads', 'downloads'),
  ];
  return table(caption, columns, rows.slice(0, TOP));
}

const OWNERS = `SELECT author, count(*) AS models, sum(downloads) AS downloads,
  sum(downloads) / nullif(sum(sum(downloads)) OVER (), 0) AS share, count(*) OVER () AS owners
FROM huggingface.core_model ${LATEST_USE}
GROUP BY author ORDER BY downloads DESC NULLS LAST, author LIMIT ${TOP}`;

/** Whose models are downloaded most. */
export async function owners({ release }: ReportInput, ask: Ask): Promise<Section | null> {
  const rows = (await ask(OWNERS)).filter((it) => (numberIn(it['downloads']) ?? 0) > 0);
  if (rows.length === 0) return null;
  const endpoint = release?.manifest.endpoint;
  const first = rows.slice(0, 10);
  const body = [
    html`<p>
      The first ${first.length} of ${count(numberIn(rows[0]?.['owners']))} owners of models have
      <strong>${percent(sumOf(first, 'share'), 1)}</strong> of all downloads.
    </p>`,
    table<PlainRow>(
      'Owners whose models were downloaded most in the 30 days before',
      [
        named('Owner', (it) =>
          it['author'] === null
            ? '(old models without an owner)'
            : repo(endpoint, textIn(it['author'])),
        ),
        number('Models', (it) => numberIn(it['models'])),
        number('Downloads', (it) => numberIn(it['downloads'])),
        number('Share', (it) => percent(numberIn(it['share']), 1)),
        bars(rows, 'downloads'),
      ],
      rows,
    ),
    note(
      'Downloads are requests for a file by people, servers and tests alike: shares of use, not of users. An owner is an account.',
    ),
    query(OWNERS),
  ];
  return { id: 'owners', title: 'Downloads by owner', body };
}

const sumOf = (rows: readonly PlainRow[], key: string): number =>
  rows.reduce((sum, row) => sum + (numberIn(row[key]) ?? 0), 0);
