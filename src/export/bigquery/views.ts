import { lineage } from '../duckdb/views.ts';
import type { Warehouse } from './client.ts';
import { retried } from './calls.ts';
import type { TableLoad } from './prepare.ts';
import { quoteName } from './script.ts';
import { changeTable, getTable } from './tables.ts';

const GENERATIONS = 10;
const TABLES = ['base_models', 'core_model', 'model_licenses'];

/**
 * Makes the view `lineage`, or brings it up to date, where this load brought the tables that it reads. What
 * somebody else has under that name stays.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function ensureLineage(
  warehouse: Warehouse,
  loads: readonly TableLoad[],
): Promise<void> {
  if (!TABLES.every((name) => loads.some(({ table }) => table.name === name))) return;
  const { client, dataset, log } = warehouse;
  const { name, description } = lineage;
  const query = lineageSql(`${warehouse.project}.${dataset}`);
  const wanted = { view: { query, useLegacySql: false }, description };
  const found = await getTable(warehouse, { dataset, table: name });
  if (found === undefined) {
    const create = () => client.dataset(dataset).createTable(name, wanted);
    await retried(warehouse, `creating ${dataset}.${name}`, create);
  } else if (found.type !== 'VIEW') {
    log.warn({ dataset, name }, 'not our view: it stays as it is');
  } else {
    await changeTable(warehouse, name, ({ view, ...now }) =>
      view?.query === query && now.description === description ? undefined : wanted,
    );
  }
}

/**
 * The view `lineage` of DuckDB in GoogleSQL. There WITH RECURSIVE keeps every path to an ancestor, and
 * merges of merges have millions; so each generation is a step of its own, in which a pair stands once.
 */
export function lineageSql(dataset: string): string {
  const from = (table: string) => quoteName(`${dataset}.${table}`);
  const steps = Array.from({ length: GENERATIONS - 1 }, (_, at) => nextGeneration(at + 1));
  const all = Array.from(
    { length: GENERATIONS },
    (_, at) =>
      `SELECT child, ancestor, missing, stated, ${at + 1} AS generation FROM generation_${at + 1}`,
  );
  return `WITH edge AS (SELECT DISTINCT said.\`_id\` AS child, base.\`_id\` AS ancestor,
  CASE WHEN base.\`_id\` IS NULL THEN LOWER(said.\`base_model\`) END AS missing, said.\`base_model\` AS stated
  FROM ${from('base_models')} AS said LEFT JOIN ${from('core_model')} AS base ON base.\`_id\` = said.\`base_model_id\`
  WHERE said.\`is_self\` IS NOT TRUE),
generation_1 AS (SELECT child, ancestor, missing, stated FROM edge),
${steps.join(',\n')},
line AS (SELECT child, ancestor, missing, MIN(stated) AS stated, MIN(generation) AS generation FROM (
  ${all.join('\n  UNION ALL ')}
) AS found GROUP BY child, ancestor, missing)
SELECT model.\`id\`, COALESCE(base.\`id\`, line.stated) AS ancestor, line.generation, line.child AS \`_id\`,
  line.ancestor AS ancestor_id, own.\`license\`, own.\`family\`, theirs.\`license\` AS ancestor_license,
  theirs.\`family\` AS ancestor_family
FROM line JOIN ${from('core_model')} AS model ON model.\`_id\` = line.child
LEFT JOIN ${from('core_model')} AS base ON base.\`_id\` = line.ancestor
LEFT JOIN ${from('model_licenses')} AS own ON own.\`_id\` = line.child
LEFT JOIN ${from('model_licenses')} AS theirs ON theirs.\`_id\` = line.ancestor`;
}

const nextGeneration = (
  before: number,
): string => `generation_${before + 1} AS (SELECT DISTINCT younger.child, edge.ancestor, edge.missing, edge.stated
  FROM generation_${before} AS younger JOIN edge ON edge.child = younger.ancestor
  WHERE edge.ancestor IS NULL OR edge.ancestor <> younger.child)`;
