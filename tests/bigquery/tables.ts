import { checkLabels, parseReference, TABLE } from './jobs.ts';
import {
  asObject,
  duplicate,
  invalid,
  notFound,
  onlyKeys,
  onlyQuery,
  Problem,
  type Json,
} from './problem.ts';
import { checkPatch, parseSchema } from './schema.ts';
import { parseQuery } from './query-tokens.ts';
import { resolve } from './script.ts';
import {
  addTable,
  datasetOf,
  removeTable,
  tableOf,
  type Store,
  type StoredDataset,
  type StoredTable,
  type StoredView,
} from './store.ts';

export interface Call {
  method: string;
  /** Below `/projects/P`. */
  parts: readonly string[];
  query: URLSearchParams;
  body: Json;
  ifMatch: string | undefined;
}

/** Datasets, tables and their rows; undefined for an address of another kind. */
export function answerTables(store: Store, call: Call): Json | undefined {
  const [kind, dataset, tables, table, ...rest] = call.parts;
  if (kind !== 'datasets') return undefined;
  if (dataset === undefined) return call.method === 'POST' ? insertDataset(store, call) : undefined;
  if (tables === undefined) return getDataset(store, dataset, call);
  if (tables !== 'tables') return undefined;
  if (table === undefined) return allTables(store, dataset, call);
  if (rest.length === 0) return oneTable(store, { dataset, table }, call);
  const isData = rest.join('/') === 'data' && call.method === 'GET';
  return isData ? listRows(store, tableOf(store, dataset, table), call) : undefined;
}

function allTables(store: Store, dataset: string, call: Call): Json | undefined {
  if (call.method === 'POST') return insertTable(store, dataset, call);
  return call.method === 'GET' ? listTables(store, dataset, call) : undefined;
}

function oneTable(
  store: Store,
  { dataset, table }: { dataset: string; table: string },
  call: Call,
): Json | undefined {
  onlyQuery(call.query, []);
  const view = datasetOf(store, dataset).views.get(table);
  if (view !== undefined) return oneView(store, view, call);
  switch (call.method) {
    case 'GET':
      return resourceOf(store, tableOf(store, dataset, table));
    case 'DELETE':
      removeTable(store, dataset, table);
      return {};
    case 'PATCH':
      return patchTable(store, tableOf(store, dataset, table), call);
    default:
      return undefined;
  }
}

function insertDataset(store: Store, { body }: Call): Json {
  onlyKeys(body, 'dataset', [
    'datasetReference',
    'location',
    'description',
    'defaultTableExpirationMs',
  ]);
  const reference = asObject(body['datasetReference'], 'datasetReference');
  const { datasetId, projectId } = reference;
  // Google's client leaves it out here.
  if (projectId !== undefined && projectId !== store.project) throw notFound('Project');
  if (typeof datasetId !== 'string' || !TABLE.test(datasetId)) throw invalid('Invalid dataset ID');
  if (body['location'] !== store.location) throw invalid('another location than the double has');
  if (store.datasets.has(datasetId)) throw duplicate(`Dataset ${store.project}:${datasetId}`);
  const expiration = body['defaultTableExpirationMs'];
  const dataset: StoredDataset = {
    name: datasetId,
    tables: new Map(),
    views: new Map(),
    ...(typeof body['description'] === 'string' ? { description: body['description'] } : {}),
    ...(typeof expiration === 'string' ? { defaultExpirationMs: Number(expiration) } : {}),
  };
  store.datasets.set(datasetId, dataset);
  return { datasetReference: reference };
}

function getDataset(store: Store, name: string, call: Call): Json | undefined {
  if (call.method !== 'GET') return undefined;
  onlyQuery(call.query, []);
  const { description } = datasetOf(store, name);
  return {
    datasetReference: { projectId: store.project, datasetId: name },
    location: store.location,
    description,
  };
}

