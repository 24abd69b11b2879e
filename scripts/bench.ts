import { parseArgs } from 'node:util';
import { benchBoards, benchUrl } from './bench/board.ts';
import { benchCrawl } from './bench/crawl.ts';
import { benchExport } from './bench/export.ts';
import { benchStart } from './bench/start.ts';

// `npm run bench [-- NAME…]`: what a user waits for, against its budget.
// `npm run bench -- export --models FILE --records 1000000 --runs 1`: of models of one's own.
// `npm run bench -- board --url URL`: of a page that somebody serves.
const { positionals: chosen, values } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string' },
    records: { type: 'string' },
    runs: { type: 'string' },
    url: { type: 'string', multiple: true },
  },
});
const { models } = values;
const numbers = {
  ...(values.records === undefined ? {} : { records: Number(values.records) }),
  ...(values.runs === undefined ? {} : { runs: Number(values.runs) }),
};

const BENCHES: Record<string, () => Promise<void> | void> = {
  start: () => benchStart(),
  crawl: () => benchCrawl(models),
  export: () => benchExport(models, numbers),
  board: async () => {
    for (const url of values.url ?? []) await benchUrl(url, numbers.runs);
    if (values.url === undefined) await benchBoards(numbers.runs);
  },
};

for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
process.exit(0);
