import type { Cleaner, CleanContext } from '../../../../src/clean/cleaner.ts';
import { CLEANERS } from '../../../../src/clean/repos.ts';
import { tablesOf, type RecordTable } from '../../../../src/tables/index.ts';
import type { RecordOrigin } from '../../../../src/tables/table.ts';
import { lostLeaves } from './leaves.ts';

export const context: CleanContext = {
  tags: new Map(
    ['en', 'license:mit', 'pytorch', 'transformers'].map((id) => [
      id,
      { id, label: id, type: 'other', subType: null },
    ]),
  ),
  observedAt: '2026-11-23T00:00:00.000Z',
  readAt: '2026-11-23T00:00:00.000Z',
};

/** What is wrong with the cleaning of a record; empty when all promises hold. */
export function faultsOf<Origin extends RecordOrigin>(
  input: unknown,
  origin: Origin = 'model' as Origin,
): string[] {
  const before = JSON.stringify(input);
  const clean: Cleaner<object> = CLEANERS[origin];
  const cleaned = clean(input, context);
  const faults: string[] = [];
  if (JSON.stringify(input) !== before) faults.push('the input was changed');
  if (!cleaned.ok) return [...faults, `refused: ${cleaned.reason}`];
  const { record, repairs } = cleaned;
  const again = clean(input, context);
  if (JSON.stringify(again) !== JSON.stringify(cleaned)) faults.push('not the same twice');
  const lost = lostLeaves(input, record, repairs);
  if (lost.length > 0) faults.push(`lost: ${JSON.stringify(lost).slice(0, 300)}`);
  for (const { table, rows } of tablesOf(origin) as readonly RecordTable<never>[]) {
    for (const row of rows(record as never, context)) {
      const parsed = table.row.safeParse(row);
      if (!parsed.success) faults.push(`${table.name}: ${parsed.error.message.slice(0, 300)}`);
      if (parsed.success && Object.keys(row).join() !== Object.keys(table.row.shape).join())
        faults.push(`${table.name}: key order`);
    }
  }
  return [...faults, ...twice(clean, record)];
}

/** Cleaning a clean record changes nothing. */
function twice(clean: Cleaner<object>, record: object): string[] {
  const again = clean(record, context);
  if (!again.ok) return [`refused the second time: ${again.reason}`];
  return JSON.stringify(again.record) === JSON.stringify(record)
    ? []
    : ['cleaning twice is not cleaning once'];
}
