import { expect, test } from '@playwright/test';
import { cleanModel } from '../../../../src/clean/model.ts';
import { context } from './check.ts';

/** What is sent, what the row holds (a part of it), and the repairs as `rule path`. */
export type Case = [
  title: string,
  sent: Record<string, unknown>,
  row: Record<string, unknown>,
  repairs?: string[],
];

/** The row's extra when one value was kept there. */
export const extra = (path: string, value: unknown) => ({
  extra: [{ path, json: JSON.stringify(value) }],
});

/** One test a case, in a group a normaliser. */
export function testCases(groups: Record<string, Case[]>): void {
  for (const [group, cases] of Object.entries(groups)) {
    test.describe(group, () => {
      for (const [title, sent, row, repairs] of cases) {
        test(title, () => {
          const cleaned = cleanModel({ _id: '1', id: 'a/b', ...sent }, context);

          expect(cleaned).toMatchObject({ ok: true, model: row });
          if (repairs === undefined || !cleaned.ok) return;
          expect(cleaned.repairs.map(({ rule, path }) => `${rule} ${path}`)).toEqual(repairs);
        });
      }
    });
  }
}
