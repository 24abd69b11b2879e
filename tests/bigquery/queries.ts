import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asObject, invalid, invalidQuery, notFound, onlyKeys, type Json } from './problem.ts';
import { parseQuery, type Query } from './query-tokens.ts';
import type { Content } from './rows.ts';
import type { Field } from './schema.ts';
import { resolve } from './sql-run.ts';
import type { Store, StoredTable } from './store.ts';

export interface Queries {
  /** `jobs.query`. */
  start: (body: Json) => Promise<Json>;
  /** `jobs.getQueryResults`. */
  results: (id: string, query: URLSearchParams) => Json;
  /** Everything that was asked, in order. */
  asked: readonly string[];
  close: () => Promise<void>;
}

export interface QueryFaults {
  /** Answers that come before the rows do: `jobComplete` is false in them. */
  slowAnswers: () => number;
}

interface Result {
  fields: { name: string; type: string }[];
  rows: (string | null)[][];
  slow: number;
}

/**
 * SELECTs over the stored rows. The text is read first: what BigQuery would not take, or the double does
 * not know, is refused. Then the rows are asked through DuckDB, with their own columns and types.
 */
export function createQueries(store: Store, faults: QueryFaults): Queries {
  const results = new Map<string, Result>();
  const asked: string[] = [];
  const engine = createEngine();

  const pageOf = (id: string, start: number, maxResults: number): Json => {
    const result = results.get(id);
    if (result === undefined) throw notFound(`Job ${store.project}:${id}`);
    const jobReference = { projectId: store.project, jobId: id, location: store.location };
    if (result.slow > 0) {
      result.slow -= 1;
      return { kind: 'bigquery#queryResponse', jobReference, jobComplete: false };
    }
    const end = start + Math.min(maxResults, store.pageRows);
    const rows = result.rows.slice(start, end).map((cells) => ({ f: cells.map((v) => ({ v })) }));
    return {
      kind: 'bigquery#queryResponse',
      jobReference,
      jobComplete: true,
      schema: { fields: result.fields.map((field) => ({ ...field, mode: 'NULLABLE' })) },
      totalRows: String(result.rows.length),
      ...(rows.length === 0 ? {} : { rows }),
      ...(end < result.rows.length ? { pageToken: String(end) } : {}),
    };
  };

  return {
    asked,
    close: engine.close,
    start: async (body) => {
      const { sql, maxResults } = parseBody(store, body);
      const query = parseQuery(sql);
      const tables = new Map(query.tables.map((name) => [name, resolve(store, name)]));
      asked.push(sql);
      const id = `query_${asked.length}`;
      results.set(id, { ...(await engine.answer(query, tables)), slow: faults.slowAnswers() });
      return pageOf(id, 0, maxResults);
    },
    results: (id, query) => {
      const known = [
        'location',
        'maxResults',
        'timeoutMs',
        'pageToken',
        'formatOptions.useInt64Timestamp',
      ];
      for (const name of query.keys()) {
        if (!known.includes(name)) throw invalid(`Unknown query parameter ${name}`);
      }
      if (query.get('location') !== store.location) throw notFound(`Job ${store.project}:${id}`);
      if (query.get('formatOptions.useInt64Timestamp') !== 'true') throw invalid('formatOptions');
      const start = Number(query.get('pageToken') ?? 0);
      return pageOf(id, start, Number(query.get('maxResults') ?? 50));
    },
  };
}

function parseBody(store: Store, body: Json): { sql: string; maxResults: number } {
  onlyKeys(body, 'query', [
    'query',
    'useLegacySql',
    'location',
    'maxResults',
    'timeoutMs',
    'formatOptions',
    'requestId',
  ]);
  const { query, useLegacySql, location, maxResults, requestId } = body;
  if (typeof query !== 'string') throw invalid('Required parameter is missing: query');
  if (useLegacySql !== false) throw invalid('useLegacySql must be false');
  if (location !== store.location) throw invalid('another location than the double has');
  const format = asObject(body['formatOptions'], 'formatOptions');
  onlyKeys(format, 'formatOptions', ['useInt64Timestamp']);
  if (format['useInt64Timestamp'] !== true) throw invalid('formatOptions');
  if (typeof requestId !== 'string' || !/^[A-Za-z0-9-]{1,36}$/.test(requestId)) {
    throw invalid('requestId: at most 36 characters of ASCII');
  }
  if (typeof maxResults !== 'number' || maxResults < 1) throw invalid('maxResults');
  return { sql: query, maxResults };
}

