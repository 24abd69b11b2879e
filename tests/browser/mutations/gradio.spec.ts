import { expect, test } from '@playwright/test';
import { GENERATIONS, type GradioGeneration } from '../../replica/gradio/server.ts';
import { gradioCases } from './gradio-cases.ts';
import { failures, runCases, summaryOf, type PageCase } from './run-cases.ts';

/**
 * The newest generation with a definition, and some of its pages as ones that nobody described.
 * `MUTATIONS=3.50,leaderboard-5` takes other generations, both ways, and `MUTATIONS=all` all: hours.
 */
const asked = process.env['MUTATIONS'];
const chosen = GENERATIONS.filter((it) => asked === 'all' || asked?.split(',').includes(it));

const suite = (generation: GradioGeneration, described: boolean): [string, PageCase[]] => [
  `Gradio ${generation}${described ? '' : ', undescribed'}`,
  gradioCases(generation, described),
];

/** Those that may be taken wrongly, and of the others each fifth: it waits for the page to rest. */
const some = ([name, cases]: [string, PageCase[]]): [string, PageCase[]] => [
  name,
  cases.filter(({ must }, at) => must !== 'exact' || at % 5 === 0),
];

const suites =
  asked === undefined
    ? [suite('6.31', true), some(suite('5.49', false))]
    : chosen.flatMap((it) => [suite(it, true), suite(it, false)]);

for (const [name, cases] of suites) {
  test(`every changed page is exact or refused: ${name}`, async () => {
    test.setTimeout(20 * 60_000);
    const results = await runCases(cases);
    console.log(summaryOf(name, results));
    expect(failures(results)).toEqual([]);
  });
}
