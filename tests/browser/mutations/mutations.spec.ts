import { expect, test } from '../../helpers/fixtures.ts';
import { GENERATIONS } from '../../replica/gradio/server.ts';
import { TABLE_KINDS } from '../../replica/tables/server.ts';
import { gradioCases } from './gradio-cases.ts';
import { failures, runCases, summaryOf, type PageCase } from './run-cases.ts';
import { tableCases } from './table-cases.ts';

/**
 * Pages that change in a way in which boards have broken scrapers: a few of each kind. `npm run
 * test:soak -- mutations-…` changes the pages of one kind, or one generation of Gradio, in all ways.
 */
const asked = process.env['MUTATIONS'];

const suites: Record<string, () => Promise<PageCase[]>> = {};
for (const kind of TABLE_KINDS) {
  suites[kind] = () => tableCases(kind, true);
  suites[`${kind}-undescribed`] = () => tableCases(kind, false);
}
for (const generation of GENERATIONS) {
  suites[generation] = () => Promise.resolve(gradioCases(generation, true));
  suites[`${generation}-undescribed`] = () => Promise.resolve(gradioCases(generation, false));
}
const usual = [...TABLE_KINDS, 'nextjs-undescribed', '3.27', '6.31', '6.31-undescribed'];

/** One that may be taken wrongly, and one that must be read; each suite takes others of its cases. */
async function someOf(name: string, turn: number): Promise<PageCase[]> {
  const { exact = [], wrong = [] } = Object.groupBy((await suites[name]?.()) ?? [], ({ must }) =>
    must === 'exact' ? 'exact' : 'wrong',
  );
  expect([...exact, ...wrong], `cases of ${name}`).not.toEqual([]);
  return [exact, wrong].flatMap((of) => of[(5 * turn + 3) % of.length] ?? []);
}

/** They share browsers, so that there are few. */
const groups: [string, () => Promise<PageCase[]>][] = asked
  ? asked.split(',').map((name) => [name, () => suites[name]?.() ?? Promise.resolve([])])
  : [['some of each kind', () => Promise.all(usual.map(someOf)).then((them) => them.flat())]];

for (const [name, casesOf] of groups) {
  test(`every changed page is exact or refused: ${name}`, async () => {
    const results = await runCases(await casesOf());
    console.log(summaryOf(name, results));
    expect(failures(results)).toEqual([]);
    expect(results).not.toEqual([]);
  });
}
