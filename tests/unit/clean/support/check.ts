import { cleanModel } from '../../../../src/clean/model.ts';
import type { CleanContext } from '../../../../src/clean/model.ts';
import { modelTables } from '../../../../src/tables/index.ts';
import { lostLeaves } from './leaves.ts';

export const context: CleanContext = {
  tags: new Map(
    ['en', 'license:mit', 'pytorch', 'transformers'].map((id) => [
      id,
      { id, label: id, type: 'other', subType: null },
    ]),
  ),
  observedAt: '2026-11-23T00:00:00.000Z',
  run: 'test',
};

/** What is wrong with the cleaning of a record; empty when all promises hold. */
export function faultsOf(input: unknown): string[] {
  const before = JSON.stringify(input);
  const cleaned = cleanModel(input, context);
  const faults: string[] = [];
  if (JSON.stringify(input) !== before) faults.push('the input was changed');
  if (!cleaned.ok) return [...faults, `refused: ${cleaned.reason}`];
  const { model, repairs } = cleaned;
  const again = cleanModel(input, context);
  if (JSON.stringify(again) !== JSON.stringify(cleaned)) faults.push('not the same twice');
  const lost = lostLeaves(input, model, repairs);
  if (lost.length > 0) faults.push(`lost: ${JSON.stringify(lost).slice(0, 300)}`);
  for (const { table, rows } of modelTables) {
    for (const row of rows(model, context)) {
      const parsed = table.row.safeParse(row);
      if (!parsed.success) faults.push(`${table.name}: ${parsed.error.message.slice(0, 300)}`);
      if (parsed.success && Object.keys(row).join() !== Object.keys(table.row.shape).join())
        faults.push(`${table.name}: key order`);
    }
  }
  return [...faults, ...twice(model)];
}

/** Cleaning a clean record changes nothing. */
function twice(model: object): string[] {
  const again = cleanModel(model, context);
  if (!again.ok) return [`refused the second time: ${again.reason}`];
  return JSON.stringify(again.model) === JSON.stringify(model)
    ? []
    : ['cleaning twice is not cleaning once'];
}
