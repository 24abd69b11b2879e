import { expect, test } from '@playwright/test';
import { TABLE_KINDS } from '../../replica/tables/server.ts';
import { failures, runCases, summaryOf } from './run-cases.ts';
import { tableCases } from './table-cases.ts';

for (const kind of TABLE_KINDS) {
  test(`every changed page is exact or refused: ${kind}`, async () => {
    test.setTimeout(20 * 60_000);
    const results = await runCases(await tableCases(kind));
    console.log(summaryOf(kind, results));
    expect(failures(results)).toEqual([]);
  });
}
