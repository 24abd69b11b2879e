import { parseArgs } from 'node:util';
import { benchBoard } from './bench/board.ts';
import { benchGradio, benchGradioAt } from './bench/board-gradio.ts';
import { benchTables } from './bench/board-tables.ts';
import { benchCrawl } from './bench/crawl.ts';
import { benchExport } from './bench/export.ts';
import { benchLoad } from './bench/load.ts';
import { benchStart } from './bench/start.ts';

// `npm run bench [-- NAME…]`: the budgets, measured as ratios in one sitting.
// `npm run bench -- load --models FILE --records 1000000 --runs 1`: of models of one's own.
// `npm run bench -- board --url URL`: of a Gradio page that somebody serves.
const { positionals: chosen, values } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string' },
    records: { type: 'string' },
    runs: { type: 'string' },
    url: { type: 'string', multiple: true },
  },
});
const numbers = {
  ...(values.records === undefined ? {} : { records: Number(values.records) }),
  ...(values.runs === undefined ? {} : { runs: Number(values.runs) }),
};

const BENCHES: Record<string, () => Promise<void> | void> = {
  start: () => benchStart(),
  crawl: () => benchCrawl(),
  export: () => benchExport(values.models === undefined ? {} : { file: values.models }),
  load: () => benchLoad({ models: values.models, ...numbers }),
  board: async () => {
    for (const url of values.url ?? []) await benchGradioAt(url, numbers.runs);
    if (values.url) return;
    await benchBoard();
    await benchGradio();
    await benchTables();
  },
};

for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
process.exit(0);
