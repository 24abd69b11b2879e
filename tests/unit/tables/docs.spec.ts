import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { PAGES } from '../../../scripts/docs.ts';

for (const [path, page] of Object.entries(PAGES)) {
  test(`${path} is up to date: else run \`npm run docs\``, () => {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(page());
  });
}

test('each row of a table has as many cells as its head', () => {
  for (const [path, page] of Object.entries(PAGES)) {
    let head = 0;
    for (const line of page().split('\n')) {
      const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
      if (head > 0 && cells > 0) expect(cells, `${path}: ${line}`).toBe(head);
      head = cells;
    }
  }
});
