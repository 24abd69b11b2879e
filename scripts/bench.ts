import { benchBoard } from './bench/board.ts';
import { benchCrawl } from './bench/crawl.ts';
import { benchExport } from './bench/export.ts';
import { benchStart } from './bench/start.ts';

/** `npm run bench [-- NAME…]`: the budgets, measured as ratios in one sitting. */
const BENCHES: Record<string, () => Promise<void> | void> = {
  start: () => benchStart(),
  crawl: () => benchCrawl(),
  export: () => benchExport(),
  board: () => benchBoard(),
};

const chosen = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
process.exit(0);
