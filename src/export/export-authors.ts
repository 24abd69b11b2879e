import type { DuckDBConnection } from '@duckdb/node-api';
import { join } from 'node:path';
import { parseAuthor, type OwnerKind } from '../boards/author-source.ts';
import { cleanOverview, type Overview } from '../clean/overviews.ts';
import { parseExact } from '../clean/parse-page.ts';
import { literal } from '../tables/duckdb.ts';
import { tablesByName } from '../tables/index.ts';
import { sameName } from '../tables/repo-names.ts';
import type { Table } from '../tables/table.ts';
import { readJsonSql, withDuckdb } from './duckdb/session.ts';
import { plainRows } from './duckdb/values.ts';
import {
  capturesOf,
  checkCounts,
  countRepair,
  readBody,
  rejectedText,
  timestampOf,
  writeReject,
  type Developer,
  type ExportSession,
} from './export-session.ts';
import type { SourceCounts } from './manifest.ts';

type Observed = Overview & { kind: OwnerKind | null; observed_at: string | null };

export interface Overviews {
  /** By owner. */
  found: Map<string, Observed>;
  counts: SourceCounts;
}

/**
 * What the Hub said of owners, each once.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function readOverviews(session: ExportSession): Promise<Overviews> {
  const dataset = session.input.datasets.authors ?? null;
  const found = new Map<string, Observed>();
  const counts: SourceCounts = { listed: 0, exported: 0, duplicates: 0, rejected: 0 };
  for await (const stored of capturesOf(session, dataset)) {
    const { kind, name } = parseAuthor(stored.facts.source) ?? { kind: null, name: '' };
    const value = readBody(parseExact, stored, dataset);
    const cleaned = cleanOverview(value);
    counts.listed += 1;
    if (found.has(name)) counts.duplicates += 1;
    else if (cleaned === null || kind === null) {
      counts.rejected += 1;
      const pointer = { dataset: stored.dataset, n: stored.n, position: 0 };
      const detail = `the overview of ${name} is no object`;
      await writeReject(session, {
        ...{ reason: 'not_an_object', detail, pointer },
        record: rejectedText(value),
      });
    } else {
      counts.exported += 1;
      const observed_at = timestampOf(stored.facts.fetchedAt);
      found.set(name, { ...cleaned.overview, kind, observed_at });
      for (const repair of cleaned.repairs)
        countRepair(session, 'authors', { ...repair, count: 1, id: name });
    }
  }
  checkCounts('authors', counts);
  return { found, counts };
}

/**
 * Writes a row for each owner of the release. Its tables are added up in DuckDB, which spills to the disk.
 *
 * @returns how many owners there are; null where nothing was written
 */
export async function exportAuthors(
  session: ExportSession,
  { found }: Overviews,
): Promise<number | null> {
  const { output, folder } = session;
  if (!output.names.includes('authors')) return null;
  const options = { threads: 1, memoryLimit: '300MB', spillFolder: join(folder, '.authors.spill') };
  await withDuckdb(':memory:', options, async (connection) => {
    const developers = await developersOf(session, connection);
    const rest = new Map(found);
    const rowOf = (name: string, counts: object): object => {
      const row = { name, ...(found.get(name) ?? NOT_ASKED), ...counts, ...developers(name) };
      rest.delete(name);
      return row;
    };
    const result = await connection.stream(await ownersSql(session));
    for await (const rows of result.yieldRowObjectJs()) {
      await output.write(
        'authors',
        rows.map(({ name, ...counts }) => rowOf(String(name), counts)),
      );
    }
    // Without the tables that say what they own.
    await output.write(
      'authors',
      [...rest.keys()].sort().map((name) => rowOf(name, NOT_COUNTED)),
    );
  });
  return output.rowsOf('authors') ?? null;
}

const NOT_ASKED: Observed = {
  kind: null,
  full_name: null,
  is_verified: null,
  plan: null,
  is_pro: null,
  members: null,
  followers: null,
  created_at: null,
  organizations: [],
  extra: [],
  observed_at: null,
};

/** Where what an owner has is counted: small tables, a row a repository. */
const COUNTED = [
  { table: tablesByName.usage, count: 'models', downloads: 'model_downloads' },
  { table: tablesByName.dataset_usage, count: 'datasets', downloads: 'dataset_downloads' },
  { table: tablesByName.space_usage, count: 'spaces', downloads: null },
] as const;

