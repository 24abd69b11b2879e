import { expect, test } from '@playwright/test';
import type { Control } from '../../../src/crawlers/pages/inside/around.ts';
import { nextTurn } from '../../../src/crawlers/pages/pager.ts';
import { statedByPages } from '../../../src/crawlers/pages/paged.ts';

const control = (label: string, marks = '', given: Partial<Control> = {}): Control => ({
  ...{ label, marks, group: 0, disabled: false, leaves: false },
  ...given,
});
const off = { disabled: true };

test('the control for the next page is known in any language, and no other is taken for it', () => {
  const [last, csv] = [control('>>'), control('CSV', 'btn btn-right')];
  const cases: [string, Control[], number | null][] = [
    ['a sign', [control('<<', '', off), control('<', '', off), control('>'), last], 2],
    ['a double one alone', [control('«', '', off), control('»')], 1],
    ['a class', [control('1'), control('', 'ant-pagination-next')], 1],
    ['one that jumps', [control('•••', 'jump-next double-right'), control('', 'page-next')], 1],
    ['an icon', [control('', 'LastPageIcon'), control('', 'KeyboardArrowRightIcon')], 1],
    ['a word', [control('Zurück', '', off), control('Weiter')], 1],
    ['data', [control('Следующая', 'x'), csv], 0],
    ['a number', [control('1'), control('2'), control('3')], 1],
    ['digits of Persia', [control('۱'), control('۲'), control('۳')], 1],
    ['a page that is named', [control('Page 1'), control('Page 2')], 1],
    ['icons without words', [control('', 'b', off), control('', 'b')], 1],
    ['four of them', [off, off, {}, {}].map((it) => control('', 'b', it)), 2],
    ['one that is off', [control('Previous'), control('Next', '', off), control('2')], null],
    ['another document', [control('Next', '', { leaves: 'elsewhere' })], null],
    ['page lengths', [control('10'), control('25'), control('50')], null],
    ['two icons that are on', [control('', 'b'), control('', 'b')], null],
    ['words', [csv, control('Nextcloud'), control('Next 5 Pages')], null],
  ];
  for (const [what, controls, at] of cases) {
    expect(nextTurn(controls, 1)?.at ?? null, what).toBe(at);
  }
});

test('later pages are led on from by the same kind of control', () => {
  const icons = (...states: Partial<Control>[]) => states.map((it) => control('', 'b', it));
  const first = nextTurn(icons(off, {}), 1);
  expect(nextTurn(icons({}, {}), 2, first)?.at).toBe(1);
  expect(nextTurn(icons({}, off), 3, first)).toBeNull();
  expect(nextTurn([control('4'), control('5'), control('6')], 5)?.at).toBe(2);
  expect(nextTurn([control('4'), control('5')], 5)).toBeNull();
});

/** Pages of a table of `rows`, ten on each, with a text around each. */
const pagesOf = (rows: number, note: (from: number, to: number, page: number) => string) =>
  Array.from({ length: Math.ceil(rows / 10) }, (_, page) => {
    const [from, to] = [page * 10, Math.min(rows, page * 10 + 10)];
    const lines = Array.from({ length: to - from }, (_row, at) => [{ text: `m${from + at}` }]);
    return { rows: lines, notes: [note(from + 1, to, page + 1)], controls: [] };
  });

test('texts around pages prove them in any language, or speak against them', () => {
  for (const note of [
    (from: number, to: number) => `${from} bis ${to} von 25 Einträgen`,
    (from: number, to: number) => `第 ${from}-${to} 条，共 25 条`,
    (from: number, to: number) => `25 kayıttan ${from} - ${to} arası`,
    () => '25 models',
  ]) {
    const say = statedByPages(pagesOf(25, note));
    expect(say, note(1, 10)).toEqual({ total: 25, differences: [] });
  }
  const counted = (pages: number) => pagesOf(25, (_from, _to, page) => `${page} / ${pages}`);
  expect(statedByPages(counted(3))).toEqual({ total: null, differences: [] });
  expect(statedByPages(counted(4)).differences).toHaveLength(1);

  const pages = pagesOf(25, (from, to) => `${from}–${to} of 1,330`);
  expect(statedByPages(pages).total).toBe(1330);
  expect(statedByPages(pages.slice(0, 1)).total).toBe(1330);
  const [one, two, three] = pages;
  if (!one || !two || !three) throw new Error('no pages');
  expect(statedByPages([one, { ...two, notes: one.notes }, three]).differences).toHaveLength(1);
  expect(statedByPages([one, { ...two, rows: one.rows }, three]).differences).toHaveLength(1);
  expect(statedByPages([one, { ...two, rows: two.rows.slice(1) }]).differences).not.toEqual([]);
});
