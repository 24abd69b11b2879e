import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { cleanModel } from '../../../src/clean/repos.ts';
import { context } from './support/check.ts';

/** What is sent, what the row holds (a part of it), and the repairs as `rule path`. */
type Case = [
  title: string,
  sent: Record<string, unknown>,
  row: Record<string, unknown>,
  repairs?: string[],
];

/** Cases of each normaliser. */
const groups = JSON.parse(
  readFileSync(new URL('fixtures/normalise.json', import.meta.url), 'utf8'),
) as Record<string, Case[]>; // our own file

for (const [group, cases] of Object.entries(groups)) {
  for (const [title, sent, row, repairs] of cases) {
    test(`${group}: ${title}`, () => {
      const cleaned = cleanModel({ _id: '1', id: 'a/b', ...sent }, context);

      expect(cleaned).toMatchObject({ ok: true, record: row });
      if (repairs === undefined || !cleaned.ok) return;
      expect(cleaned.repairs.map(({ rule, path }) => `${rule} ${path}`)).toEqual(repairs);
    });
  }
}

test('minus zero is zero', () => {
  const cleaned = cleanModel({ _id: '1', id: 'a/b', likes: -0 }, context);
  expect(cleaned).toMatchObject({ ok: true, record: { likes: 0 }, repairs: [] });
});
