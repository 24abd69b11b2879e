import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { PAGES } from '../../../scripts/docs.ts';

for (const [path, page] of Object.entries(PAGES)) {
  test(`${path} is up to date: else run \`npm run docs\``, () => {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(page());
  });
}
