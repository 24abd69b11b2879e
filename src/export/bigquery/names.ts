import { createHash } from 'node:crypto';
import { EtlError } from '../../errors.ts';
import { bigquerySchema } from '../../tables/bigquery.ts';
import type { Table } from '../../tables/table.ts';

/** SHA-256 of texts, cut to 12 hexadecimal digits. */
export const shortHash = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);

/** A run's id as a part of a table's or a job's name. */
const plain = (run: string): string => run.replaceAll(/[^A-Za-z0-9_]/g, '_');

export const stagingSuffix = (run: string): string => `__${plain(run)}`;

export const stagingName = (table: string, run: string): string => `${table}${stagingSuffix(run)}`;

/** Attempts are numbered, for a job's id can never be used again, not even after a failure. */
export const jobBase = (run: string, what: string, content: string): string =>
  `hf_${plain(run)}_${what}_${content}`;

/** Labels take lower-case letters, digits, `_` and `-`, at most 63. */
export const labelValue = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-')
    .slice(0, 63);

/** Changes when a column does. */
export const schemaVersion = (table: Table): string =>
  shortHash(JSON.stringify(bigquerySchema(table)));

/** Changes when a table's rows or columns do: an export may be made anew with another cleaning. */
export const contentOf = (table: Table, sha256: string): string =>
  shortHash(table.name, sha256, JSON.stringify(bigquerySchema(table)));

const DAY = /^(\d{4})-(\d{2})-(\d{2})T/;

/** `YYYYMMDD` of a time, UTC. */
export function dayOf(iso: string): string {
  const parts = DAY.exec(iso);
  if (parts === null) throw new EtlError('LOAD_FAILED', `${iso.slice(0, 40)} is no time`);
  return parts.slice(1).join('');
}

const DATASET = /^[A-Za-z0-9_]{1,1000}$/;
const PROJECT = /^[a-z0-9.:-]{1,100}$/i;

/**
 * Refuses names that could not be part of an address or of SQL.
 *
 * @throws {EtlError} `CONFIG_INVALID`
 */
export function checkNames(project: string, dataset: string): void {
  if (!PROJECT.test(project)) {
    throw new EtlError('CONFIG_INVALID', `${JSON.stringify(project)} is no id of a project`);
  }
  if (!DATASET.test(dataset)) {
    throw new EtlError('CONFIG_INVALID', `${JSON.stringify(dataset)} is no name of a dataset`);
  }
}