const NOT_COUNTED = Object.fromEntries(
  COUNTED.flatMap(({ count, downloads }) => [
    [count, null],
    ...(downloads === null
      ? []
      : [
          [downloads, null],
          [`${downloads}_all_time`, null],
        ]),
  ]),
);

/** What each owner has, in the order of names; what was not read is null, not 0. */
async function ownersSql({ output, folder }: ExportSession): Promise<string> {
  const sources: string[] = [];
  const columns: string[] = [];
  for (const { table, count, downloads } of COUNTED) {
    const entry = await output.finish(table.name);
    const isRead = entry !== undefined && entry.rows > 0;
    const figures = downloads === null ? 'NULL, NULL' : 'downloads, downloads_all_time';
    if (isRead) {
      sources.push(
        `SELECT split_part(id, '/', 1), ${literal(count)}, ${figures} FROM ${readJsonSql(table as Table, entry, folder)} WHERE contains(id, '/')`,
      );
    }
    const own = `FILTER (kind = ${literal(count)})`;
    // A DOUBLE comes as a number, and is exact as far as a column may be.
    columns.push(`${isRead ? `count(*) ${own}` : 'NULL'}::DOUBLE AS ${count}`);
    if (downloads === null) continue;
    columns.push(`(sum(now) ${own})::DOUBLE AS ${downloads}`);
    columns.push(`(sum(ever) ${own})::DOUBLE AS ${downloads}_all_time`);
  }
  const none = "SELECT '', '', 0, 0 WHERE false";
  const owned = [none, ...sources].join(' UNION ALL ');
  return `SELECT name, ${columns.join(', ')} FROM (${owned}) AS owned(name, kind, now, ever)
    GROUP BY name ORDER BY name`;
}

/** The board whose makers state organisation and country of each model. */
const EPOCH = 'epoch-eci';
const FILE_CONFIDENCE = 0.8;

/** One thing that is said of an owner: its columns. */
const said = (
  what: 'developer' | 'country',
  value: string | null,
  source: string,
  sure: number,
) => ({
  [what]: value,
  [`${what}_source`]: value === null ? null : source,
  [`${what}_confidence`]: value === null ? null : sure,
});

/** Developer and country of an owner: of the file, else of the board of Epoch where it was read. */
async function developersOf(
  session: ExportSession,
  connection: DuckDBConnection,
): Promise<(name: string) => object> {
  const { developers } = session.input;
  const ofBoard = await boardDevelopers(session, connection);
  const column = (name: string, what: 'developer' | 'country') => {
    const ofFile = developers?.owners.get(sameName(name))?.[what] ?? null;
    if (ofFile !== null) return said(what, ofFile, 'file', FILE_CONFIDENCE);
    const board = ofBoard.get(name);
    return said(what, board?.[what] ?? null, EPOCH, board?.confidence ?? 0);
  };
  return (name) => ({ ...column(name, 'developer'), ...column(name, 'country') });
}

/** What the board says of the models of an owner, where it is one thing. */
async function boardDevelopers(
  { output, folder }: ExportSession,
  connection: DuckDBConnection,
): Promise<Map<string, Developer & { confidence: number }>> {
  const entries = await output.finish('leaderboard_entries');
  const models = await output.finish('board_models');
  if (!entries?.rows || !models?.rows) return new Map();
  const one = (path: string): string =>
    `CASE WHEN count(DISTINCT ${path}) = 1 THEN min(${path}) END`;
  const reader = await connection.runAndReadAll(`
    SELECT split_part(model_id, '/', 1) AS name, max(confidence) AS confidence,
      ${one("attributes->>'organization'")} AS developer, ${one("attributes->>'country'")} AS country
    FROM ${readJsonSql(tablesByName.leaderboard_entries, entries, folder)} AS entries
    JOIN (SELECT board, model_name, confidence FROM ${readJsonSql(tablesByName.board_models, models, folder)}) AS named
      USING (board, model_name)
    WHERE board = ${literal(EPOCH)} AND contains(model_id, '/') GROUP BY 1`);
  return new Map(
    plainRows(reader).map((row) => [
      String(row['name']),
      {
        developer: row['developer'] === null ? null : String(row['developer']),
        country: row['country'] === null ? null : String(row['country']),
        confidence: Number(row['confidence']),
      },
    ]),
  );
}
