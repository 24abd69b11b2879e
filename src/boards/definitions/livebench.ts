import { model, percent, tableBoard } from '../table-board.ts';

/** Tasks come and go with a release; these are in all of the last ones. */
const LASTING = ['code_completion', 'code_generation', 'connections', 'olympiad', 'paraphrase'];
const OTHERS =
  'AMPS_Hard consecutive_events integrals_with_game javascript logic_with_navigation math_comp plot_unscrambling python simplify spatial story_generation summarize tablejoin tablereformat theory_of_mind typescript typos web_of_lies_v2 web_of_lies_v3 zebra_puzzle';

const task = (header: string, required: boolean) =>
  percent(header, header.toLowerCase(), { lowerIsBetter: false, required });

/**
 * The release of June 2026: each has a file of its own, and this address must follow.
 *
 * @see https://github.com/LiveBench/livebench.github.io
 */
export const livebench = tableBoard({
  id: 'livebench',
  title: 'LiveBench',
  url: 'https://livebench.ai/table_2026_06_25.csv',
  renderer: 'file',
  identity: ['model'],
  minimumRows: 20,
  columns: [
    model('model'),
    ...LASTING.map((name) => task(name, true)),
    ...OTHERS.split(' ').map((name) => task(name, false)),
  ],
});
