import type { BoardDefinition } from '../../../boards/definition.ts';
import { MODEL_HEADER, normalHeader } from '../../../boards/text.ts';
import type { Component, GradioConfig } from './config.ts';
import { at, textOf } from './json.ts';
import type { DrawnTable } from './page-tables.ts';
import type { TableValue } from './table-value.ts';

/** Whether a table has no column that the definition does not know. */
export function hasNoMore(definition: BoardDefinition, headers: readonly string[]): boolean {
  const known = new Set(
    definition.columns.flatMap(({ header, aliases = [] }) =>
      [header, ...aliases].map(normalHeader),
    ),
  );
  return headers.every((header) => known.has(normalHeader(header)));
}

const HUB_LINK = /^https:\/\/huggingface\.co\/[^/]+\/[^/]+/;
const LOOKED_AT = 20;

/** How much a table is like a leaderboard: it names models, it has numbers, it has many rows. */
export function likeness(table: TableValue): number {
  const rows = table.rows().slice(0, LOOKED_AT);
  const names = table.headers.some((header) => MODEL_HEADER.test(header));
  const links = rows.some((row) => Object.values(row).some((it) => HUB_LINK.test(it.link ?? '')));
  const numeric = table.headers.filter((header) =>
    rows.some((row) => isNumber(row[header]?.value)),
  );
  return (names || links ? 2 : 0) + (numeric.length > 0 ? 1 : 0) + table.count / (table.count + 1);
}

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^[+-]?\d[\d.,]*\s?%?$/.test(value));

/** Whether the drawn table may be that component: by its id, else by its headers. */
export function mayBe(
  drawn: DrawnTable,
  table: TableValue,
  components: ReadonlyMap<number, Component>,
) {
  const named = components.get(table.component);
  const own = [`component-${table.component}`, textOf(at(named?.props, 'elem_id'))];
  const [first] = drawn.ids.filter((id) => idsOf(components).has(id));
  if (first !== undefined && own.includes(first)) return hasHeaders(drawn, table);
  // Another table's id around it; an id may be given to several tables, then each of them may be it.
  if (first !== undefined && isTableId(first, components)) return false;
  return (
    hasHeaders(drawn, table) &&
    (drawn.label === '' || table.label === '' || drawn.label === table.label)
  );
}

function idsOf(components: ReadonlyMap<number, Component>): Set<string> {
  const ids = [...components.values()].flatMap(({ id, props }) => [
    `component-${id}`,
    textOf(at(props, 'elem_id')) ?? `component-${id}`,
  ]);
  return new Set(ids);
}

function isTableId(id: string, components: ReadonlyMap<number, Component>): boolean {
  const owners = [...components.values()].filter(
    (it) => id === `component-${it.id}` || at(it.props, 'elem_id') === id,
  );
  return owners.some(({ type }) => type === 'dataframe' || type === 'leaderboard');
}

/** A Dataframe shows all its columns, a Leaderboard some of them, both in the payload's order. */
function hasHeaders(drawn: DrawnTable, table: TableValue): boolean {
  const loaded = table.headers.map(normalHeader);
  const shown = drawn.headers.map(normalHeader);
  if (table.kind === 'dataframe') return JSON.stringify(loaded) === JSON.stringify(shown);
  let place = -1;
  return shown.every((header) => (place = loaded.indexOf(header, place + 1)) >= 0);
}

/** Where a table is, for who describes a new board. */
export function placeOf(table: TableValue, config: GradioConfig): string {
  const tabs = config.tabs.get(table.component) ?? [];
  const own = table.label === '' ? `component ${table.component}` : table.label;
  return [...tabs, own].join(' > ');
}
