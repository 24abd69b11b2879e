import type { ReadOptions } from '../kind.ts';
import { BoardDriftError, differs, type Difference } from '../../../boards/drift.ts';
import { normalHeader } from '../../../boards/text.ts';
import { EtlError } from '../../../errors.ts';
import { chooseTable, type NamedTable } from '../../pages/choose.ts';
import { isDrawn, tabsAround, type Component } from './config.ts';
import type { DrawnTable } from './inside.ts';
import { at, textOf } from './json.ts';
import { waitingFor } from './pending.ts';
import { namelessCells, type TableValue } from './table-value.ts';
import type { AppState } from './watch.ts';

/** What to do next. */
export type Step =
  /** `at`: which of the drawn tables has to be in view for that. */
  | { kind: 'wait'; why: string; at?: number }
  | { kind: 'open'; tab: string }
  /** `at`: which of the drawn tables shows that value. */
  | { kind: 'read'; at: number; table: TableValue }
  | { kind: 'refuse'; diff: Difference[] }
  | { kind: 'failed'; why: string; again: boolean };

const wait = (why: string): Step => ({ kind: 'wait', why });

type Meant = Pick<ReadOptions, 'definition' | 'table'>;

/**
 * Decides which table is meant, and whether it can be read now. Pure.
 *
 * @throws {EtlError} BOARD_DRIFT, BOARD_UNREACHABLE when the page is at rest and no table is meant
 */
export function nextStep(app: AppState, meant: Meant): Step {
  const { definition } = meant;
  const { look, quiet, config } = app;
  if (config.needsLogin) return { kind: 'failed', why: 'asks for a login', again: false };
  const wanted = definition?.tab;
  const tab = look.tabs.find(({ text }) => text === wanted);
  if (wanted !== undefined && !tab) {
    const found = look.tabs.map(({ text }) => text).join(' | ') || 'none';
    return quiet
      ? { kind: 'refuse', diff: [differs('tab', wanted, found)] }
      : wait(`no tab ${wanted}`);
  }
  if (tab?.open === false) return { kind: 'open', tab: tab.text };
  const table = chosenTable(app, meant);
  return table ? stepTo(app, table) : wait('no table that is meant');
}

/** A table of the app as the choice among tables takes it. */
interface Candidate extends NamedTable {
  table: TableValue;
}

export const candidates = ({ tables, config }: AppState): Candidate[] =>
  tables.map((table) => {
    const { headers, label, component } = table;
    const own = label === '' ? `component ${component}` : label;
    return {
      ...{ table, headers, place: [...tabsAround(config, component), own].join(' > ') },
      get rows() {
        return table.rows().map((row) => headers.map((header) => row[header] ?? { text: '' }));
      },
    };
  });

/** Whether the table that is meant, of those in view, is one that somebody wrote. Pure. */
export function isWritten(app: AppState, written: readonly NamedTable[], meant: Meant): boolean {
  if (written.length === 0) return false;
  const inView = ({ table }: Candidate): boolean =>
    isVisible(app, table.component) && closedTab(app, table.component) === null;
  const all: NamedTable[] = [...candidates(app).filter(inView), ...written];
  try {
    return written.includes(chooseTable(all, meant));
  } catch (error) {
    if (error instanceof EtlError) return false;
    throw error;
  }
}

/** A table in a text: of Markdown, or of HTML. */
const TABLE_TEXT = /<table\b|\| ?:?-{3}|-{3}:? ?\|/i;

/** Tabs that are not open, around texts that have a table. Pure. */
export function tabsOfText(app: AppState): string[] {
  const tabs = [...app.components.values()].flatMap(({ id, type, props }) => {
    const text = /^(?:markdown|html)$/.test(type) ? textOf(at(props, 'value')) : null;
    const isTable = text !== null && TABLE_TEXT.test(text) && isVisible(app, id);
    return (isTable ? closedTab(app, id) : null) ?? [];
  });
  return [...new Set(tabs)];
}

/** Why a page at rest has no rows; null where it has some. Pure. */
export function whyEmpty({ config, replay, tables, components }: AppState): string | null {
  if (tables.some(({ count }) => count > 0)) return null;
  const failed = [...components.keys()].flatMap((id) => waitingFor(config, id, replay).failed);
  if (failed.length > 0) return `has no rows: its functions ${failed.join(', ')} failed`;
  const [empty] = tables;
  return empty ? `has a table without rows: ${empty.headers.join(', ')}` : null;
}

