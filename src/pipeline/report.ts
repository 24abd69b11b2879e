import type { HubLoad } from '../export/hub/publication.ts';
import type { BigqueryLoad } from '../export/bigquery/load.ts';
import { HUB_SOURCES, type BoardFacts, type CheckFacts, type RunState } from './state.ts';
import type { CompletenessRow, Manifest, SourceFacts } from '../export/manifest.ts';
import type { Exported } from './export.ts';

/** What a command did, as `--json` prints it: exactly one object. */
export interface RunReport {
  run: string;
  status: RunState['status'];
  exitCode: number;
  sources: Record<string, unknown> & { boards?: Record<string, BoardFacts & JoinedNames> };
  /** What is whole and what is not, source by source; missing without tables. */
  completeness?: CompletenessRow[] | undefined;
  tables: Record<string, { rows: number; files: string[]; bytes: number; sha256: string }>;
  warehouse: { kind: string; path: string } | null;
  /** What a load to BigQuery did, or would do. */
  bigquery?: BigqueryLoad | undefined;
  /** What was published on the Hub, or would be. */
  hub?: HubLoad[] | undefined;
  /** What the checks of a release warned of or refused; missing when none was checked. */
  checks?: CheckFacts['findings'] | undefined;
  /** Folder of the tables; null when none were made. */
  folder: string | null;
  /** The page that shows them: `report.html`; missing when none was written. */
  page?: string | undefined;
  error?: { code: string; message: string; hint: string } | undefined;
  /** All that failed; `error` is the gravest. */
  failures: RunState['failures'];
  /** It went well, and the one before had not. */
  isRecovered: boolean;
}

/** How many names of a board were found among the models; missing where no tables were made. */
export interface JoinedNames {
  names?: number;
  /** Those that are known to be a model of the Hub. */
  resolved?: number;
  /** Those whose model the release holds; null where it read none. */
  joined?: number | null;
}

/** Puts together what the crawl counted and what the export counted. */
export function buildReport(
  state: RunState,
  exported: Exported | undefined,
  failures: RunState['failures'],
): RunReport {
  const warehouse = exported?.warehouse;
  return {
    run: state.run,
    status: state.status,
    exitCode: state.exitCode ?? 1,
    sources: sourceReports(state, exported),
    completeness: exported?.manifest.completeness,
    tables: tableReports(exported),
    warehouse: warehouse === undefined ? null : { kind: warehouse.kind, path: warehouse.path },
    bigquery: exported?.bigquery,
    hub: exported?.hub,
    checks: checkFacts(exported)?.findings,
    folder: exported?.folder ?? null,
    error: state.error,
    failures,
    isRecovered: state.failedBefore && state.exitCode === 0,
  };
}

function sourceReports(
  { sources }: RunState,
  exported: Exported | undefined,
): RunReport['sources'] {
  const counts: Partial<Record<string, object>> = exported?.manifest.sources ?? {};
  const { boards } = sources;
  return {
    ...Object.fromEntries(
      HUB_SOURCES.flatMap((name) => {
        const facts = sources[name];
        return facts === undefined ? [] : [[name, { ...facts, ...counts[name] }]];
      }),
    ),
    ...(boards && { boards: boardReports(boards, exported?.manifest.sources) }),
  };
}

/** What the checks of all warehouses said: counts, and each finding that people should look at. */
export function checkFacts(exported: Exported | undefined): CheckFacts | undefined {
  if (exported?.checks === undefined) return undefined;
  const all = Object.entries(exported.checks).flatMap(([warehouse, results]) =>
    results.map((it) => ({ warehouse, ...it })),
  );
  const number = (wanted: string): number => all.filter((it) => it.outcome === wanted).length;
  const findings = all.flatMap(
    ({ warehouse, outcome, check, table, found, expected, sampleSql }) =>
      outcome === 'warned' || outcome === 'refused'
        ? [{ warehouse, outcome, check, table, found, expected, sampleSql }]
        : [],
  );
  return { passed: number('passed'), skipped: number('skipped'), findings };
}

function tableReports(exported: Exported | undefined): RunReport['tables'] {
  const tables = Object.entries(exported?.manifest.tables ?? {});
  return Object.fromEntries(
    tables.map(([name, { rows, bytes, sha256, files }]) => [
      name,
      { rows, files: files.map((file) => file.path), bytes, sha256 },
    ]),
  );
}

function boardReports(
  boards: Record<string, BoardFacts>,
  counts: Manifest['sources'] = {},
): Record<string, BoardFacts & JoinedNames> {
  return Object.fromEntries(
    Object.entries(boards)
      .map(([id, facts]): [string, BoardFacts & JoinedNames] => {
        const entry: SourceFacts = counts.boards?.[id] ?? {};
        const { names, resolved, joined } = entry;
        if (typeof names !== 'number') return [id, facts];
        const isRead = counts.models !== undefined && typeof joined === 'number';
        return [
          id,
          { ...facts, names, resolved: Number(resolved), joined: isRead ? joined : null },
        ];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
