import type { BigqueryLoad } from '../export/bigquery/load.ts';
import type { DuckdbPlan } from '../export/duckdb/plan.ts';
import type { HubLoad } from '../export/hub/publication.ts';
import type { Forecast } from '../pipeline/forecast.ts';
import { table } from './table.ts';

/** What a load would do, for a person: the same screen for all targets. */
export function planText({
  plan,
  bigquery,
  hub = [],
}: {
  plan?: DuckdbPlan;
  bigquery?: BigqueryLoad;
  hub?: readonly HubLoad[];
}): string {
  const parts: string[] = [];
  if (plan !== undefined) parts.push(duckdbText(plan));
  if (bigquery !== undefined) parts.push(bigqueryText(bigquery));
  return [...parts, ...hub.map(hubText)].join('\n');
}

function duckdbText({ run, path, steps, disk }: DuckdbPlan): string {
  const rows = steps.map(({ step, target, what, rowsBefore, rowsNew, rowsAfter, bytes }) => ({
    step,
    target,
    what,
    before: rowsBefore,
    new: rowsNew,
    after: rowsAfter,
    bytes,
  }));
  const verdict = disk.isEnough ? 'enough' : 'NOT ENOUGH: the load would be refused';
  return `duckdb: what a load of run ${run} into ${path} would do. Nothing was changed.

${table(rows)}
disk: ${megabytes(disk.neededBytes)} needed at most, ${megabytes(disk.freeBytes)} free: ${verdict}
`;
}

function bigqueryText({ run, dataset, plan }: BigqueryLoad): string {
  const rows = plan.steps.map(({ step, target, what, rows: count, bytes }) => ({
    step,
    target,
    what,
    rows: count,
    bytes,
  }));
  const steps = rows.length === 0 ? 'Nothing: the tables hold this run already.\n' : table(rows);
  return `bigquery: what a load of run ${run} into ${dataset} would do. Nothing was changed.

${steps}
upload: ${plan.rows.toLocaleString('en')} rows, ${megabytes(plan.bytes)}
`;
}

function hubText({ run, target, card, files, leftOut }: HubLoad): string {
  const upload = files.filter(({ change }) => change === 'add' || change === 'replace');
  return `${target}: what publishing run ${run} would do. Nothing was sent.

${table(files.map(({ path, change, bytes }) => ({ file: path, change, bytes })))}
upload: at most ${megabytes(upload.reduce((sum, { bytes }) => sum + bytes, 0))}, seen all at once
rows left out: ${leftOut.takenDown.toLocaleString('en')} taken down, ${leftOut.withheld.toLocaleString('en')} of boards that not everybody may publish
card: ${card ?? ''}
`;
}

/** What a run would take, for a person. */
export function forecastText(it: Forecast): string {
  const { anonymous, free, pro } = it.minutes;
  const rows = it.sources.map(({ source, walk, requests, from }) => ({
    ...{ source, walk, requests: requests ?? 'unknown', 'known from': from },
  }));
  const { neededBytes, freeBytes, from } = it.disk;
  const verdict = neededBytes <= freeBytes ? 'enough' : 'NOT ENOUGH';
  return `${it.resumes === null ? 'A new run' : `Run ${it.resumes} goes on`}. Nobody was asked, nothing was changed.

${table(rows)}
requests: about ${it.requests.toLocaleString('en')}, and ${it.boards} leaderboards
minutes:  ${anonymous} by the quota without a token, ${free} with one, ${pro} with PRO; pages that follow one another may take longer
tables:   ${it.tables.join(', ') || 'none'}
disk:     about ${megabytes(neededBytes)} (${from}), ${megabytes(freeBytes)} free: ${verdict}
`;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
