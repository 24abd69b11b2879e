import { contentHash, type Row } from '../../bigquery/rows.ts';
import type { BigqueryDouble } from '../../bigquery/server.ts';
import type { Sight } from '../../bigquery/store.ts';
import { DATASET, type Exported } from './warehouse.ts';

/** What each publication brought, by its number in `releases`. */
export type Published = ReadonlyMap<number, Exported>;

/** Of a table with history, the day of a row; undefined for a table that is replaced as a whole. */
const dayOf = (row: Row): string | undefined => {
  const time = row['update_time'] ?? row['started_at'];
  return typeof time === 'string' ? time.slice(0, 10) : undefined;
};

/**
 * What a reader of production would call wrong in a sight: rows that are not those of the release that
 * `releases` names. Empty when all tables are of one release.
 */
export function faultsOf(double: BigqueryDouble, published: Published, sight: Sight): string[] {
  const releases = sight.rows.get('releases') ?? [];
  const sequence = Math.max(0, ...releases.map((row) => Number(row['sequence'])));
  const current = published.get(sequence);
  const faults: string[] = [];
  for (const [name, rows] of sight.rows) {
    if (name === 'releases' || name === 'release_checks') continue;
    const stated = current?.manifest.tables[name];
    if (stated === undefined) {
      if (rows.length > 0) faults.push(`${name} has rows of no release`);
      continue;
    }
    const own = ofLastRun(rows, current);
    const schema = double.tables(DATASET).get(name)?.schema ?? [];
    if (contentHash(own, schema) !== stated.sha256) faults.push(`${name} is not of ${sequence}`);
  }
  const history = historyFaults(sight, published, sequence);
  return [...faults, ...history];
}

function ofLastRun(rows: readonly Row[], exported: Exported | undefined): readonly Row[] {
  const day = exported?.manifest.startedAt.slice(0, 10);
  return rows.filter((row) => (dayOf(row) ?? day) === day);
}

/** Each day once, with as many rows as the last run of that day brought. */
function historyFaults(sight: Sight, published: Published, sequence: number): string[] {
  const expected = new Map<string, number>();
  for (let number = 1; number <= sequence; number += 1) {
    const manifest = published.get(number)?.manifest;
    const rows = manifest?.tables['usage']?.rows;
    if (manifest && rows !== undefined) expected.set(manifest.startedAt.slice(0, 10), rows);
  }
  const found = new Map<string, number>();
  for (const row of sight.rows.get('usage') ?? []) {
    const day = dayOf(row) ?? '';
    found.set(day, (found.get(day) ?? 0) + 1);
  }
  const sorted = (counts: ReadonlyMap<string, number>) =>
    JSON.stringify([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(found) === sorted(expected) ? [] : [`history of usage is ${sorted(found)}`];
}

/** Of every state that production was in, what was wrong with it. */
export const allFaults = (double: BigqueryDouble, published: Published): string[] =>
  double.sights
    .filter(({ dataset }) => dataset === DATASET)
    .flatMap((sight, at) => faultsOf(double, published, sight).map((it) => `${at}: ${it}`));
