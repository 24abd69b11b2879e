import { bigquerySchema } from '../../tables/bigquery.ts';
import type { Manifest } from '../manifest.ts';
import { addressOf, objectStart } from './bucket.ts';
import type { Warehouse } from './client.ts';
import { contentOf, stagingName } from './names.ts';
import { fitSchema } from './schema.ts';
import { sliceColumns } from '../warehouse/slices.ts';
import type { TableLoad, Preparation } from './prepare.ts';

export interface PlanStep {
  step: 'stage' | 'create' | 'back up' | 'align' | 'publish' | 'drop staging';
  /** What is touched: `dataset.table`. */
  target: string;
  /** In words, for people. */
  what: string;
  rows?: number;
  /** Of uncompressed JSONL: what is uploaded. */
  bytes?: number;
}

/** What a load would do, in order. */
export interface BigqueryPlan {
  steps: PlanStep[];
  rows: number;
  /** To upload. */
  bytes: number;
}

/** The plan of a load; empty when the tables hold the export already. */
export function planOf(
  warehouse: Warehouse,
  preparation: Preparation,
  manifest: Manifest,
): BigqueryPlan {
  if (preparation.isPublished) return { steps: [], rows: 0, bytes: 0 };
  const { dataset, staging } = warehouse;
  const { loads } = preparation;
  const rows = sum(loads.map(({ entry }) => entry.rows));
  const bytes = sum(loads.map(({ entry }) => entry.bytes));
  const steps: PlanStep[] = [
    ...loads.map(({ table, entry }): PlanStep => ({
      step: 'stage',
      target: `${staging}.${stagingName(table.name, manifest.run)}`,
      what: howStaged(warehouse, { table, entry }, manifest.run),
      rows: entry.rows,
      bytes: entry.bytes,
    })),
    ...loads.flatMap((load) => tableSteps(warehouse, load)),
    ...loads.map(({ table, entry }): PlanStep => ({
      step: 'publish',
      target: `${dataset}.${table.name}`,
      what: howPublished(table),
      rows: entry.rows,
    })),
    { step: 'drop staging', target: staging, what: `tables of run ${manifest.run}` },
  ];
  return { steps, rows, bytes };
}

function howStaged(
  { bucket }: Warehouse,
  { table, entry }: Pick<TableLoad, 'table' | 'entry'>,
  run: string,
): string {
  if (bucket === undefined) return 'upload and load';
  const content = contentOf(table, entry.sha256);
  const start = objectStart(bucket, stagingName(table.name, run), content);
  return `upload to ${addressOf(bucket, start)}-*.jsonl and load`;
}

function tableSteps(
  { dataset, backups }: Warehouse,
  { table, production, backup }: TableLoad,
): PlanStep[] {
  const target = `${dataset}.${table.name}`;
  if (production === undefined) return [{ step: 'create', target, what: 'new table' }];
  const steps: PlanStep[] = [];
  if (backup !== null) {
    const rows = Number(production.numRows ?? 0);
    steps.push({ step: 'back up', target, what: `snapshot ${backups}.${backup}`, rows });
  }
  const { aligned } = fitSchema(bigquerySchema(table), production.schema?.fields ?? []);
  if (aligned !== undefined) {
    steps.push({ step: 'align', target, what: 'add columns, or change their descriptions' });
  }
  return steps;
}

function howPublished(table: TableLoad['table']): string {
  const slice = sliceColumns(table).map(({ name, byDay }) => (byDay ? `day of ${name}` : name));
  return slice.length > 0
    ? `replace the rows of the same ${slice.join(' and ')}`
    : 'replace in the transaction';
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
