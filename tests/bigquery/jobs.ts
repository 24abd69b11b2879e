import { isDeepStrictEqual } from 'node:util';
import { asObject, duplicate, invalid, notFound, onlyKeys, Problem, type Json } from './problem.ts';
import { isQuery, parseQuery } from './query-tokens.ts';
import { readRows } from './rows.ts';
import { parseScript, runScript, seenBy, type Seen, type StatementFault } from './script.ts';
import { addTable, putRows, tableOf, type Store } from './store.ts';

export interface StoredJob {
  id: string;
  configuration: Json;
  state: 'PENDING' | 'RUNNING' | 'DONE';
  /** What the job does when its time has come; statistics are returned. */
  work: () => Json;
  /** What a transaction reads, it reads as it is when it begins. */
  begin: () => void;
  statistics: Json;
  problem?: Problem;
}

export interface Jobs {
  /** Makes the job, PENDING; it goes a state further each time somebody asks for it. */
  insert: (body: Json, data?: Buffer) => StoredJob;
  get: (id: string, location: string | null) => StoredJob;
  /** Finishes whatever is under way, as the server does when the client has gone. */
  settle: () => void;
  resource: (job: StoredJob) => Json;
  all: () => StoredJob[];
}

export interface JobFaults {
  statement: StatementFault;
  /** Throws to fail a job when it runs. */
  job: (job: StoredJob) => void;
  /** While true, no job gets any further. */
  isFrozen: () => boolean;
}

const ID = /^[A-Za-z0-9_-]{1,1024}$/;
const LABEL = /^[a-z0-9_-]{0,63}$/;

export function createJobs(store: Store, faults: JobFaults): Jobs {
  const jobs = new Map<string, StoredJob>();

  const advance = (job: StoredJob) => {
    if (faults.isFrozen()) return;
    if (job.state === 'PENDING') {
      job.state = 'RUNNING';
      job.begin();
    } else if (job.state === 'RUNNING') {
      job.state = 'DONE';
      try {
        faults.job(job);
        job.statistics = job.work();
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        job.problem = error;
      }
    }
  };

  const insert = (body: Json, data?: Buffer): StoredJob => {
    const { id, configuration } = parseJob(store, body);
    if (jobs.has(id)) throw duplicate(`Job ${store.project}:${store.location}.${id}`);
    const work = workOf(store, configuration, { data, faults });
    const job: StoredJob = { id, configuration, state: 'PENDING', statistics: {}, ...work };
    jobs.set(id, job);
    return job;
  };

  return {
    insert,
    get: (id, location) => {
      const job = jobs.get(id);
      if (job === undefined || location !== store.location) {
        throw notFound(`Job ${store.project}:${id}`);
      }
      advance(job);
      return job;
    },
    settle: () => {
      for (const job of jobs.values()) while (job.state !== 'DONE') advance(job);
    },
    resource: (job) => resourceOf(store, job),
    all: () => [...jobs.values()],
  };
}

function parseJob(store: Store, body: Json): { id: string; configuration: Json } {
  onlyKeys(body, 'job', ['jobReference', 'configuration']);
  const reference = asObject(body['jobReference'], 'jobReference');
  onlyKeys(reference, 'jobReference', ['projectId', 'jobId', 'location']);
  const { projectId, jobId, location } = reference;
  if (projectId !== store.project) throw notFound(`Project ${String(projectId)}`);
  if (location !== store.location)
    throw invalid(`Location ${String(location)} is not the dataset's`);
  if (typeof jobId !== 'string' || !ID.test(jobId)) throw invalid(`Invalid job ID`);
  const configuration = asObject(body['configuration'], 'configuration');
  onlyKeys(configuration, 'configuration', ['labels', 'load', 'copy', 'query']);
  const kinds = ['load', 'copy', 'query'].filter((kind) => kind in configuration);
  if (kinds.length !== 1) throw invalid('Required parameter is missing: one of load, copy, query');
  checkLabels(configuration['labels']);
  return { id: jobId, configuration };
}

export function checkLabels(value: unknown): void {
  for (const [name, label] of Object.entries(
    value === undefined ? {} : asObject(value, 'labels'),
  )) {
    if (
      !LABEL.test(name) ||
      name === '' ||
      (label !== null && !(typeof label === 'string' && LABEL.test(label)))
    ) {
      throw invalid(`Label ${name} is invalid`);
    }
  }
}

type Given = { data: Buffer | undefined; faults: JobFaults };

type Work = Pick<StoredJob, 'work' | 'begin'>;

const onlyWork = (work: () => Json): Work => ({ work, begin: () => undefined });

function workOf(store: Store, configuration: Json, { data, faults }: Given): Work {
  if ('load' in configuration) {
    const load = parseLoad(store, asObject(configuration['load'], 'load'));
    if ((load.uris.length === 0) === (data === undefined)) {
      throw invalid('Load configuration must specify source URIs, or come with an upload');
    }
    return onlyWork(() => runLoad(store, load, data));
  }
  if ('copy' in configuration) {
    const copy = parseCopy(store, asObject(configuration['copy'], 'copy'));
    return onlyWork(() => runCopy(store, copy));
  }
  const query = asObject(configuration['query'], 'query');
  onlyKeys(query, 'query', ['query', 'useLegacySql', 'useQueryCache']);
  if (query['useLegacySql'] !== false) throw invalid('useLegacySql must be false');
  if (typeof query['query'] !== 'string') throw invalid('Required parameter is missing: query');
  if (isQuery(query['query'])) {
    parseQuery(query['query']);
    return onlyWork(() => ({}));
  }
  const script = parseScript(query['query']);
  let seen: Seen = new Map();
  return {
    begin: () => {
      seen = seenBy(store, script);
    },
    work: () => {
      runScript(store, script, { fault: faults.statement, seen });
      return { query: { statementType: 'SCRIPT' } };
    },
  };
}

