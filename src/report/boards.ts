import type { PlainRow, PlainValue } from '../export/duckdb/values.ts';
import { changesText, howChecked } from './board-words.ts';
import { sparkline, type LinePoint } from './chart.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import { count, day, numberIn, plural, score, textIn } from './format.ts';
import { clip, html, link, type Content, type Markup } from './html.ts';
import type { BoardReading, ReportInput } from './input.ts';
import {
  at,
  chip,
  fold,
  long,
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

/** Runs and snapshots that a line shows. */
const LAST = 10;
/** More boards than this are only in the list. */
const MOST_BOARDS = 60;

// A name that leads to the Hub has an id, whether the release holds that model or not.
const SNAPSHOTS = `SELECT board, snapshot_date AS day, count(*) AS n, any_value(status) AS status,
  count(DISTINCT model_id) FILTER (model_id IN (SELECT id FROM huggingface.core_model)) AS known,
  any_value(licence) AS licence, any_value(publish) AS publish, any_value(citation) AS citation
FROM huggingface.leaderboard_entries GROUP BY board, snapshot_date
QUALIFY row_number() OVER (PARTITION BY board ORDER BY snapshot_date DESC) <= ${LAST} ORDER BY board, day`;

// The score to show is the one that orders the board: of all, it falls or rises most steadily with the rank. Rows
// without it are of another task of a benchmark, with places of its own.
const TOP = `WITH entry AS (
  SELECT board, entry_id, snapshot_date, model_name, model_id, coalesce(rank_computed, rank_stated) AS place,
    dense_rank() OVER (PARTITION BY board ORDER BY snapshot_date DESC) AS age FROM huggingface.leaderboard_entries
), step AS (
  SELECT board, metric, value, header, unit, lag(value) OVER (PARTITION BY board, metric ORDER BY place, entry_id) AS above
  FROM huggingface.leaderboard_scores JOIN entry USING (board, entry_id, snapshot_date) WHERE age = 1
), main AS (
  SELECT board, metric, any_value(header) AS header, any_value(unit) AS unit FROM step GROUP BY board, metric
  QUALIFY row_number() OVER (PARTITION BY board ORDER BY
    greatest(count_if(value < above), count_if(value > above)) DESC, count(value) DESC, metric) = 1
), leader AS (
  SELECT entry.*, main.metric, main.unit,
    CASE WHEN main.header = 'value' THEN main.metric ELSE main.header END AS header
  FROM entry LEFT JOIN main ON main.board = entry.board
  LEFT JOIN huggingface.leaderboard_scores AS score ON score.board = entry.board AND score.entry_id = entry.entry_id
    AND score.snapshot_date = entry.snapshot_date AND score.metric = main.metric
  WHERE age = 1 AND (main.metric IS NULL OR score.metric IS NOT NULL)
  QUALIFY row_number() OVER (PARTITION BY entry.board ORDER BY place NULLS LAST, entry.entry_id) <= 10
)
SELECT leader.board, leader.entry_id, leader.model_name, leader.model_id, leader.place, leader.header, leader.unit,
  list({day: past.snapshot_date, place: past.place, score: score.value} ORDER BY past.snapshot_date) AS past
FROM leader JOIN entry AS past ON past.board = leader.board AND past.entry_id = leader.entry_id AND past.age <= ${LAST}
LEFT JOIN huggingface.leaderboard_scores AS score ON score.board = past.board AND score.entry_id = past.entry_id
  AND score.snapshot_date = past.snapshot_date AND score.metric = leader.metric
GROUP BY ALL ORDER BY leader.board, leader.place NULLS LAST, leader.entry_id`;

interface Board {
  id: string;
  title: string;
  url: string | null;
  /** Of the last run that read it, or tried to. */
  reading: BoardReading | undefined;
  status: string;
  stated: number | null;
  line: LinePoint[];
  snapshot: PlainRow | undefined;
  top: PlainRow[];
}

/** Each leaderboard: whether it was read exactly, how it went in the runs before, and who leads it. */
export async function boards(input: ReportInput, ask: Ask): Promise<Section | null> {
  const snapshots = Map.groupBy(await ask(SNAPSHOTS), (it) => textIn(it['board']));
  const top = Map.groupBy(await ask(TOP), (it) => textIn(it['board']));
  const order = (board: Board): number =>
    2 * Number(!isRefused(board)) + Number(board.reading === undefined);
  const all = idsOf(input, snapshots.keys())
    .map((id) => boardOf(input, id, { snapshots: snapshots.get(id) ?? [], top: top.get(id) ?? [] }))
    .sort((a, b) => order(a) - order(b) || (a.title < b.title ? -1 : 1));
  if (all.length === 0) return null;
  const evidence = createEvidence(input);
  const shown: Markup[] = [];
  for (const board of all.filter((it) => it.top.length > 0 || isRefused(it)).slice(0, MOST_BOARDS))
    shown.push(
      await details(board, { input, evidence, isOpen: isRefused(board) || shown.length === 0 }),
    );
  const body = [
    table('Leaderboards, and how they were read', COLUMNS, all),
    note(
      'A board is exact or refused: its rows, the number that the page states and the data that it loads must agree. A cross is a run that took nothing.',
    ),
    shown,
    query(TOP),
  ];
  return { id: 'boards', title: 'Leaderboards', body };
}

function idsOf({ release, runs }: ReportInput, known: Iterable<string>): string[] {
  const asked = (release?.manifest.completeness ?? []).flatMap((it) =>
    it.asked !== null && it.source.startsWith('boards/') ? [it.source.slice('boards/'.length)] : [],
  );
  return [...new Set([...asked, ...Object.keys(runs.at(-1)?.sources.boards ?? {}), ...known])];
}

function boardOf(
  input: ReportInput,
  id: string,
  { snapshots, top }: { snapshots: PlainRow[]; top: PlainRow[] },
): Board {
  const { runs, release } = input;
  const readings = runs.flatMap(({ startedAt, sources }) => {
    const reading = sources.boards?.[id];
    return reading === undefined ? [] : [{ reading, startedAt }];
  });
  const reading = readings.at(-1)?.reading;
  const snapshot = snapshots.at(-1);
  const row = release?.manifest.completeness.find(({ source }) => source === `boards/${id}`);
  const ofRuns = readings.map(({ reading: { status, rows }, startedAt }) => ({
    value: isTaken(status) ? rows : null,
    title: `${day(startedAt)}: ${status.replaceAll('_', ' ')}, ${plural(rows, 'row')}`,
  }));
  const ofDays = snapshots.map((it) => ({
    value: numberIn(it['n']),
    title: `${day(textIn(it['day']))}: ${count(numberIn(it['n']))} rows`,
  }));
  return {
    ...{ id, reading, snapshot, top },
    ...nameOf(input, id, reading),
    line: (ofRuns.length > 0 ? ofRuns : ofDays).slice(-LAST),
    status: reading?.status ?? row?.status ?? textIn(snapshot?.['status']),
    stated: (reading ? reading.stated.total : row?.stated) ?? null,
  };
}

/** Boards of the Hub's own benchmarks are named by their data set. */
const BENCHMARK = /^hub-benchmarks\/(.+)$/;

function nameOf({ boards: known, release }: ReportInput, id: string, reading?: BoardReading) {
  const benchmark = BENCHMARK.exec(id)?.[1];
  if (benchmark !== undefined)
    return { title: benchmark, url: `${release?.manifest.endpoint}/datasets/${benchmark}` };
  return { title: known[id]?.title ?? id, url: reading?.url ?? known[id]?.url ?? null };
}

const isTaken = (status: string): boolean => status !== 'drifted' && status !== 'failed';
const isRefused = ({ status }: Board): boolean => !isTaken(status);

function stateOf({ status }: Board): Markup {
  if (status === 'drifted') return chip('bad', 'changed: refused');
  if (status === 'failed') return chip('bad', 'not had');
  if (status === 'verified' || status === 'done') return chip('good', 'exact');
  return chip('warn', status === 'at_rest' ? 'read, not compared' : status.replaceAll('_', ' '));
}

const COLUMNS: readonly Column<Board>[] = [
  named('Board', ({ title, url }) => link(url, title)),
  text('State', stateOf),
  number('Rows', ({ snapshot }) => numberIn(snapshot?.['n'])),
  number('Stated', ({ stated }) => stated),
  number('Known models', ({ snapshot }) => numberIn(snapshot?.['known'])),
  text('Last ten runs', ({ line }) => (line.length === 0 ? '' : sparkline(line))),
  text('Read on', ({ snapshot }) => (snapshot ? day(textIn(snapshot['day'])) : '–')),
  long('Proof', ({ reading }) => (reading === undefined ? '' : howChecked(reading))),
];

async function details(
  board: Board,
  { input, evidence, isOpen }: { input: ReportInput; evidence: Evidence; isOpen: boolean },
): Promise<Markup> {
  const { id, title, reading, top } = board;
  const { error, evidence: folder, warnings = [], changes } = reading ?? {};
  const body = [
    error === undefined ? '' : html`<p>${clip(error.message, 600)} <code>${error.code}</code></p>`,
    isRefused(board) && folder !== undefined
      ? [
          await evidence(folder, `${title} as it was when it was refused`),
          note(html`<code>huggingface-etl boards show ${id}</code> opens what was seen.`),
        ]
      : '',
    warnings.slice(0, 10).map((it) => note(`Warning: ${clip(it, 300)}`)),
    changes ? note(`Since run ${changes.since}: ${changesText(changes)}.`) : '',
    leaders(board, input.release?.manifest.endpoint),
    licence(board),
  ];
  const leads =
    top.length === 0
      ? ''
      : html`<span class="note">${at('model_name', 80)(top[0] ?? {})} leads</span>`;
  return fold(html`<strong>${title}</strong> ${stateOf(board)} ${leads}`, body, isOpen);
}

function leaders({ title, top, snapshot }: Board, endpoint: string | undefined): Content {
  const [first] = top;
  if (first === undefined) return '';
  const [header, unit] = [textIn(first['header']), textIn(first['unit'])];
  const head = unit === '' || header.includes('%') ? header : `${header} (${unit})`;
  const hasHistory = top.some((it) => pastOf(it).length > 1);
  const history: Column<PlainRow>[] = [
    number('Moved', moved),
    text(`${header === '' ? 'Place' : header}, last ten readings`, (it) => sparkline(pastOf(it))),
  ];
  return table<PlainRow>(
    `First rows of ${title} on ${day(textIn(snapshot?.['day']))}`,
    [
      number('Place', ({ place }) => numberIn(place)),
      named('Model', (it) => modelOf(it, endpoint)),
      ...(header === ''
        ? []
        : [number<PlainRow>(head, (it) => score(pastOf(it).at(-1)?.value ?? null))]),
      ...(hasHistory ? history : []),
    ],
    top,
  );
}

function modelOf(row: PlainRow, endpoint: string | undefined): Markup {
  const [name, id] = [clip(textIn(row['model_name']), 160), textIn(row['model_id'])];
  if (id === '') return html`<bdi>${name}</bdi>`;
  return id === name
    ? repo(endpoint, id)
    : html`<bdi>${name}</bdi> <small>${repo(endpoint, id)}</small>`;
}

/** A row on the days before, as the query lists them. */
function pastOf({ past }: PlainRow): (LinePoint & { place: number | null })[] {
  const list = Array.isArray(past) ? past : [];
  return list.map((it) => {
    const on = it as Record<string, PlainValue>; // a struct of the query
    const [value, place] = [numberIn(on['score']), numberIn(on['place'])];
    return {
      value,
      place,
      title: `${day(textIn(on['day']))}: ${score(value)}, place ${count(place)}`,
    };
  });
}

/** Places won or lost since the reading before. */
function moved(row: PlainRow): string {
  const [before, now] = pastOf(row).slice(-2);
  if (now === undefined) return 'new';
  const places = (before?.place ?? 0) - (now.place ?? 0);
  if (places === 0) return '=';
  return places > 0 ? `▲ ${places}` : `▼ ${-places}`;
}

function licence({ snapshot }: Board): Content {
  if (snapshot === undefined) return '';
  const [name, publish, cite] = ['licence', 'publish', 'citation'].map((it) =>
    textIn(snapshot[it]),
  );
  const isClosed = publish === 'internal_only' || publish === 'unknown' || publish === '';
  return note([
    `Licence of the rows: ${name || 'not stated'}.${isClosed ? ' Not everybody may publish them.' : ''}`,
    cite === '' ? '' : ` To be named: ${cite}`,
  ]);
}
