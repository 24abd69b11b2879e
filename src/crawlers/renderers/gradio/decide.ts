import { differs, type Difference } from '../../../boards/drift.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import { missingHeaders } from '../../../boards/headers.ts';
import { hasNoMore, likeness, mayBe, placeOf } from './choose.ts';
import type { Component, GradioConfig } from './config.ts';
import type { DrawnTable, Survey } from './page-tables.ts';
import { waitingFor } from './pending.ts';
import type { Replay } from './replay.ts';
import { namelessCells, type TableValue } from './table-value.ts';

/** Everything known of a page at one moment. */
export interface PageState {
  config: GradioConfig;
  components: ReadonlyMap<number, Component>;
  tables: readonly TableValue[];
  survey: Survey;
  replay: Replay;
  /** Nothing runs and nothing has changed for a while. */
  quiet: boolean;
}

/** A drawn table and what may be its payload, the most probable first. */
export interface Pair {
  drawn: DrawnTable;
  /** Its number among the visible tables that have the same headers. */
  nth: number;
  tables: TableValue[];
}

/** What to do next. */
export type Decision =
  | { kind: 'wait'; why: string }
  | { kind: 'open'; tab: string }
  | { kind: 'read'; pair: Pair; source: TableValue | null }
  | { kind: 'refuse'; diff: Difference[] }
  | { kind: 'failed'; why: string };

/** Decides which table is meant, and whether it can be read now. Pure. */
export function decide(state: PageState, definition: BoardDefinition | null): Decision {
  const { survey } = state;
  const tab = definition?.tab;
  const wanted = tab === undefined ? undefined : survey.tabs.find((it) => it.text === tab);
  if (wanted && !wanted.open) return { kind: 'open', tab: wanted.text };
  if (tab !== undefined && !wanted) return refusal(state, 'tab', tab);
  const pairs = pairsOf(state);
  const chosen = definition ? byDefinition(state, pairs, definition) : byLikeness(state, pairs);
  return chosen.kind === 'read' ? whenReady(state, chosen) : chosen;
}

/** The visible tables of the document with the components that they may be. */
export function pairsOf({ survey, tables, components }: PageState): Pair[] {
  const seen = new Map<string, number>();
  return survey.tables
    .filter(({ visible }) => visible)
    .map((drawn) => {
      const key = JSON.stringify(drawn.headers);
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      const fitting = tables.filter((it) => it.visible && mayBe(drawn, it, components));
      // Several that look alike stand in the document in the order of the config.
      const own = fitting[nth];
      const rest = fitting.filter((it) => it !== own);
      return { drawn, nth, tables: own ? [own, ...rest] : rest };
    });
}

type Read = Extract<Decision, { kind: 'read' }>;

function byDefinition(
  state: PageState,
  pairs: readonly Pair[],
  definition: BoardDefinition,
): Decision {
  const fits = (headers: readonly string[]): boolean =>
    missingHeaders(definition, headers).length === 0;
  const shown = pairs.filter(
    ({ drawn, tables }) =>
      fits(drawn.headers) || (tables[0] !== undefined && fits(tables[0].headers)),
  );
  if (shown.length > 0) return oneOf(state, exactOnes(shown, definition));
  const closed = inClosedTab(state, (it) => it.visible && fits(it.headers));
  if (closed) return closed;
  if (state.tables.some((it) => it.visible && fits(it.headers))) {
    return { kind: 'wait', why: 'its table is not drawn' };
  }
  const hidden = state.tables.filter((it) => !it.visible && fits(it.headers));
  const stand = hidden.flatMap((source) => standInFor(source, pairs))[0];
  if (stand) return stand;
  return refusal(
    state,
    'header',
    missingHeaders(definition, nearest(state, definition)).join(' | '),
  );
}

/** Those with exactly the columns of the definition, since it fits wider tables too; else all. */
function exactOnes(pairs: readonly Pair[], definition: BoardDefinition): readonly Pair[] {
  const exact = pairs.filter(({ drawn, tables: [table] }) =>
    hasNoMore(definition, table?.headers ?? drawn.headers),
  );
  return exact.length > 0 ? exact : pairs;
}

/** The one that is meant: tables that fit equally well must be equal. */
function oneOf(state: PageState, pairs: readonly Pair[]): Decision {
  const [first, ...others] = pairs;
  if (!first) return { kind: 'wait', why: 'no table has these columns' };
  const same = others.every((it) => isSameTable(it.tables[0], first.tables[0]));
  if (same) return { kind: 'read', pair: first, source: first.tables[0] ?? null };
  if (!state.quiet) return { kind: 'wait', why: 'several tables have these columns' };
  const rows = others.map((it) => it.tables[0]?.count ?? it.drawn.drawn).join(', ');
  const found = `${pairs.length} tables, with ${first.tables[0]?.count ?? 0}, ${rows} rows`;
  return { kind: 'refuse', diff: [{ what: 'tables with these columns', expected: '1', found }] };
}

/** A table that is not in the document, read by the visible one that shows some of its columns. */
function standInFor(source: TableValue, pairs: readonly Pair[]): Read[] {
  return pairs
    .filter(({ tables, drawn }) => {
      const [own] = tables;
      const isPart = drawn.headers.every((header) => source.headers.includes(header));
      return own !== undefined && isPart && own.count === source.count && own.count > 0;
    })
    .map((pair): Read => ({ kind: 'read', pair, source }));
}

