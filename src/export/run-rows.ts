import type { z } from 'zod';
import type { repairs } from '../tables/repairs.ts';
import type { runs } from '../tables/runs.ts';
import type { ExportInput, RepairCount } from './export-session.ts';
import type { Manifest, SourceEntry } from './manifest.ts';

type RunRow = z.input<typeof runs.row>;
type RepairRow = z.input<typeof repairs.row>;

/** The row of `runs`: what the manifest says of each source. */
export function runRow(
  input: ExportInput,
  { models, tags, benchmarks, boards }: Manifest['sources'],
): object {
  const sources = [
    ...(models === undefined ? [] : [sourceRow('models', models, models.missed)]),
    ...(tags === undefined ? [] : [sourceRow('tags', tags, 0)]),
    ...(benchmarks === undefined ? [] : [sourceRow('benchmarks', benchmarks, 0)]),
    ...Object.entries(boards ?? {}).map(([id, entry]) => sourceRow(`boards/${id}`, entry, 0)),
  ];
  return {
    run: input.run,
    started_at: input.startedAt,
    finished_at: input.finishedAt,
    // Only what was crawled to its end is exported; how the process will end is not known yet.
    status: 'done',
    exit_code: null,
    version: input.version,
    endpoint: input.endpoint,
    sources,
  } satisfies Record<keyof RunRow, unknown>;
}

/** The rows of `repairs`, by rule. */
export const repairRows = (run: string, counts: ReadonlyMap<string, RepairCount>): object[] =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([rule, { count, id, path }]) =>
        ({
          run,
          table: 'raw_model',
          rule,
          count,
          example_id: id,
          example_path: path,
        }) satisfies Record<keyof RepairRow, unknown>,
    );

function sourceRow(source: string, entry: SourceEntry, missed: number): object {
  const count = (name: string): number => integer(entry[name]) ?? 0;
  const { listed, exported, duplicates, rejected } = entry;
  return {
    source,
    status: typeof entry['status'] === 'string' ? entry['status'] : null,
    listed,
    exported,
    duplicates,
    rejected,
    missed,
    requests: count('requests'),
    pages: count('pages'),
    bytes: integer(entry['bytes']),
    seconds: integer(entry['seconds']),
  };
}

const integer = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : null;
