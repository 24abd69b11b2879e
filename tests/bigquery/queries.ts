import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalid, invalidQuery, notFound, onlyQuery, type Json } from './problem.ts';
import { parseQuery, type Query } from './query-tokens.ts';
import type { Row } from './rows.ts';
import type { Field } from './schema.ts';
import { resolve } from './script.ts';
import type { Store, StoredTable } from './store.ts';

export interface Queries {
  /** Answers the SELECT of a job, as the tables are now. */
  ask: (id: string, sql: string) => Promise<void>;
  /** `jobs.getQueryResults`. */
  results: (id: string, query: URLSearchParams) => Json;
  /** Everything that was asked, in order. */
  asked: readonly string[];
  close: () => Promise<void>;
}

interface Result {
  fields: { name: string; type: string }[];
  rows: (string | null)[][];
}

/**
 * SELECTs over the stored rows. The text is read first: what BigQuery would not take, or the double does
 * not know, is refused. Then the rows are asked through DuckDB, with their own columns and types.
 */
export function createQueries(store: Store): Queries {
  const results = new Map<string, Result>();
  const asked: string[] = [];
  const engine = createEngine();
  return {
    asked,
    close: engine.close,
    ask: async (id, sql) => {
      const query = parseQuery(sql);
      const tables = new Map(query.tables.map((name) => [name, resolve(store, name)]));
      asked.push(sql);
      results.set(id, await engine.answer(query, tables));
    },
    results: (id, query) => {
      onlyQuery(query, ['location', 'maxResults', 'pageToken', 'formatOptions.useInt64Timestamp']);
      const result = results.get(id);
      if (result === undefined || query.get('location') !== store.location) {
        throw notFound(`Job ${store.project}:${id}`);
      }
      if (query.get('formatOptions.useInt64Timestamp') !== 'true') throw invalid('formatOptions');
      const start = Number(query.get('pageToken') ?? 0);
      const end = start + store.pageRows;
      const rows = result.rows.slice(start, end).map((cells) => ({ f: cells.map((v) => ({ v })) }));
      return {
        kind: 'bigquery#getQueryResultsResponse',
        jobReference: { projectId: store.project, jobId: id, location: store.location },
        jobComplete: true,
        schema: { fields: result.fields.map((field) => ({ ...field, mode: 'NULLABLE' })) },
        totalRows: String(result.rows.length),
        ...(rows.length === 0 ? {} : { rows }),
        ...(end < result.rows.length ? { pageToken: String(end) } : {}),
      };
    },
  };
}

/** DuckDB with the tables that were asked for, opened when the first query comes. */
interface Engine {
  answer: (query: Query, tables: ReadonlyMap<string, StoredTable>) => Promise<Result>;
  close: () => Promise<void>;
}

function createEngine(): Engine {
  let opened: Promise<Session> | undefined;
  const known = new Map<readonly Row[], Map<readonly Field[], Promise<string>>>();
  let count = 0;

  const nameOf = (session: Session, { rows, schema }: StoredTable): Promise<string> => {
    const bySchema = known.get(rows) ?? new Map<readonly Field[], Promise<string>>();
    known.set(rows, bySchema);
    count += 1;
    const name = bySchema.get(schema) ?? createTable(session, { rows, schema }, count);
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

/** Rows are never changed, only replaced; so a table is made once for each of them. */
async function createTable(
  { connection, folder }: Session,
  { rows, schema }: Pick<StoredTable, 'rows' | 'schema'>,
  number: number,
): Promise<string> {
  const local = `table_${number}`;
  const columns = schema.map((field) => `${quoted(field.name)} ${typeOf(field)}`);
  await connection.run(`CREATE TABLE ${local} (${columns.join(', ')})`);
  if (rows.length === 0) return local;
  const path = join(folder, `${local}.jsonl`);
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
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

async function run(connection: DuckDBConnection, sql: string): Promise<Result> {
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
