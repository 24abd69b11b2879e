import { EtlError } from '../../errors.ts';
import { labelValue } from './names.ts';
import type { Warehouse } from './client.ts';
import type { Refusal } from './failure.ts';
import { failure } from './failure.ts';
import { ask, send } from './send.ts';

/** A field of a schema as the API tells it; modes and inner fields may be left out. */
export interface Field {
  name: string;
  type: string;
  mode?: string;
  description?: string;
  fields?: Field[];
}

/** A field that every row has. */
export const requiredField = (name: string, type: string, description: string): Field => ({
  name,
  type,
  mode: 'REQUIRED',
  description,
});

/** A table as the API tells it, as far as it is used here. */
export interface TableResource {
  tableReference: { projectId: string; datasetId: string; tableId: string };
  etag?: string;
  type?: string;
  schema?: { fields?: Field[] };
  numRows?: string;
  description?: string;
  labels?: Record<string, string>;
  expirationTime?: string;
  timePartitioning?: { type: string; field: string };
  clustering?: { fields: string[] };
}

export interface DatasetSpec {
  name: string;
  description: string;
  /** For tables without an expiration of their own. */
  expirationMs?: number;
}

/**
 * Creates a dataset unless it is there; an existing one is left as it is.
 *
 * @throws {EtlError} `CONFIG_INVALID` when it lies in another location: no job could write to it
 */
export async function ensureDataset(warehouse: Warehouse, spec: DatasetSpec): Promise<void> {
  const path = `/datasets/${spec.name}`;
  const found = await send<{ location?: string }>(warehouse, { method: 'GET', path }, [404]);
  if ('answer' in found) {
    const { location = warehouse.location } = found.answer;
    if (location.toUpperCase() === warehouse.location.toUpperCase()) return;
    throw new EtlError(
      'CONFIG_INVALID',
      `dataset ${spec.name} is in ${location}, not in ${warehouse.location}: set the location`,
    );
  }
  const body = {
    datasetReference: { projectId: warehouse.project, datasetId: spec.name },
    location: warehouse.location,
    description: spec.description,
    ...(spec.expirationMs === undefined
      ? {}
      : { defaultTableExpirationMs: String(spec.expirationMs) }),
  };
  // 409: it came into being meanwhile, or the answer to our first request was lost.
  await send(warehouse, { method: 'POST', path: '/datasets', body }, [409]);
}

/** A table's metadata; undefined when the table or its dataset does not exist. */
export async function getTable(
  warehouse: Warehouse,
  dataset: string,
  table: string,
): Promise<TableResource | undefined> {
  const path = `/datasets/${dataset}/tables/${table}`;
  const found = await send<TableResource>(warehouse, { method: 'GET', path }, [404]);
  return 'answer' in found ? found.answer : undefined;
}

/** Creates a table unless it is there. */
export async function createTable(
  warehouse: Warehouse,
  { dataset, table }: { dataset: string; table: string },
  facts: Omit<TableResource, 'tableReference' | 'numRows' | 'etag' | 'type'>,
): Promise<void> {
  const tableReference = { projectId: warehouse.project, datasetId: dataset, tableId: table };
  const body = { tableReference, ...facts };
  await send(warehouse, { method: 'POST', path: `/datasets/${dataset}/tables`, body }, [409]);
}

/** Removes a table; one that is not there is no error. */
export async function dropTable(
  warehouse: Warehouse,
  dataset: string,
  table: string,
): Promise<void> {
  const path = `/datasets/${dataset}/tables/${table}`;
  await send(warehouse, { method: 'DELETE', path }, [404]);
}

/** Names of a dataset's tables. */
export async function listTables(warehouse: Warehouse, dataset: string): Promise<string[]> {
  interface Page {
    tables?: TableResource[];
    nextPageToken?: string;
  }
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const query = { maxResults: '1000', ...(pageToken === undefined ? {} : { pageToken }) };
    const path = `/datasets/${dataset}/tables`;
    const page: Page = await ask<Page>(warehouse, { method: 'GET', path, query });
    names.push(...(page.tables ?? []).map(({ tableReference }) => tableReference.tableId));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return names;
}

const MAX_RACES = 5;

/**
 * Read, decide, write: `change` gets the table as it is and returns what to set, or undefined when
 * nothing is to do. When somebody else changed the table in between, it is asked again.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function changeTable(
  warehouse: Warehouse,
  table: string,
  change: (found: TableResource) => object | undefined,
): Promise<TableResource> {
  const path = `/datasets/${warehouse.dataset}/tables/${table}`;
  let lost: Refusal | undefined;
  for (let races = 0; races < MAX_RACES; races += 1) {
    const found = await ask<TableResource>(warehouse, { method: 'GET', path });
    const body = change(found);
    if (body === undefined) return found;
    const headers = { 'If-Match': found.etag ?? '*' };
    const outcome = await send<TableResource>(
      warehouse,
      { method: 'PATCH', path, body, headers },
      [412],
    );
    if ('answer' in outcome) return outcome.answer;
    lost = outcome.refusal;
  }
  throw failure(lost ?? { status: 412, reason: '', message: 'changed again and again' }, path);
}

/** The labels of a table of this run. */
export const runLabels = (run: string, version: string): Record<string, string> => ({
  run: labelValue(run),
  schema_version: version,
});