function oneView(store: Store, view: StoredView, { method, body, ifMatch }: Call): Json {
  const etag = `view-${view.version}`;
  if (method === 'PATCH') {
    onlyKeys(body, 'view', ['view', 'description', 'etag']);
    checkMatch(ifMatch, etag);
    Object.assign(view, viewOf(store, body), { version: view.version + 1 });
  } else if (method !== 'GET') throw invalid(`${method} of a view`);
  return { etag, type: 'VIEW', description: view.description, view: { query: view.query } };
}

/** BigQuery takes a view only if its query is right, and its tables are there. */
function viewOf(store: Store, { view, description }: Json): StoredView {
  const { query, useLegacySql } = asObject(view, 'view');
  if (typeof query !== 'string' || useLegacySql !== false) throw invalid('view');
  for (const name of parseQuery(query).tables) resolve(store, name);
  return { query, description: String(description), version: 1 };
}

function insertView(store: Store, dataset: string, body: Json): Json {
  onlyKeys(body, 'view', ['tableReference', 'view', 'description']);
  const { table } = parseReference(store, body['tableReference']);
  const { views, tables } = datasetOf(store, dataset);
  if (views.has(table) || tables.has(table)) throw duplicate(`View ${table}`);
  const view = viewOf(store, body);
  views.set(table, view);
  return { type: 'VIEW', tableReference: body['tableReference'] };
}

function insertTable(store: Store, dataset: string, { body }: Call): Json {
  if (body['view'] !== undefined) return insertView(store, dataset, body);
  onlyKeys(body, 'table', [
    'tableReference',
    'schema',
    'description',
    'labels',
    'expirationTime',
    'timePartitioning',
    'clustering',
  ]);
  const place = parseReference(store, body['tableReference']);
  if (place.dataset !== dataset) throw invalid('The reference is of another dataset');
  const schema = parseSchema(body['schema']);
  const table = addTable(store, {
    ...{ dataset, name: place.table, kind: 'TABLE', schema },
    ...properties(store, body),
    ...layoutOf(body, new Map(schema.map((it) => [it.name, it]))),
  });
  return resourceOf(store, table);
}

type Layout = Pick<StoredTable, 'timePartitioning' | 'clustering'>;
type Columns = ReadonlyMap<string, { type: string; mode: string }>;

function layoutOf({ timePartitioning, clustering }: Json, columns: Columns): Layout {
  return {
    ...(timePartitioning === undefined
      ? {}
      : { timePartitioning: partitioningOf(timePartitioning, columns) }),
    ...(clustering === undefined ? {} : { clustering: clusteringOf(clustering, columns) }),
  };
}

function partitioningOf(value: unknown, columns: Columns): { type: string; field: string } {
  const partitioning = asObject(value, 'timePartitioning');
  onlyKeys(partitioning, 'timePartitioning', ['type', 'field']);
  const { type, field } = partitioning;
  const column = columns.get(String(field));
  const isTime = column?.type === 'TIMESTAMP' || column?.type === 'DATE';
  if (type !== 'DAY' || !isTime || column.mode === 'REPEATED') throw invalid('timePartitioning');
  return { type, field: String(field) };
}

function clusteringOf(value: unknown, columns: Columns): { fields: string[] } {
  const names = asObject(value, 'clustering')['fields'];
  if (!Array.isArray(names) || names.length === 0 || names.length > 4) throw invalid('clustering');
  for (const name of names) {
    const column = columns.get(String(name));
    if (column?.type !== 'STRING' || column.mode === 'REPEATED') throw invalid('clustering');
  }
  return { fields: names.map(String) };
}

function properties(store: Store, body: Json): Partial<StoredTable> {
  const { description, labels, expirationTime } = body;
  checkLabels(labels);
  if (expirationTime !== undefined && !(Number(expirationTime) > store.nowMs())) {
    throw invalid('Invalid expiration time');
  }
  if (typeof description === 'string' && description.length > 16_384) throw invalid('description');
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...(labels === undefined ? {} : { labels: labels as Record<string, string> }), // Just checked.
    ...(expirationTime === undefined ? {} : { expiresMs: Number(expirationTime) }),
  };
}

