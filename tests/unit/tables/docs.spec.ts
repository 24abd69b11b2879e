import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PAGES, update } from '../../../scripts/docs.ts';
import { expect, test } from '../../helpers/fixtures.ts';

for (const [name, page] of Object.entries(PAGES)) {
  test(`${name} is up to date: else run \`npm run docs\``, () => {
    expect(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')).toBe(page());
  });
}

test('each row of a table has as many cells as its head', () => {
  for (const [name, page] of Object.entries(PAGES)) {
    let head = 0;
    for (const line of page().split('\n')) {
      const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
      if (head > 0 && cells > 0) expect(cells, `${name}: ${line}`).toBe(head);
      head = cells;
    }
  }
});

test('a check names the pages that are not up to date, and writes none of them', ({ folder }) => {
  mkdirSync(path.join(folder, 'docs'));
  const root = pathToFileURL(`${folder}/`);
  const names = Object.keys(PAGES);

  expect(update(root, { isCheck: true })).toEqual(names);
  expect(names.filter((it) => existsSync(path.join(folder, it)))).toEqual([]);
  expect(update(root, { isCheck: false })).toEqual(names);
  expect(update(root, { isCheck: true })).toEqual([]);
});
