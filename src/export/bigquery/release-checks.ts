import type { CheckResult } from '../checks/check.ts';
import type { Warehouse } from './client.ts';
import { createTable, type Field, requiredField } from './resources.ts';

export const RELEASE_CHECKS = 'release_checks';

export const RELEASE_CHECK_FIELDS: Field[] = [
  requiredField('sequence', 'INTEGER', 'The publication, as in releases.'),
  requiredField('run', 'STRING', 'Id of the run that was checked.'),
  requiredField('check', 'STRING', 'Name of the check, as in docs/warehouses.md.'),
  requiredField('table', 'STRING', 'Table that it speaks of.'),
  requiredField(
    'severity',
    'STRING',
    'warn or refuse: the worst that the check can say of the table.',
  ),
  requiredField(
    'outcome',
    'STRING',
    'passed, warned, or skipped where nothing was to compare with.',
  ),
  requiredField('found', 'STRING', 'What was found.'),
  requiredField('expected', 'STRING', 'What was expected.'),
];

export const RELEASE_CHECKS_DESCRIPTION =
  'One row is a check of a table before a publication, written in the same transaction as the tables. What a check refuses is never published, so no refusal is here.';

export const ensureReleaseChecks = (warehouse: Warehouse): Promise<void> =>
  createTable(
    warehouse,
    { dataset: warehouse.dataset, table: RELEASE_CHECKS },
    { schema: { fields: RELEASE_CHECK_FIELDS }, description: RELEASE_CHECKS_DESCRIPTION },
  );

/** One row of `release_checks`. */
export interface ReleaseCheckRow extends Pick<
  CheckResult,
  'check' | 'table' | 'severity' | 'outcome' | 'found' | 'expected'
> {
  sequence: number;
  run: string;
}