function patchTable(store: Store, table: StoredTable, { body, ifMatch }: Call): Json {
  // Google's client leaves the etag, which it has made a header of, in the body.
  onlyKeys(body, 'table', ['schema', 'description', 'labels', 'expirationTime', 'etag']);
  if (table.kind === 'SNAPSHOT') throw invalid('Cannot change a snapshot');
  checkMatch(ifMatch, etagOf(table));
  if (body['schema'] !== undefined) {
    const schema = parseSchema(body['schema']);
    checkPatch(table.schema, schema);
    table.schema = schema;
    const added = schema.filter(({ name }) => !table.rows.every((row) => name in row));
    const empty = Object.fromEntries(
      added.map(({ name, mode }) => [name, mode === 'REPEATED' ? [] : null]),
    );
    if (added.length > 0) table.rows = table.rows.map((row) => ({ ...empty, ...row }));
  }
  const { expirationTime, ...rest } = body;
  if (expirationTime === null) delete table.expiresMs;
  const { labels, ...others } = properties(store, {
    ...rest,
    ...(typeof expirationTime === 'string' ? { expirationTime } : {}),
  });
  Object.assign(table, others);
  if (labels !== undefined) {
    const merged: Record<string, string | null> = { ...table.labels, ...labels };
    table.labels = Object.fromEntries(
      Object.entries(merged).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    );
  }
  table.version += 1;
  return resourceOf(store, table);
}

function checkMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch !== etag) throw new Problem(412, 'conditionNotMet', 'Precondition check failed.');
}

const etagOf = ({ dataset, name, version }: StoredTable): string =>
  Buffer.from(`${dataset}.${name}.${version}`).toString('base64url');

const referenceOf = ({ project }: Store, { dataset, name }: StoredTable) => ({
  projectId: project,
  datasetId: dataset,
  tableId: name,
});

function resourceOf(store: Store, table: StoredTable): Json {
  const { kind, schema, rows, expiresMs, description, labels } = table;
  return {
    kind: 'bigquery#table',
    etag: etagOf(table),
    id: `${store.project}:${table.dataset}.${table.name}`,
    tableReference: referenceOf(store, table),
    type: kind,
    schema: { fields: schema },
    creationTime: table.creationTime,
    numRows: String(rows.length),
    description,
    labels,
    ...(expiresMs === undefined ? {} : { expirationTime: String(expiresMs) }),
    timePartitioning: table.timePartitioning,
    clustering: table.clustering,
  };
}

/** Pages of three, so that a client that does not follow them loses tables. */
function listTables(store: Store, dataset: string, call: Call): Json {
  onlyQuery(call.query, ['maxResults', 'pageToken']);
  const all = [...datasetOf(store, dataset).tables.values()]
    .filter(({ expiresMs }) => expiresMs === undefined || expiresMs > store.nowMs())
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const start = Number(call.query.get('pageToken') ?? 0);
  const end = start + Math.min(Number(call.query.get('maxResults') ?? 3), 3);
  return {
    tables: all.slice(start, end).map((it) => ({ tableReference: referenceOf(store, it) })),
    totalItems: all.length,
    ...(end < all.length ? { nextPageToken: String(end) } : {}),
  };
}

function listRows(store: Store, table: StoredTable, call: Call): Json {
  onlyQuery(call.query, ['maxResults', 'pageToken', 'formatOptions.useInt64Timestamp']);
  const start = Number(call.query.get('pageToken') ?? 0);
  const end = start + Math.min(Number(call.query.get('maxResults') ?? 50), store.pageRows);
  const rows = table.rows.slice(start, end).map((row) => ({
    f: table.schema.map(({ name, type }) => ({ v: cellOf(row[name], type) })),
  }));
  return {
    totalRows: String(table.rows.length),
    ...(rows.length === 0 ? {} : { rows }),
    ...(end < table.rows.length ? { pageToken: String(end) } : {}),
  };
}

/** Every scalar is a string; times are microseconds since 1970. */
function cellOf(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'TIMESTAMP' && typeof value === 'string') return String(Date.parse(value) * 1000);
  if (type === 'STRING' && typeof value === 'string') return value;
  if (type === 'INTEGER' && typeof value === 'number') return String(value);
  throw invalid(`tabledata.list of ${type} is not known here`);
}
