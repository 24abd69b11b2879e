import { duplicate, notFound } from './problem.ts';
import type { Row } from './rows.ts';
import type { Field } from './schema.ts';

export interface StoredTable {
  dataset: string;
  name: string;
  kind: 'TABLE' | 'SNAPSHOT';
  schema: Field[];
  /** Never changed, only replaced. */
  rows: readonly Row[];
  version: number;
  /** Another one for each table, also of the same name. */
  creationTime: string;
  description?: string;
  labels?: Record<string, string>;
  /** Milliseconds since 1970. */
  expiresMs?: number;
  timePartitioning?: { type: string; field: string };
  clustering?: { fields: string[] };
}

export interface StoredDataset {
  name: string;
  description?: string;
  defaultExpirationMs?: number;
  tables: Map<string, StoredTable>;
  views: Map<string, StoredView>;
}

export interface StoredView {
  query: string;
  description: string;
  version: number;
}

/** What a reader of a dataset could see after a change of rows. */
export interface Sight {
  dataset: string;
  /** What changed it: `load`, `copy`, `transaction`, `statement`, `create`, `drop`. */
  by: string;
  changed: string[];
  rows: ReadonlyMap<string, readonly Row[]>;
}

/** A bucket of Cloud Storage: its objects by name. */
export type StoredBucket = Map<string, Buffer>;

export interface Store {
  project: string;
  location: string;
  datasets: Map<string, StoredDataset>;
  buckets: Map<string, StoredBucket>;
  /** Tables that were ever made. */
  created: number;
  /** Every change of rows, in order: what a reader who polls without pause would see. */
  sights: Sight[];
  nowMs: () => number;
  /** Rows that one answer of `tabledata.list` holds at most. */
  pageRows: number;
}

export function datasetOf(store: Store, name: string): StoredDataset {
  const dataset = store.datasets.get(name);
  if (dataset === undefined) throw notFound(`Dataset ${store.project}:${name}`);
  return dataset;
}

/** A table that has not expired. */
export function findTable(store: Store, dataset: string, name: string): StoredTable | undefined {
  const table = store.datasets.get(dataset)?.tables.get(name);
  if (table?.expiresMs !== undefined && table.expiresMs <= store.nowMs()) return undefined;
  return table;
}

export function tableOf(store: Store, dataset: string, name: string): StoredTable {
  datasetOf(store, dataset);
  const table = findTable(store, dataset, name);
  if (table === undefined) throw notFound(`Table ${store.project}:${dataset}.${name}`);
  return table;
}

export type NewTable = Omit<StoredTable, 'version' | 'rows' | 'creationTime'> & {
  rows?: readonly Row[];
};

export function addTable(store: Store, table: NewTable, by = 'create'): StoredTable {
  const dataset = datasetOf(store, table.dataset);
  if (findTable(store, table.dataset, table.name) !== undefined) {
    throw duplicate(`Table ${store.project}:${table.dataset}.${table.name}`);
  }
  const { defaultExpirationMs } = dataset;
  const added: StoredTable = {
    rows: [],
    ...(defaultExpirationMs === undefined
      ? {}
      : { expiresMs: store.nowMs() + defaultExpirationMs }),
    ...table,
    version: 1,
    creationTime: String((store.created += 1)),
  };
  dataset.tables.set(table.name, added);
  see(store, table.dataset, { by, changed: [table.name] });
  return added;
}

export function removeTable(store: Store, dataset: string, name: string): void {
  tableOf(store, dataset, name);
  datasetOf(store, dataset).tables.delete(name);
  see(store, dataset, { by: 'drop', changed: [name] });
}

/** Puts new rows into tables, all at once. */
export function putRows(
  store: Store,
  changes: ReadonlyMap<StoredTable, readonly Row[]>,
  by: string,
): void {
  for (const [table, rows] of changes) {
    table.rows = rows;
    table.version += 1;
  }
  for (const dataset of new Set([...changes.keys()].map((table) => table.dataset))) {
    const changed = [...changes.keys()].filter((it) => it.dataset === dataset);
    see(store, dataset, { by, changed: changed.map(({ name }) => name) });
  }
}

function see(store: Store, dataset: string, facts: Pick<Sight, 'by' | 'changed'>): void {
  const { tables } = datasetOf(store, dataset);
  const rows = new Map([...tables.values()].map((it) => [it.name, it.rows]));
  store.sights.push({ dataset, ...facts, rows });
}
