import { expect, test } from '@playwright/test';
import type { TableRow } from '../../../src/boards/table.ts';
import { compareEmbed, hubBenchmarkBoard } from '../../../src/boards/definitions/hub-benchmark.ts';
import { rowOf } from './benchmarks-data.ts';

const api = [
  rowOf(1, 'a/one', { value: 78.4449 }),
  rowOf(2, 'b/two', { value: 70 }),
  rowOf(3, 'b/two', { value: 61.5, filename: 'other.yaml' }),
];

const cells = (rank: string, [name, link]: [string, string?], value: string): TableRow => ({
  '#': { text: rank },
  model: link === undefined ? { text: name } : { text: name, link },
  SCORE: { text: value },
});

const page = (): TableRow[] => [
  cells('1', ['one', '/a/one'], '78.44'),
  cells('🥈', ['b/two'], '70.0'),
  cells('3', ['two', 'https://hub.example/b/two'], '61.5 %'),
];

test('the page is asked for whole, for a task', () => {
  const { url, id, renderer } = hubBenchmarkBoard('Idavidrein/gpqa', 'http://127.0.0.1:1', {
    task: 'a b&c',
  });
  expect(id).toBe('hub-benchmarks/Idavidrein/gpqa');
  expect(renderer).toBe('html');
  expect(url).toBe(
    'http://127.0.0.1:1/datasets/Idavidrein/gpqa/embed/leaderboard?leaderboard_is_expanded=true&leaderboard_task_id=a+b%26c',
  );
});

test('a page that rounds, leaves owners out and has other headers agrees', () => {
  expect(compareEmbed(api, page())).toEqual({
    agrees: true,
    apiRows: 3,
    pageRows: 3,
    differences: [],
  });
  const ratios = [rowOf(1, 'a/one', { value: 0.784 })];
  expect(compareEmbed(ratios, [cells('1', ['a/one'], '78.4%')]).agrees).toBe(true);
  expect(compareEmbed(ratios, [cells('1', ['a/one'], '78.4')]).agrees).toBe(false);
});

test('each difference is told: a row too few or too many, a value, a rank', () => {
  const [first = {}, second = {}, third = {}] = page();
  const told = (rows: TableRow[]) => {
    const { agrees, differences } = compareEmbed(api, rows);
    return [
      agrees,
      ...differences.map(({ what, where, expected, found }) => [what, where, expected, found]),
    ];
  };
  expect(told([first, second])).toEqual([false, ['identity', undefined, 'b/two', 'no such row']]);
  expect(told([...page(), cells('4', ['c/new'], '1')])).toEqual([
    false,
    ['identity', 'row 4', 'a model that the API lists', 'c/new'],
  ]);
  expect(told([cells('1', ['a/one'], '78.46'), second, third])).toEqual([
    false,
    ['cell', 'row 1, a/one, value', '78.4449', '78.46'],
  ]);
  expect(told([cells('2', ['a/one'], '78.4'), second, third])).toEqual([
    false,
    ['cell', 'row 1, a/one, rank', '1', '2'],
  ]);
  expect(told([first, first, second, third]).slice(1)).toHaveLength(1);
});