interface Load {
  place: { dataset: string; table: string };
  /** Of the objects to load from; none for an upload. */
  uris: readonly string[];
}

/** The options are fixed: what is lenient loses or invents values. */
export const LOAD = {
  sourceFormat: 'NEWLINE_DELIMITED_JSON',
  createDisposition: 'CREATE_NEVER',
  writeDisposition: 'WRITE_APPEND',
  maxBadRecords: 0,
  ignoreUnknownValues: false,
  autodetect: false,
};

function parseLoad(store: Store, load: Json): Load {
  // Google's client repeats the location here.
  onlyKeys(load, 'load', ['destinationTable', 'sourceUris', 'location', ...Object.keys(LOAD)]);
  for (const [name, value] of Object.entries(LOAD)) {
    if (load[name] !== value) throw invalid(`load.${name} must be ${String(value)} here`);
  }
  const place = parseReference(store, load['destinationTable']);
  tableOf(store, place.dataset, place.table);
  const { sourceUris = [] } = load;
  if (!Array.isArray(sourceUris)) throw invalid('sourceUris');
  const uris = sourceUris.map(String);
  // A `*` would be any text.
  for (const uri of uris) if (!URI.test(uri)) throw invalid(`sourceUris ${uri}`);
  return { place, uris };
}

const URI = /^gs:\/\/([^/*]+)\/([^*]+)$/;

function readUri(store: Store, uri: string): Buffer {
  const [, bucket = '', name = ''] = URI.exec(uri) ?? [];
  const bytes = store.buckets.get(bucket)?.get(name);
  if (bytes === undefined) throw notFound(`URI ${uri}`);
  return bytes;
}

/** Adds rows to a table that is there. Objects are read when the job runs. */
function runLoad(store: Store, { place, uris }: Load, data: Buffer | undefined): Json {
  const table = tableOf(store, place.dataset, place.table);
  if (table.kind === 'SNAPSHOT') throw invalid('Cannot write to a snapshot');
  const files = data === undefined ? uris.map((it) => readUri(store, it)) : [data];
  const added = files.flatMap((bytes) => readRows(bytes, table.schema));
  const rows = [...table.rows, ...added];
  putRows(store, new Map([[table, rows]]), 'load');
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  return {
    load: { inputFiles: '1', inputFileBytes: String(bytes), outputRows: String(added.length) },
  };
}

interface Copy {
  from: { dataset: string; table: string };
  to: { dataset: string; table: string };
  expiresMs: number;
}

/** Of the kinds of copy only snapshots. */
function parseCopy(store: Store, copy: Json): Copy {
  const { sourceTables, destinationTable, destinationExpirationTime: expires, ...rest } = copy;
  const wanted = {
    operationType: 'SNAPSHOT',
    createDisposition: 'CREATE_IF_NEEDED',
    writeDisposition: 'WRITE_EMPTY',
  };
  if (!isDeepStrictEqual(rest, wanted)) throw invalid(`copy with ${JSON.stringify(rest)}`);
  if (!Array.isArray(sourceTables) || sourceTables.length !== 1) throw invalid('One source table');
  if (typeof expires !== 'string') throw invalid('a snapshot without destinationExpirationTime');
  return {
    from: parseReference(store, sourceTables[0]),
    to: parseReference(store, destinationTable),
    expiresMs: Date.parse(expires),
  };
}

function runCopy(store: Store, { from, to, expiresMs }: Copy): Json {
  const { kind, ...source } = tableOf(store, from.dataset, from.table);
  if (kind === 'SNAPSHOT') throw invalid('SNAPSHOT of a SNAPSHOT');
  if (!(expiresMs > store.nowMs())) throw invalid('expired at birth');
  const place = { dataset: to.dataset, name: to.table };
  addTable(store, { ...source, ...place, kind: 'SNAPSHOT', expiresMs }, 'copy');
  return {};
}

/** A name of a dataset, or of a table. */
export const TABLE = /^[A-Za-z0-9_]{1,1024}$/;

export function parseReference(store: Store, value: unknown): { dataset: string; table: string } {
  const reference = asObject(value, 'table reference');
  onlyKeys(reference, 'table reference', ['projectId', 'datasetId', 'tableId']);
  const { projectId, datasetId, tableId } = reference;
  if (projectId !== store.project) throw notFound(`Project ${String(projectId)}`);
  if (typeof datasetId !== 'string' || typeof tableId !== 'string' || !TABLE.test(tableId)) {
    throw invalid(`Invalid table ID "${String(tableId)}"`);
  }
  return { dataset: datasetId, table: tableId };
}

function resourceOf({ project, location }: Store, job: StoredJob): Json {
  const { id, configuration, state, statistics, problem } = job;
  const error = problem && { reason: problem.reason, message: problem.message };
  return {
    kind: 'bigquery#job',
    id: `${project}:${location}.${id}`,
    jobReference: { projectId: project, jobId: id, location },
    configuration,
    status: { state, ...(error === undefined ? {} : { errorResult: error, errors: [error] }) },
    statistics,
  };
}