/** DuckDB with the tables that were asked for, opened when the first query comes. */
interface Engine {
  answer: (query: Query, tables: ReadonlyMap<string, StoredTable>) => Promise<Omit<Result, 'slow'>>;
  close: () => Promise<void>;
}

function createEngine(): Engine {
  let opened: Promise<Session> | undefined;
  const known = new Map<Content, Map<readonly Field[], Promise<string>>>();
  let count = 0;

  const nameOf = (session: Session, { content, schema }: StoredTable): Promise<string> => {
    const bySchema = known.get(content) ?? new Map<readonly Field[], Promise<string>>();
    known.set(content, bySchema);
    count += 1;
    const name = bySchema.get(schema) ?? createTable(session, { content, schema }, count);
    bySchema.set(schema, name);
    return name;
  };

  return {
    answer: async ({ translate }, tables) => {
      opened ??= openSession();
      const session = await opened;
      const names = new Map<string, string>();
      for (const [name, table] of tables) names.set(name, await nameOf(session, table));
      return run(
        session.connection,
        translate((name) => names.get(name) ?? name),
      );
    },
    close: async () => {
      const session = await opened;
      await session?.close();
    },
  };
}

interface Session {
  connection: DuckDBConnection;
  folder: string;
  close: () => Promise<void>;
}

async function openSession(): Promise<Session> {
  const folder = await mkdtemp(join(tmpdir(), 'bigquery-double-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    connection,
    folder,
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const TYPES: Record<string, string> = {
  STRING: 'VARCHAR',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  JSON: 'JSON',
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function typeOf({ type, mode, fields = [] }: Field): string {
  const one =
    type === 'RECORD'
      ? `STRUCT(${fields.map((it) => `${quoted(it.name)} ${typeOf(it)}`).join(', ')})`
      : (TYPES[type] ?? '');
  return mode === 'REPEATED' ? `${one}[]` : one;
}

/** Contents are never changed, only replaced; so a table is made once for each of them. */
async function createTable(
  { connection, folder }: Session,
  { content, schema }: Pick<StoredTable, 'content' | 'schema'>,
  number: number,
): Promise<string> {
  const local = `table_${number}`;
  const columns = schema.map((field) => `${quoted(field.name)} ${typeOf(field)}`);
  await connection.run(`CREATE TABLE ${local} (${columns.join(', ')})`);
  if (content.rows.length === 0) return local;
  const path = join(folder, `${local}.jsonl`);
  await writeFile(path, content.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const types = schema.map((it) => `'${it.name}': '${typeOf(it)}'`).join(', ');
  await connection.run(
    `INSERT INTO ${local} SELECT * FROM read_json('${path}', format = 'newline_delimited', maximum_object_size = 33554432, columns = {${types}})`,
  );
  await rm(path);
  return local;
}

/** What a column of an answer is called, by the start of DuckDB's name for its type. */
const ANSWER_TYPES: Record<string, string> = {
  BIGINT: 'INTEGER',
  INTEGER: 'INTEGER',
  HUGEINT: 'INTEGER',
  VARCHAR: 'STRING',
  DOUBLE: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  DATE: 'DATE',
};

async function run(connection: DuckDBConnection, sql: string): Promise<Omit<Result, 'slow'>> {
  const reader = await connection.runAndReadAll(sql).catch((error: unknown) => {
    throw invalidQuery(String(error));
  });
  const fields = reader.columnNames().map((name, at) => {
    const type = ANSWER_TYPES[String(reader.columnType(at))];
    if (type === undefined) throw invalidQuery(`${name} is no scalar`);
    return { name, type };
  });
  if (new Set(fields.map(({ name }) => name.toLowerCase())).size !== fields.length) {
    throw invalidQuery('Duplicate column names in the result are not supported');
  }
  const rows = reader
    .getRowsJS()
    .map((cells) => cells.map((cell, at) => cellOf(cell, fields[at]?.type)));
  return { fields, rows };
}

function cellOf(cell: unknown, type: string | undefined): string | null {
  if (cell === null) return null;
  if (cell instanceof Date) {
    return type === 'TIMESTAMP' ? String(cell.getTime() * 1000) : cell.toISOString().slice(0, 10);
  }
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'bigint' || typeof cell === 'number' || typeof cell === 'boolean') {
    return cell.toString();
  }
  throw invalidQuery('a cell of the answer is no scalar');
}