function isSameTable(a: TableValue | undefined, b: TableValue | undefined): boolean {
  if (!a || !b || a.count !== b.count) return false;
  const texts = ({ rows }: TableValue): string =>
    JSON.stringify(rows().map((row) => Object.entries(row).map(([key, { text }]) => [key, text])));
  return texts(a) === texts(b);
}

/** Opens the tab of a table that the document does not have yet; null where there is none. */
function inClosedTab(
  { tables, config, survey }: PageState,
  wanted: (table: TableValue) => boolean,
): Decision | null {
  for (const table of tables.filter(wanted)) {
    const path = config.tabs.get(table.component) ?? [];
    const closed = path.find((text) => survey.tabs.some((tab) => tab.text === text && !tab.open));
    const isOpen = path.every((text) => survey.tabs.some((tab) => tab.text === text && tab.open));
    if (closed !== undefined) return { kind: 'open', tab: closed };
    if (path.length > 0 && isOpen)
      return { kind: 'wait', why: 'the tab is open, its table not drawn' };
  }
  return null;
}

const A_LEADERBOARD = 2;

function byLikeness(state: PageState, pairs: readonly Pair[]): Decision {
  const ranked = pairs
    .map((pair) => ({ pair, source: pair.tables[0] ?? null }))
    .map((it) => ({ ...it, like: it.source ? likeness(it.source) : 0 }))
    .sort((a, b) => b.like - a.like);
  const [best] = ranked;
  // What comes late may be more like one: no choice before all is there.
  if (!state.quiet) return { kind: 'wait', why: 'the page is loading' };
  const closed = inClosedTab(
    state,
    (it) =>
      it.visible && likeness(it) >= A_LEADERBOARD && !pairs.some((p) => p.tables.includes(it)),
  );
  if (best && (best.like >= A_LEADERBOARD || !closed)) {
    return { kind: 'read', pair: best.pair, source: best.source };
  }
  if (closed) return closed;
  const isComing = state.survey.tables.length === 0 && state.tables.some(({ visible }) => visible);
  return isComing ? { kind: 'wait', why: 'no table is drawn' } : refusal(state, 'table', 'a table');
}

function whenReady(state: PageState, read: Read): Decision {
  const { config, replay } = state;
  const { drawn } = read.pair;
  if (drawn.error !== null) return { kind: 'failed', why: `the page shows: ${drawn.error}` };
  const { source } = read;
  if (source) {
    const { pending, failed } = waitingFor(config, source.component, replay);
    if (pending.length > 0) return { kind: 'wait', why: `functions ${pending.join(', ')} run` };
    if (failed.length > 0) return { kind: 'failed', why: `functions ${failed.join(', ')} failed` };
  } else {
    const doubt = withoutPayload(state, drawn);
    if (doubt) return doubt;
  }
  if (drawn.busy) return { kind: 'wait', why: 'the table shows that it is being filled' };
  const isEmpty = source?.count === 0 && state.quiet;
  if (drawn.drawn === 0 && !isEmpty) return { kind: 'wait', why: 'no row is drawn' };
  return read;
}

/** Why a table whose payload is not known must not be read by its page alone; null when it may. */
function withoutPayload(state: PageState, drawn: DrawnTable): Decision | null {
  if (!state.quiet) return { kind: 'wait', why: 'no payload is known yet' };
  const nameless = [...state.components.values()].reduce((sum, it) => sum + namelessCells(it), 0);
  // Its page would look whole, and what it was given is more.
  if (nameless > 0) {
    return { kind: 'refuse', diff: [differs('cells without a header', 0, nameless)] };
  }
  const undrawn = undrawnTables(state);
  if (undrawn.length === 0) return null;
  // The page's rows may be those of that payload, under heads that it does not have.
  const expected = undrawn.map(({ headers }) => headers.join(' | ')).join(', or ');
  const found = drawn.headers.join(' | ');
  return { kind: 'refuse', diff: [differs('headers of the payload', expected, found)] };
}

/** Tables that should be in the document, and that nothing in it can be. */
function undrawnTables(state: PageState): TableValue[] {
  const { tables, config, survey } = state;
  const drawn = pairsOf(state).flatMap((pair) => pair.tables);
  const isOpen = (text: string): boolean =>
    survey.tabs.some((tab) => tab.text === text && tab.open);
  return tables.filter(
    (it) =>
      it.visible && !drawn.includes(it) && (config.tabs.get(it.component) ?? []).every(isOpen),
  );
}

/** Headers of the table that lacks the fewest. */
function nearest(state: PageState, definition: BoardDefinition): readonly string[] {
  const all = [...state.survey.tables, ...state.tables].map(({ headers }) => headers);
  const lacks = (headers: readonly string[]): number => missingHeaders(definition, headers).length;
  return all.sort((a, b) => lacks(a) - lacks(b))[0] ?? [];
}

function refusal(state: PageState, what: string, expected: string): Decision {
  if (!state.quiet) return { kind: 'wait', why: `no ${what} ${expected}` };
  const found =
    what === 'tab'
      ? state.survey.tabs.map(({ text }) => text).join(' | ')
      : state.tables
          .map((it) => `${placeOf(it, state.config)}: ${it.headers.join(', ')}`)
          .join(' | ');
  return { kind: 'refuse', diff: [{ what, expected, found: found === '' ? 'none' : found }] };
}
