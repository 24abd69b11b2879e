import type { z } from 'zod';
import type { repairs } from '../tables/repairs.ts';
import type { runs } from '../tables/runs.ts';
import type { RepairCount } from './export-session.ts';
import type { Manifest, SourceEntry } from './manifest.ts';

type RunRow = z.input<typeof runs.row>;
type RepairRow = z.input<typeof repairs.row>;

/** The row of `runs`: what the manifest says. */
export function runRow({
  asked,
  outcome,
  sources: given,
  ...manifest
}: Omit<Manifest, 'tables' | 'rejects' | 'repairs'>): object {
  const { models, datasets, spaces, tags, authors, details, benchmarks, boards } = given;
  const sources = [
    ...Object.entries({ models, datasets, spaces, tags, authors, details, benchmarks }),
    ...Object.entries(boards ?? {}).map(([id, entry]) => [`boards/${id}`, entry] as const),
  ].flatMap(([source, entry]) => (entry === undefined ? [] : [sourceRow(source, entry)]));
  const [failure] = outcome.failures;
  return {
    run: manifest.run,
    started_at: manifest.startedAt,
    finished_at: manifest.finishedAt,
    status: outcome.status,
    exit_code: outcome.exitCode,
    version: manifest.version,
    endpoint: manifest.endpoint,
    sources,
    schema_version: manifest.schemaVersion,
    config_hash: asked.sha256,
    asked_sources: [...asked.sources],
    asked_boards: [...asked.boards],
    asked_tables: [...(asked.tables ?? [])],
    sample_limit: asked.limit,
    sample_filter: asked.filter,
    sample_author: asked.author,
    is_light: [models, datasets, spaces].some((it) => it?.carried !== undefined),
    error: failure === undefined ? null : `${failure.code}: ${failure.message}`.toWellFormed(),
    bytes: outcome.bytes,
    seconds: outcome.seconds,
  } satisfies Record<keyof RunRow, unknown>;
}

/** The rows of `repairs`, by table and rule. */
export const repairRows = (
  run: string,
  repairs: ReadonlyMap<string, ReadonlyMap<string, RepairCount>>,
): object[] =>
  [...repairs].flatMap(([table, counts]) =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([rule, { count, id, path }]) =>
          ({
            ...{ run, table, rule, count },
            example_id: id,
            example_path: path,
          }) satisfies Record<keyof RepairRow, unknown>,
      ),
  );

function sourceRow(source: string, entry: SourceEntry): object {
  const count = (name: string): number => integer(entry[name]) ?? 0;
  const { listed, exported, carried = 0, duplicates, rejected } = entry;
  return {
    source,
    status: typeof entry['status'] === 'string' ? entry['status'] : null,
    listed,
    exported,
    carried,
    duplicates,
    rejected,
    missed: count('missed'),
    requests: count('requests'),
    pages: count('pages'),
    bytes: integer(entry['bytes']),
    seconds: integer(entry['seconds']),
  };
}

const integer = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : null;
