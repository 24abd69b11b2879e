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

/** Some of many, spread over all of them; those that may be taken wrongly are among them. */
function some(cases: readonly PageCase[], count: number): PageCase[] {
  const refused = cases.filter(({ must }) => must !== 'exact');
  const exact = cases.filter(({ must }) => must === 'exact');
  const spread = (list: readonly PageCase[], wanted: number): PageCase[] =>
    list.filter(
      (_, at) =>
        Math.floor((at * wanted) / list.length) !== Math.floor(((at - 1) * wanted) / list.length),
    );
  return [
    ...spread(refused, count - Math.floor(count / 3)),
    ...spread(exact, Math.floor(count / 3)),
  ];
}

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

for (const name of asked?.split(',') ?? usual) {
  test(`every changed page is exact or refused: ${name}`, async () => {
    const cases = (await suites[name]?.()) ?? [];
    const results = await runCases(asked === undefined ? some(cases, 3) : cases);
    console.log(summaryOf(name, results));
    expect(failures(results)).toEqual([]);
    expect(results).not.toEqual([]);
  });
}
