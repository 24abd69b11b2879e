import { readPages } from '../replica/pages/run.ts';
import { expect, test } from '../helpers/fixtures.ts';

/** Pages that once came out otherwise, and how they have to. */
const MENDED = {
  exact: [8, 24, 30, 41, 45, 50, 67, 69, 100, 107, 142, 162, 193],
  said: [19, 563],
  refused: [1, 6, 54, 842],
};
/** Of `npm run test:soak -- pages`, which takes a thousand. */
const FIRST = Array.from({ length: 24 }, (_, at) => at + 11);

test('drawn pages of leaderboards are exact, or named, or refused', async () => {
  const asked = Object.values(MENDED).flat();
  const read = await readPages([...new Set([...asked, ...FIRST])]);
  const seedsOf = (verdict: string, among: readonly number[]): number[] =>
    read
      .filter((it) => it.verdict === verdict && among.includes(it.page.seed))
      .map(({ page }) => page.seed)
      .sort((a, b) => a - b);

  expect(read.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
  for (const [verdict, seeds] of Object.entries(MENDED)) {
    expect(seedsOf(verdict, asked), verdict).toEqual(seeds);
  }
  expect(seedsOf('exact', FIRST).length).toBeGreaterThanOrEqual(0.8 * FIRST.length);
});