/** First among those in open tabs, then in all; a hidden one may be what a shown one is a part of. */
function chosenTable(app: AppState, meant: Meant): TableValue | null {
  const { definition } = meant;
  const all = candidates(app);
  const visible = all.filter(({ table }) => isVisible(app, table.component));
  const open = visible.filter(({ table }) => closedTab(app, table.component) === null);
  const tiers = definition ? [open, visible, all] : [open, visible];
  let failure: unknown;
  // What comes late may be more like a leaderboard: no choice before all is there.
  for (const tables of definition || app.quiet ? tiers : []) {
    try {
      return chooseTable(tables, meant).table;
    } catch (error) {
      if (!(error instanceof EtlError)) throw error;
      failure = error;
    }
  }
  if (!app.quiet) return null;
  const nameless = [...app.components.values()].reduce((sum, it) => sum + namelessCells(it), 0);
  if (nameless === 0) throw failure;
  throw new BoardDriftError(definition?.id ?? '', [differs('cells without a header', 0, nameless)]);
}

/** The outermost tab around a component that is not open; null where all are. */
function closedTab({ config, look }: AppState, component: number): string | null {
  const isClosed = (text: string): boolean =>
    look.tabs.some((tab) => tab.text === text && !tab.open);
  return tabsAround(config, component).find(isClosed) ?? null;
}

/** Whether the page draws a component, once its tabs are open. */
function isVisible({ config, components }: AppState, component: number): boolean {
  const path = [...(config.around.get(component) ?? []), component];
  return path.flatMap((id) => components.get(id) ?? []).every(isDrawn);
}

function stepTo(app: AppState, table: TableValue): Step {
  const { config, replay, look, quiet } = app;
  const { pending, failed } = waitingFor(config, table.component, replay);
  if (pending.length > 0) return wait(`functions ${pending.join(', ')} run`);
  if (failed.length > 0)
    return { kind: 'failed', why: `functions ${failed.join(', ')} failed`, again: true };
  const visible = isVisible(app, table.component);
  const tab = visible ? closedTab(app, table.component) : null;
  if (tab !== null) return { kind: 'open', tab };
  const at = visible ? drawnAs(app, table) : partOf(app, table);
  const drawn = look.tables[at];
  if (!drawn) return wait('its table is not drawn');
  if (drawn.overlay !== '') return wait(`the page shows over it: ${drawn.overlay}`);
  if (drawn.drawn === 0 && !(table.count === 0 && quiet)) {
    return { kind: 'wait', why: 'no row is drawn', at };
  }
  if (table.isTooLong()) {
    return { kind: 'refuse', diff: [differs('Markdown and HTML', 'of a leaderboard', 'more')] };
  }
  return { kind: 'read', at, table };
}

/** Which drawn table is a component; several that look alike stand in the order of the config. */
function drawnAs(app: AppState, table: TableValue): number {
  const { look, tables, components } = app;
  const fits = (drawn: DrawnTable, it: TableValue): boolean => mayBe(drawn, it, components);
  const drawn = look.tables.flatMap((it, at) => (fits(it, table) ? [at] : []));
  const isAlike = (it: TableValue): boolean =>
    drawn.some((at) => look.tables[at] !== undefined && fits(look.tables[at], it));
  const alike = tables.filter(
    (it) => isVisible(app, it.component) && closedTab(app, it.component) === null && isAlike(it),
  );
  return drawn[Math.min(alike.indexOf(table), drawn.length - 1)] ?? -1;
}

/** The drawn table that shows some columns of a table that is not in the document. */
function partOf(app: AppState, { headers, count }: TableValue): number {
  const isPart = (it: TableValue): boolean =>
    isVisible(app, it.component) &&
    it.count === count &&
    it.headers.every((header) => headers.includes(header));
  const [part] = app.tables.filter((it) => isPart(it) && drawnAs(app, it) >= 0);
  return part ? drawnAs(app, part) : -1;
}

/** Whether the drawn table may be that component: by an id around it, else by its headers. */
function mayBe(
  { ids, headers, label }: DrawnTable,
  table: TableValue,
  components: ReadonlyMap<number, Component>,
): boolean {
  const owners = ids
    .map((id) => [...components.values()].filter((it) => hasId(it, id)))
    .find((it) => it.length > 0);
  const isOwn = owners?.some(({ id }) => id === table.component) === true;
  const isOther = owners?.some(({ type }) => /^(dataframe|leaderboard)$/.test(type)) === true;
  if (!isOwn && isOther) return false;
  const isCalled = isOwn || label === '' || table.label === '' || label === table.label;
  return isCalled && hasHeaders(headers, table);
}

const hasId = ({ id, props }: Component, name: string): boolean =>
  name === `component-${id}` || at(props, 'elem_id') === name;

/** A Dataframe shows all its columns, a Leaderboard some of them, both in the payload's order. */
function hasHeaders(drawn: readonly string[], { kind, headers }: TableValue): boolean {
  const [shown, loaded] = [drawn.map(normalHeader), headers.map(normalHeader)];
  if (kind === 'dataframe') return JSON.stringify(loaded) === JSON.stringify(shown);
  let place = -1;
  return shown.every((header) => (place = loaded.indexOf(header, place + 1)) >= 0);
}
