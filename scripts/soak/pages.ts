import { readPages, type ReadPage } from '../../tests/replica/pages/run.ts';
import type { SoakPart } from './part.ts';

const PAGES = Number(process.env['PAGES'] ?? 1000);
/** Of one browser: evidence is on the disk until they are all read. */
const BATCH = 50;
const LEAST_EXACT = 0.8;

const VERDICTS = ['exact', 'said', 'refused', 'wrong'] as const;

const countsOf = (read: readonly ReadPage[]): string =>
  VERDICTS.map((it) => `${read.filter(({ verdict }) => verdict === it).length} ${it}`).join(', ');

/** How pages of each way ended, a line a way. */
function byWay(read: readonly ReadPage[]): string[] {
  const ways = Map.groupBy(
    read.flatMap((it) =>
      Object.entries(it.page.ways).map(([what, way]) => ({ it, way: `${what}=${way}` })),
    ),
    ({ way }) => way,
  );
  return [...ways]
    .map(([way, some]) => `${way.padEnd(24)} ${countsOf(some.map(({ it }) => it))}`)
    .sort();
}

export const part: SoakPart = {
  about: 'PAGES (1000) drawn leaderboards from --seed on: exact, or named, or refused, never wrong',
  async run(seed) {
    const read: ReadPage[] = [];
    for (let first = 0; first < PAGES; first += BATCH) {
      const length = Math.min(BATCH, PAGES - first);
      const some = await readPages(Array.from({ length }, (_, at) => seed + first + at));
      read.push(...some);
      for (const { page, verdict, why, seconds } of some) {
        if (verdict === 'exact') continue;
        const ways = Object.entries(page.ways).map(([what, way]) => `${what}=${way}`);
        console.log(`${verdict} ${page.seed} (${ways.join()}), ${seconds} s: ${why}`);
      }
      console.log(`${read.length} pages: ${countsOf(read)}`);
    }
    for (const line of byWay(read)) console.log(line);
    const failures = read
      .filter(({ verdict }) => verdict === 'wrong')
      .map(({ page, why }) => `PAGES=1 npm run test:soak -- pages --seed ${page.seed}: ${why}`);
    const exact = read.filter(({ verdict }) => verdict === 'exact').length;
    if (PAGES > 1 && exact < LEAST_EXACT * read.length)
      failures.push(`${exact} of ${read.length} exact`);
    return { counts: countsOf(read), failures };
  },
};
