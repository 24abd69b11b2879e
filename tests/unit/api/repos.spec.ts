import { expect, test } from '@playwright/test';
import {
  cursorOf,
  LIST_FIELDS,
  readExpandSet,
  REPO_KINDS,
  repoListPath,
  withExpands,
  withPageSize,
} from '../../../src/api/repos.ts';

const WORDINGS = {
  commas: (names: readonly string[]) => `{"error":"These can: ${names.join(', ')}."}`,
  quotes: (names: readonly string[]) => JSON.stringify({ error: `one of "${names.join('"|"')}"` }),
  brackets: (names: readonly string[]) => `{"error":"must be one of [${names.join(', ')}]"}`,
  backticks: (names: readonly string[]) => `Valid: \`${names.join('`, `')}\`.`,
};

for (const [wording, format] of Object.entries(WORDINGS)) {
  test(`reads the valid fields out of a refusal that lists them with ${wording}`, () => {
    for (const kind of REPO_KINDS) {
      const { all, others } = LIST_FIELDS[kind];
      const read = (names: readonly string[]) => readExpandSet(format(names), kind);
      const readable = true;

      expect(read(all)).toEqual({ added: [], removed: [], readable });
      expect(read([...all, ...others, 'brandNew'])).toEqual({
        ...{ added: ['brandNew'], removed: [], readable },
      });
      expect(read(all.slice(1))).toEqual({ added: [], removed: ['author'], readable });
    }
  });
}

test('a refusal that names no fields says nothing about drift', () => {
  expect(readExpandSet('{"error":"Bad request, see the docs"}', 'models').readable).toBe(false);
  expect(readExpandSet('author, tags', 'spaces').readable).toBe(false);
});

test('a page is the same page in another size and with other fields', () => {
  const path = `${repoListPath({ kind: 'models', sort: 'createdAt', direction: 1, expands: ['a', 'b'], pageSize: 9 })}&cursor=xyz%3D`;

  const changed = withExpands(withPageSize(path, 3), ['c']);

  expect(cursorOf(changed)).toBe('xyz=');
  expect(new URL(changed, 'http://h').searchParams.get('limit')).toBe('3');
  expect(new URL(changed, 'http://h').searchParams.getAll('expand[]')).toEqual(['c']);
});
