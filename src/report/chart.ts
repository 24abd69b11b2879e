import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { count, month as monthName, short } from './format.ts';
import { html, type Content, type Markup } from './html.ts';

/** A number of a month. */
export interface MonthPoint {
  /** Its first day. */
  month: Date;
  value: number;
}

const [WIDTH, HEIGHT] = [640, 280];
const FRAME = { top: 44, right: 12, bottom: 34, left: 64 };

/** Bars by month, with axes. The colours and the size of the text are those of the page. */
export function monthChart(points: readonly MonthPoint[], unit: string): Markup {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const most = points.reduce((a, b) => (b.value > a.value ? b : a));
  const x = scaleUtc()
    .domain([first.month, nextMonth(last.month)])
    .range([FRAME.left, WIDTH - FRAME.right]);
  const y = scaleLinear()
    .domain([0, Math.max(most.value, 4)])
    .nice(4)
    .range([HEIGHT - FRAME.bottom, FRAME.top]);
  const bars = points.map(({ month, value }) => {
    const width = near(Math.max(x(nextMonth(month)) - x(month) - 1, 0.5));
    return html`<rect
      x="${near(x(month))}"
      y="${near(y(value))}"
      width="${width}"
      height="${near(y(0) - y(value))}"
      ><title>${named(month)}: ${count(value)}</title></rect
    >`;
  });
  const lines = y.ticks(4).map((tick) => {
    const up = near(y(tick));
    return html`<line
        class="grid"
        x1="${FRAME.left}"
        x2="${WIDTH - FRAME.right}"
        y1="${up}"
        y2="${up}"
      /><text class="y" x="${FRAME.left - 8}" y="${up}">${short(tick)}</text>`;
  });
  const names = x
    .ticks(4)
    .map(
      (tick) =>
        html`<text class="x" x="${near(x(tick))}" y="${HEIGHT - 8}">${axisName(tick)}</text>`,
    );
  const label = `${unit} by month, ${named(first.month)} to ${named(last.month)}; most in ${named(most.month)}: ${count(most.value)}`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    <text class="unit" x="0" y="22">${unit} a month</text>
    ${lines}
    <g class="bars">${bars}</g>
    ${names}
  </svg>`;
}

/** A place on a line; null where there was nothing to draw. */
export interface LinePoint {
  value: number | null;
  /** What is said of it to who hovers, or listens. */
  title: string;
}

const [LONG, HIGH, EDGE] = [112, 26, 5];

/** A line of a few points without axes: where it went. What has no value is a cross at the bottom. */
export function sparkline(points: readonly LinePoint[]): Markup {
  const values = points.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = scaleLinear()
    .domain([Math.min(0, points.length - 2), points.length - 1])
    .range([EDGE, LONG - EDGE]);
  const y = scaleLinear()
    .domain(low === high ? [low - 1, high + 1] : [low, high])
    .range([HIGH - EDGE, EDGE]);
  const path = line<LinePoint>()
    .defined(({ value }) => value !== null)
    .x((_, at) => near(x(at)))
    .y(({ value }) => near(y(value ?? 0)));
  const marks = points.map(({ value, title }, at): Content => {
    const left = near(x(at));
    return value === null
      ? html`<path class="gap" d="M${left - 3},${HIGH - 8}l6,6m0,-6l-6,6"
          ><title>${title}</title></path
        >`
      : html`<circle cx="${left}" cy="${near(y(value))}" r="${at === points.length - 1 ? 3 : 1.6}"
          ><title>${title}</title></circle
        >`;
  });
  const label = points.map(({ title }) => title).join('; ');
  return html`<svg
    class="spark"
    viewBox="0 0 ${LONG} ${HIGH}"
    width="${LONG}"
    height="${HIGH}"
    role="img"
    aria-label="${label}"
  >
    <path class="line" d="${path(points)}" />
    ${marks}
  </svg>`;
}

/** A bar in a cell of a table, as long as its share of the longest; its number stands beside it. */
export const bar = (value: number | null, longest: number): Markup =>
  html`<span
    class="bar"
    style="inline-size:${near(longest > 0 ? (100 * (value ?? 0)) / longest : 0)}%"
  ></span>`;

const near = (value: number): number => Math.round(value * 10) / 10;

export const nextMonth = (month: Date): Date =>
  new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1));

const named = (month: Date): string => monthName(month.toISOString());

const MONTHS = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' });
const axisName = (tick: Date): string =>
  tick.getUTCMonth() === 0 ? String(tick.getUTCFullYear()) : MONTHS.format(tick);
