import type { PlainRow } from '../export/duckdb/values.ts';
import { monthChart, nextMonth } from './chart.ts';
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
  const months = monthsOf(rows.map((it) => Date.parse(textIn(it['month']))));
  const charts = KINDS.flatMap(([key, name]) => {
    const values = new Map(rows.map((it) => [textIn(it['month']), numberIn(it[key]) ?? 0]));
    const points = months.map((it) => ({ month: it, value: values.get(dayOf(it)) ?? 0 }));
    const [all, drawn] = [sum([...values.values()]), sum(points.map(({ value }) => value))];
    if (points.filter(({ value }) => value > 0).length < 2) return [];
    const before = all - drawn;
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

/** Every month from the first one after `FIRST_MONTH`, those without any too: one axis for all kinds. */
function monthsOf(known: readonly number[]): Date[] {
  const [from, to] = [Math.min(...known.filter((at) => at > FIRST_MONTH)), Math.max(...known)];
  const months: Date[] = [];
  for (let it = new Date(from); it.getTime() <= to; it = nextMonth(it)) months.push(it);
  return months;
}

const dayOf = (month: Date): string => month.toISOString().slice(0, 10);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
