import type { TableMetadata } from '@google-cloud/bigquery';
import { EtlError } from '../../errors.ts';
import { bigquerySchema } from '../../tables/bigquery.ts';
import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import { retried, unless } from './calls.ts';
import type { Warehouse } from './client.ts';
import { labelValue, schemaVersion } from './names.ts';

/** A field of a schema as the API tells it; modes and inner fields may be left out. */
export interface Field {
  name: string;
  type: string;
  mode?: string;
  description?: string;
  fields?: Field[];
}

/** A table as the API tells it, as far as it is used here. */
export interface TableResource {
  etag?: string;
  type?: string;
  creationTime?: string;
  schema?: { fields?: Field[] };
  numRows?: string;
  description?: string;
  labels?: Record<string, string>;
  expirationTime?: string;
  clustering?: { fields: string[] };
  /** Of a view. */
  view?: { query: string };
}

export interface Address {
  dataset: string;
  table: string;
}

/** Google's handle of a table. Jobs of it run where the dataset is. */
export const tableAt = ({ client, location }: Warehouse, { dataset, table }: Address) =>
  client.dataset(dataset, { location }).table(table, { location });

/**
 * Creates a dataset unless it is there; an existing one is left as it is.
 *
 * @throws {EtlError} `CONFIG_INVALID` when it lies in another location: no job could write to it
 */
export async function ensureDataset(
  warehouse: Warehouse,
  name: string,
  facts: { description: string; defaultTableExpirationMs?: string },
): Promise<void> {
  const { client, location: wanted } = warehouse;
  const doing = `looking at dataset ${name}`;
  const found = await unless(
    404,
    retried(warehouse, doing, () => client.dataset(name).getMetadata()),
  );
  if (found === undefined) {
    const create = () => client.createDataset(name, { location: wanted, ...facts });
    // 409: it came into being meanwhile, or the answer to our first request was lost.
    await unless(409, retried(warehouse, `creating dataset ${name}`, create));
    return;
  }
  const { location = wanted } = found[0] as { location?: string }; // as the API documents it
  if (location.toUpperCase() === wanted.toUpperCase()) return;
  throw new EtlError(
    'CONFIG_INVALID',
    `dataset ${name} is in ${location}, not in ${wanted}: set the location`,
  );
}

/** A table's metadata; undefined when the table or its dataset does not exist. */
export async function getTable(
  warehouse: Warehouse,
  address: Address,
): Promise<TableResource | undefined> {
  const doing = `looking at ${address.dataset}.${address.table}`;
  const found = await unless(
    404,
    retried(warehouse, doing, () => tableAt(warehouse, address).getMetadata()),
  );
  return found?.[0] as TableResource | undefined; // as the API documents it
}

/** Creates a table with the columns of one of ours, unless it is there. */
export async function ensureTable(
  warehouse: Warehouse,
  { dataset, table }: Address,
  { definition, ...facts }: { definition: Table } & Partial<TableMetadata>,
): Promise<void> {
  const metadata = {
    schema: { fields: bigquerySchema(definition) },
    description: definition.description,
    ...facts,
  };
  const create = () => warehouse.client.dataset(dataset).createTable(table, metadata);
  await unless(409, retried(warehouse, `creating ${dataset}.${table}`, create));
}

/** Removes a table; one that is not there is no error. */
export async function dropTable(warehouse: Warehouse, address: Address): Promise<void> {
  const doing = `removing ${address.dataset}.${address.table}`;
  await retried(warehouse, doing, () =>
    tableAt(warehouse, address).delete({ ignoreNotFound: true }),
  );
}

/** Names of a dataset's tables. */
export async function listTables(warehouse: Warehouse, dataset: string): Promise<string[]> {
  const list = () => warehouse.client.dataset(dataset).getTables();
  const [tables] = await retried(warehouse, `listing ${dataset}`, list);
  return tables.flatMap(({ id }) => id ?? []);
}

const MAX_RACES = 5;

/**
 * Read, decide, write: `change` gets a table of production as it is and returns what to set, or undefined
 * when nothing is to do. When somebody else changed the table in between, it is asked again.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function changeTable(
  warehouse: Warehouse,
  table: string,
  change: (found: TableResource) => object | undefined,
): Promise<void> {
  const address = { dataset: warehouse.dataset, table };
  for (let races = 0; races < MAX_RACES; races += 1) {
    const found = await getTable(warehouse, address);
    if (found === undefined) break;
    const metadata = change(found);
    if (metadata === undefined) return;
    // The client makes the header If-Match of it.
    const set = () =>
      tableAt(warehouse, address).setMetadata({ ...metadata, etag: found.etag ?? '*' });
    if ((await unless(412, retried(warehouse, `changing ${table}`, set))) !== undefined) return;
  }
  throw new EtlError('LOAD_FAILED', `changing ${table}: it is gone, or changed again and again`);
}

/** How a table is laid out on creation: by its id, and history by day. */
export function layoutOf(table: Table): Pick<TableMetadata, 'timePartitioning' | 'clustering'> {
  const { historyBy: field } = table;
  return {
    ...clusteringOf(table),
    ...(field === undefined ? {} : { timePartitioning: { type: 'DAY', field } }),
  };
}

export function clusteringOf(table: Table): { clustering?: { fields: string[] } } {
  const strings = columnsOf(table).filter(
    ({ type, mode }) => type === 'STRING' && mode !== 'REPEATED',
  );
  const names = new Set(strings.map(({ name }) => name));
  const fields = names.has('id') ? ['id'] : table.key.filter((it) => names.has(it)).slice(0, 2);
  return fields.length === 0 ? {} : { clustering: { fields } };
}

/** The labels of a table of this run. */
export const runLabels = (run: string, table: Table): Record<string, string> => ({
  run: labelValue(run),
  schema_version: schemaVersion(table),
});
