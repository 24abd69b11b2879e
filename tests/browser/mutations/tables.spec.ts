import { expect, test } from '@playwright/test';
import { TABLE_KINDS } from '../../replica/tables/server.ts';
import { failures, runCases, summaryOf } from './run-cases.ts';
import { tableCases } from './table-cases.ts';

/** Kinds of page that are also read as pages that nobody described: `MUTATIONS=all` for all of them. */
const undescribed = process.env['MUTATIONS'] === 'all' ? TABLE_KINDS : (['nextjs'] as const);

for (const [kind, described] of [
  ...TABLE_KINDS.map((it) => [it, true] as const),
  ...undescribed.map((it) => [it, false] as const),
]) {
  const name = `${kind}${described ? '' : ', undescribed'}`;
  test(`every changed page is exact or refused: ${name}`, async () => {
    test.setTimeout(20 * 60_000);
    const results = await runCases(await tableCases(kind, described));
    console.log(summaryOf(name, results));
    expect(failures(results)).toEqual([]);
  });
}
