import type { PlainRow } from '../export/duckdb/values.ts';
import { monthChart, nextMonth, type MonthPoint } from './chart.ts';
import { count, month, numberIn, textIn } from './format.ts';
import { html } from './html.ts';
import type { ReportInput } from './input.ts';
import { fold, named, note, number, query, table, type Section } from './parts.ts';
import type { Ask } from './source.ts';

/** The Hub counts since then: whatever is older has that month. */
const FIRST_MONTH = Date.UTC(2022, 2);

const SQL = `SELECT CAST(date_trunc('month', made_at AT TIME ZONE 'UTC') AS DATE) AS month,
  sum(models) AS models, sum(datasets) AS datasets, sum(spaces) AS spaces FROM (
  SELECT "createdAt" AS made_at, 1 AS models, 0 AS datasets, 0 AS spaces FROM huggingface.core_model
  UNION ALL SELECT created_at, 0, 1, 0 FROM huggingface.hub_datasets
  UNION ALL SELECT created_at, 0, 0, 1 FROM huggingface.hub_spaces
) AS made WHERE made_at IS NOT NULL GROUP BY 1 ORDER BY 1`;

const KINDS = [
  ['models', 'Models'],
  ['datasets', 'Data sets'],
  ['spaces', 'Spaces'],
] as const;

/** How fast the Hub grows: what was made in each month and is still there. */
export async function growth(_: ReportInput, ask: Ask): Promise<Section | null> {
  const rows = await ask(SQL);
  const charts = KINDS.flatMap(([key, name]) => {
    const { points, before, all } = pointsOf(rows, key);
    if (points.length < 2) return [];
    const rest = before === 0 ? '' : `; ${count(before)} from before April 2022 are not drawn`;
    return [
      html`<figure>
        <figcaption>
          <strong>${name}</strong> made in each month, ${count(all)} in all${rest}
        </figcaption>
        ${monthChart(points, name)}
      </figure>`,
    ];
  });
  if (charts.length === 0) return null;
  const numbers = table<PlainRow>(
    'Repositories by the month in which they were made',
    [
      named('Month', (it) => month(textIn(it['month']))),
      ...KINDS.map(([key, head]) => number<PlainRow>(head, (it) => numberIn(it[key]))),
    ],
    rows.toReversed(),
  );
  const body = [
    html`<div class="charts">${charts}</div>`,
    note(
      'Repositories that still exist: what was deleted is missing from its month. The Hub knows no date before March 2022. The last month is not over.',
    ),
    fold(html`<span class="note">Numbers</span>`, numbers),
    query(SQL),
  ];
  return { id: 'growth', title: 'Growth by month', body };
}

/** Every month of a kind from its first one after `FIRST_MONTH`, those without any too. */
function pointsOf(rows: readonly PlainRow[], key: string) {
  const values = new Map(
    rows.map((it) => [Date.parse(textIn(it['month'])), numberIn(it[key]) ?? 0]),
  );
  const all = [...values.values()].reduce((sum, value) => sum + value, 0);
  const drawn = [...values].flatMap(([at, value]) => (value > 0 && at > FIRST_MONTH ? [at] : []));
  const points: MonthPoint[] = [];
  for (
    let it = new Date(Math.min(...drawn));
    it.getTime() <= Math.max(...drawn);
    it = nextMonth(it)
  )
    points.push({ month: it, value: values.get(it.getTime()) ?? 0 });
  return { points, all, before: all - points.reduce((sum, { value }) => sum + value, 0) };
}
