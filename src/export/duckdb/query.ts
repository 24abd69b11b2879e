import { StatementType, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api';
import { EtlError } from '../../errors.ts';
import { asLoadError, withDuckdb } from './session.ts';
import { plainRows, toPlain, type PlainRow, type PlainValue } from './values.ts';

/**
 * Rows of a query of our own over a DuckDB file, as plain values. Opens it read-only, so it may be run
 * while others read.
 *
 * @throws {EtlError} `LOAD_FAILED` when the file cannot be opened or the query fails.
 */
export async function queryDuckdb(path: string, sql: string): Promise<PlainRow[]> {
  try {
    return await withDuckdb(path, { readOnly: true }, (connection) => plainRows(connection, sql));
  } catch (error) {
    throw asLoadError(error, path);
  }
}

/** Takes the answer of a query, a part at a time. */
export interface Answer {
  columns: readonly string[];
  /** Rows in parts of some thousand, so that an answer of any size fits into memory. */
  parts: AsyncIterable<PlainValue[][]>;
}

/**
 * Asks a DuckDB file what a person typed. One statement that reads: anything else is refused before it
 * is run, and no file but the warehouse is read or written, whatever functions the statement names.
 *
 * @throws {EtlError} `QUERY_REFUSED` for a statement that does not only read; `QUERY_FAILED` for one
 * that DuckDB cannot run.
 * @param previous a file that the statement may read as the database `previous`
 */
export async function askDuckdb<Result>(
  { path, previous }: { path: string; previous?: string },
  sql: string,
  take: (answer: Answer) => Promise<Result>,
): Promise<Result> {
  let isOpen = false;
  try {
    const session = { readOnly: true, otherFiles: false, previous };
    return await withDuckdb(path, session, async (connection) => {
      isOpen = true;
      await refuseWriting(connection, sql);
      const result = await queryFailing(() => connection.stream(sql));
      return take({ columns: result.deduplicatedColumnNames(), parts: partsOf(result) });
    });
  } catch (error) {
    // What fails in `take` (a closed pipe, say) is no failure of the file.
    throw isOpen ? error : asLoadError(error, path);
  }
}

async function* partsOf(result: DuckDBResult): AsyncGenerator<PlainValue[][], void> {
  for (;;) {
    const chunk = await queryFailing(() => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.convertRows<PlainValue>(toPlain);
  }
}

const READING = new Set<StatementType>([StatementType.SELECT, StatementType.EXPLAIN]);

async function refuseWriting(connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql.trim() === '') throw new EtlError('QUERY_REFUSED', 'There is no statement');
  const statements = await queryFailing(() => connection.extractStatements(sql));
  if (statements.count !== 1) {
    throw new EtlError('QUERY_REFUSED', `These are ${statements.count} statements`);
  }
  // Preparing can already write (EXPORT makes its folder): other files are shut off in this session.
  const prepared = await queryFailing(() => statements.prepare(0));
  const { statementType } = prepared;
  prepared.destroySync();
  if (!READING.has(statementType)) {
    const kind = StatementType[statementType];
    throw new EtlError('QUERY_REFUSED', `A statement that reads is asked for, this is ${kind}`);
  }
  // EXPLAIN ANALYZE runs what it explains, and DuckDB lets its own files be written: no file at all then.
  // (Not for SELECT, which may have to spill.)
  if (statementType === StatementType.EXPLAIN)
    await connection.run("SET disabled_filesystems = 'LocalFileSystem'");
}

async function queryFailing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const isWriting = /read-only mode|disabled by configuration/.test(text);
    throw new EtlError(isWriting ? 'QUERY_REFUSED' : 'QUERY_FAILED', text.slice(0, 2000), {
      cause: error,
    });
  }
}
