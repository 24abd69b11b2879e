import { expect, test } from '@playwright/test';
import type { GradioGeneration } from '../../replica/gradio/server.ts';
import { gradioCases } from './gradio-cases.ts';
import { failures, runCases, summaryOf, type PageCase } from './run-cases.ts';

/**
 * One generation of each way of drawing. `MUTATIONS=3.50,leaderboard-5` chooses others, and
 * `MUTATIONS=all` takes them all, which takes half an hour.
 */
const asked = process.env['MUTATIONS'];
const { GENERATIONS } = await import('../../replica/gradio/server.ts');
const chosen: readonly GradioGeneration[] =
  asked === 'all'
    ? GENERATIONS
    : GENERATIONS.filter((it) => (asked?.split(',') ?? ['5.49', '6.31']).includes(it));

const suites: [string, PageCase[]][] = chosen.map((it) => [`Gradio ${it}`, gradioCases(it, true)]);
const undescribed = chosen.at(-1);
if (undescribed) {
  suites.push([`Gradio ${undescribed}, undescribed`, gradioCases(undescribed, false)]);
}

for (const [name, cases] of suites) {
  test(`every changed page is exact or refused: ${name}`, async () => {
    test.setTimeout(20 * 60_000);
    const results = await runCases(cases);
    console.log(summaryOf(name, results));
    expect(failures(results)).toEqual([]);
  });
}
