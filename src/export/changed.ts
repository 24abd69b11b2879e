import type { DuckDBConnection } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { field, textOf } from '../boards/values.ts';
import { readRecords } from '../storage/captures.ts';
import { identifier, literal } from '../tables/duckdb.ts';
import { tablesByName } from '../tables/index.ts';
import type { RecordOrigin } from '../tables/table.ts';
import { readJsonSql, withDuckdb } from './duckdb/session.ts';
import { plainRows } from './duckdb/values.ts';
import { REPOS } from './export-repos.ts';
import type { ReleaseBefore } from './export-session.ts';
import { verifyFiles } from './manifest.ts';

export interface ChangedInput {
  origin: RecordOrigin;
  before: ReleaseBefore;
  /** Datasets of a list with revisions and dates. */
  lists: readonly string[];
  /** Datasets of what is known to have changed, whole, and since when. */
  changes: readonly string[];
  since: string;
  /** Where DuckDB spills to; removed afterwards. */
  spillFolder: string;
  /** How many are told. */
  most: number;
}

/** The smallest table that has a row a repository, and the column of its last change. */
const ROWS = {
  model: ['core_model', 'lastModified'],
  dataset: ['hub_datasets', 'last_modified'],
  space: ['hub_spaces', 'last_modified'],
} as const satisfies Record<RecordOrigin, object>;

/**
 * The repositories of a list that the release before does not have as the list has them, nor whole, and
 * that are not among the changes either. Null where the release has not the tables to tell.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `CHECK_REFUSED` for files of the release that are damaged
 */
export async function changedSince(
  storageDir: string,
  input: ChangedInput,
): Promise<{ _id: string; id: string }[] | null> {
  const { origin, before, spillFolder, most } = input;
  const [name, changedAt] = ROWS[origin];
  const { [name]: entry, missed: lacked } = before.manifest.tables;
  if (entry === undefined || lacked === undefined) return null;
  await verifyFiles({ tables: { entry, lacked } }, before.folder);
  const rows = readJsonSql(tablesByName[name], entry, before.folder);
  const missed = readJsonSql(tablesByName.missed, lacked, before.folder);
  try {
    return await withDuckdb(':memory:', { ...DUCKDB, spillFolder }, async (connection) => {
      await takeIn(connection, storageDir, input);
      const found = await plainRows(
        connection,
        `
        SELECT DISTINCT _id, id FROM listed LEFT JOIN (
          SELECT _id, sha, ${identifier(changedAt)} AS changed, true AS is_known FROM ${rows}
          WHERE id NOT IN (SELECT id FROM ${missed} WHERE id IS NOT NULL AND source IN (${sourcesOf(origin)}))
        ) AS was USING (_id)
        WHERE _id NOT IN (SELECT _id FROM changes)
          AND (was.is_known IS NULL OR was.sha IS DISTINCT FROM listed.sha
            OR was.changed IS DISTINCT FROM try_cast(listed.changed AS TIMESTAMPTZ) OR NOT listed.has_place)
        ORDER BY _id LIMIT ${most}`,
      );
      return found as { _id: string; id: string }[]; // two texts, by the query
    });
  } finally {
    await rm(spillFolder, { recursive: true, force: true });
  }
}

const DUCKDB = { threads: 1, memoryLimit: '300MB' };

/** Under which a record was missed, or came without its large fields. */
const sourcesOf = (origin: RecordOrigin): string => {
  const { source, catchup, singles } = REPOS[origin];
  return [source, catchup, singles].map(literal).join(', ');
};

async function takeIn(
  connection: DuckDBConnection,
  storageDir: string,
  { lists, changes, since }: ChangedInput,
): Promise<void> {
  await connection.run(
    'CREATE TABLE listed (_id VARCHAR, id VARCHAR, sha VARCHAR, changed VARCHAR, has_place BOOLEAN)',
  );
  await connection.run('CREATE TABLE changes (_id VARCHAR)');
  const listed = await connection.createAppender('listed');
  for await (const record of readRecords(storageDir, lists)) {
    const texts = FIELDS.map((it) => textOf(field(record, it)));
    // Without a name there is nothing to ask for: cleaning rejects it.
    if (texts[0] === null || texts[1] === null) continue;
    for (const text of texts)
      if (text === null) listed.appendNull();
      else listed.appendVarchar(text);
    listed.appendBoolean(field(record, 'createdAt') !== undefined);
    listed.endRow();
  }
  listed.closeSync();
  const known = await connection.createAppender('changes');
  for await (const record of readRecords(storageDir, changes)) {
    const [_id, changed] = [textOf(field(record, '_id')), textOf(field(record, 'lastModified'))];
    if (_id === null || !(Date.parse(changed ?? '') >= Date.parse(since))) continue;
    known.appendVarchar(_id);
    known.endRow();
  }
  known.closeSync();
}

const FIELDS = ['_id', 'id', 'sha', 'lastModified'] as const;
