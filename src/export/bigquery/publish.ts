import { bigquerySchema } from '../../tables/bigquery.ts';
import type { Manifest } from '../manifest.ts';
import type { Warehouse } from './client.ts';
import type { CheckResult } from '../checks/check.ts';
import { copyTable } from './copies.ts';
import { eachOf } from './each-of.ts';
import { jobBase, schemaVersion, shortHash, stagingName } from './names.ts';
import { refuseWhenOvertaken, runPublication } from './publication.ts';
import { readReleases, type ReleaseRow } from './releases.ts';
import { changeTable, createTable, runLabels } from './resources.ts';
import { fitSchema } from './schema.ts';
import type { TableSwitch } from './script.ts';
import { layoutOf, sliceColumns } from './slices.ts';
import { DAY_MS, STAGING_DAYS } from './stage.ts';
import { isSame, type Candidate, type Survey } from './survey.ts';

/** Creates the production tables that are missing, laid out for good. */
export async function createMissing(
  warehouse: Warehouse,
  candidates: readonly Candidate[],
  run: string,
): Promise<void> {
  await eachOf(
    candidates.filter(({ production }) => production === undefined),
    ({ table }) =>
      createTable(
        warehouse,
        { dataset: warehouse.dataset, table: table.name },
        {
          schema: { fields: bigquerySchema(table) },
          description: table.description,
          labels: runLabels(run, schemaVersion(table)),
          ...layoutOf(table),
        },
      ),
  );
}

/** Adds to production what our schema has more. Readers see new columns, empty. */
export async function alignSchemas(warehouse: Warehouse, survey: Survey): Promise<void> {
  const toAlign = survey.candidates.filter((it) => bySql(survey, it));
  await eachOf(toAlign, ({ table }) =>
    changeTable(warehouse, table.name, ({ schema }) => {
      const { aligned } = fitSchema(bigquerySchema(table), schema?.fields ?? []);
      return aligned === undefined ? undefined : { schema: { fields: aligned } };
    }),
  );
}

/** Whether the table goes through the transaction; in `copy` mode only history does. */
const bySql = ({ mode }: Survey, { table }: Candidate): boolean =>
  mode === 'transaction' || sliceColumns(table).length > 0;

/**
 * Switches readers over. In a transaction, all tables and the rows of `releases` at once. By copies, a
 * table at a time, and then the history and `releases` in a transaction; when a copy fails, what was
 * switched is put back from the snapshots.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function publishTables(
  warehouse: Warehouse,
  survey: Survey,
  { manifest, checks }: { manifest: Manifest; checks: readonly CheckResult[] },
): Promise<void> {
  const content = publicationHash(survey, manifest);
  const copied = survey.candidates.filter((it) => !bySql(survey, it));
  // No copy can be told to look first; this leaves seconds in which another one may come between.
  if (copied.length > 0) await refuseWhenOvertaken(warehouse, survey.sequence);
  await copyAll(warehouse, copied, { run: manifest.run, content });
  const switches = survey.candidates
    .filter((it) => bySql(survey, it))
    .map(({ table }) => switchOf(warehouse, table, manifest.run));
  const { sequence } = survey;
  await runPublication(warehouse, switches, {
    doing: 'publishing',
    work: content,
    isDone: async () => isSame((await readReleases(warehouse)).at(-1), manifest),
    sequence,
    rows: releaseRows(warehouse, survey, manifest),
    checks: checks.map(({ check, table, severity, outcome, found, expected }) => ({
      ...{ sequence, run: manifest.run },
      ...{ check, table, severity, outcome, found, expected },
    })),
  });
}

/** The state before is part of it: to publish a run again after another one is other work. */
const publicationHash = ({ sequence, mode }: Survey, { tables }: Manifest): string =>
  shortHash(
    mode,
    String(sequence),
    ...Object.entries(tables).map(([name, { sha256 }]) => `${name} ${sha256}`),
  );

const switchOf = (
  { project, dataset, staging }: Warehouse,
  table: Candidate['table'],
  run: string,
): TableSwitch => ({
  target: `${project}.${dataset}.${table.name}`,
  source: `${project}.${staging}.${stagingName(table.name, run)}`,
  columns: bigquerySchema(table).map(({ name }) => name),
  slice: sliceColumns(table),
});

function releaseRows(
  { clock }: Warehouse,
  { candidates, sequence }: Survey,
  { run, startedAt, finishedAt, version }: Manifest,
): ReleaseRow[] {
  const publishedAt = new Date(clock.nowMs()).toISOString();
  return candidates.map(({ table, entry, backup }) => ({
    sequence,
    action: 'publish',
    run,
    publishedAt,
    startedAt,
    finishedAt,
    version,
    table: table.name,
    rows: entry.rows,
    sha256: entry.sha256,
    backup,
  }));
}

async function copyAll(
  warehouse: Warehouse,
  candidates: readonly Candidate[],
  { run, content }: { run: string; content: string },
): Promise<void> {
  const { dataset, staging, backups } = warehouse;
  const switched: Candidate[] = [];
  try {
    await eachOf(candidates, async (candidate) => {
      const { name } = candidate.table;
      switched.push(candidate);
      await copyTable(
        warehouse,
        {
          doing: `copying ${name}`,
          base: jobBase(run, `copy_${name}`, content),
          from: { dataset: staging, table: stagingName(name, run) },
          to: { dataset, table: name },
        },
        'COPY',
      );
    });
  } catch (error) {
    // Interrupted: the same command goes on from here.
    warehouse.signal?.throwIfAborted();
    await eachOf(switched, async ({ table: { name }, backup }) => {
      if (backup === null) return;
      warehouse.log.warn({ table: name, backup }, 'a copy failed: putting back the release before');
      await copyTable(
        warehouse,
        {
          doing: `putting back ${name}`,
          base: jobBase(run, `restore_${name}`, content),
          from: { dataset: backups, table: backup },
          to: { dataset, table: name },
        },
        'RESTORE',
      );
    });
    throw error;
  }
}

/** Sets descriptions and labels where they differ: a copy takes the source's along. */
export async function describeTables(
  warehouse: Warehouse,
  candidates: readonly Candidate[],
  run: string,
): Promise<void> {
  const soonMs = warehouse.clock.nowMs() + (STAGING_DAYS + 1) * DAY_MS;
  await eachOf(candidates, ({ table, production }) => {
    const own = runLabels(run, schemaVersion(table));
    return changeTable(warehouse, table.name, ({ description, labels = {}, expirationTime }) => {
      const isStaging = expirationTime !== undefined && Number(expirationTime) < soonMs;
      const isInherited = isStaging && production?.expirationTime !== expirationTime;
      const isSame =
        !isInherited &&
        description === table.description &&
        Object.entries(own).every(([name, value]) => labels[name] === value);
      if (isSame) return undefined;
      // The staging table's own label; a patch removes what is set to null.
      const stale = labels['content'] === undefined ? {} : { content: null };
      return {
        description: table.description,
        labels: { ...labels, ...own, ...stale },
        ...(isInherited ? { expirationTime: null } : {}),
      };
    });
  });
}
