import { expect, test } from '@playwright/test';
import {
  cursorOf,
  LIST_EXPANDS,
  modelListPath,
  readExpandSet,
  withExpands,
  withPageSize,
} from '../../../src/api/models.ts';

const WORDINGS = {
  commas: (names: readonly string[]) => `{"error":"These can: ${names.join(', ')}."}`,
  quotes: (names: readonly string[]) => JSON.stringify({ error: `one of "${names.join('"|"')}"` }),
  brackets: (names: readonly string[]) => `{"error":"must be one of [${names.join(', ')}]"}`,
  backticks: (names: readonly string[]) => `Valid: \`${names.join('`, `')}\`.`,
};

for (const [wording, format] of Object.entries(WORDINGS)) {
  test(`reads the valid fields out of a refusal that lists them with ${wording}`, () => {
    const gained = format([...LIST_EXPANDS, 'spaces', 'brandNew']);
    const lost = format(LIST_EXPANDS.filter((name) => name !== 'gguf'));

    expect(readExpandSet(format(LIST_EXPANDS))).toEqual({ added: [], removed: [], readable: true });
    expect(readExpandSet(gained)).toEqual({ added: ['brandNew'], removed: [], readable: true });
    expect(readExpandSet(lost)).toEqual({ added: [], removed: ['gguf'], readable: true });
  });
}

test('a refusal that names no fields says nothing about drift', () => {
  expect(readExpandSet('{"error":"Bad request, see the docs"}').readable).toBe(false);
  expect(readExpandSet('author, tags').readable).toBe(false);
});

test('a page is the same page in another size and with other fields', () => {
  const path = `${modelListPath({ sort: 'createdAt', direction: 1, expands: ['a', 'b'], pageSize: 9 })}&cursor=xyz%3D`;

  const changed = withExpands(withPageSize(path, 3), ['c']);

  expect(cursorOf(changed)).toBe('xyz=');
  expect(new URL(changed, 'http://h').searchParams.get('limit')).toBe('3');
  expect(new URL(changed, 'http://h').searchParams.getAll('expand[]')).toEqual(['c']);
});
