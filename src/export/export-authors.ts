import { join } from 'node:path';
import { parseAsked, type OwnerKind } from '../boards/asked-source.ts';
import { cleanOverview, type Overview } from '../clean/overviews.ts';
import { parseExact } from '../clean/parse-page.ts';
import { literal } from '../tables/duckdb.ts';
import { tablesByName } from '../tables/index.ts';
import { readJsonSql, withDuckdb } from './duckdb/session.ts';
import { textOf } from './duckdb/values.ts';
import { developersOf } from './developers.ts';
import {
  capturesOf,
  checkCounts,
  countRepair,
  readBody,
  rejectedText,
  timestampOf,
  writeReject,
  type ExportSession,
} from './export-session.ts';
import { NO_COUNTS, type SourceCounts } from './manifest.ts';

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
  const found = new Map<string, Observed>();
  const counts = { ...NO_COUNTS };
  for await (const stored of capturesOf(session, 'authors')) {
    const { kind, name } = parseAsked('authors', stored.facts.source) ?? { kind: null, name: '' };
    const value = readBody(parseExact, stored);
    const cleaned = cleanOverview(value);
    counts.listed += 1;
    if (found.has(name)) counts.duplicates += 1;
    else if (cleaned === null || kind === null) {
      counts.rejected += 1;
      await writeReject(session, stored, {
        reason: 'not_an_object',
        detail: `the overview of ${name} is no object`,
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

/** Writes a row for each owner of the release. Its tables are added up in DuckDB, which spills to the disk. */
export async function exportAuthors(session: ExportSession, { found }: Overviews): Promise<void> {
  const { output, folder } = session;
  if (!output.names.includes('authors')) return;
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
        rows.map(({ name, ...counts }) => rowOf(textOf(name), counts)),
      );
    }
    // Without the tables that say what they own.
    await output.write(
      'authors',
      [...rest.keys()].sort().map((name) => rowOf(name, NOT_COUNTED)),
    );
  });
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

const NOT_COUNTED = {
  ...{ models: null, datasets: null, spaces: null },
  ...{ model_downloads: null, model_downloads_all_time: null },
  ...{ dataset_downloads: null, dataset_downloads_all_time: null },
};

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
        `SELECT split_part(id, '/', 1), ${literal(count)}, ${figures} FROM ${readJsonSql(table, entry, folder)} WHERE contains(id, '/')`,
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
