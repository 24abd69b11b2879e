import { percent, SHARED_COLUMNS } from './open-llm-gradio.ts';
import { column, tableBoard } from '../table-board.ts';

/** The Open LLM Leaderboard, first version: ended in June 2024, kept as an archive. */
export const openLlmV1 = tableBoard({
  id: 'open-llm-v1',
  title: 'Open LLM Leaderboard, version 1 (archive)',
  url: 'https://huggingface.co/spaces/open-llm-leaderboard-old/open_llm_leaderboard',
  renderer: 'gradio',
  licence: 'not stated by open-llm-leaderboard-old/contents',
  identity: ['model', 'precision', 'model_sha'],
  minimumRows: 7000,
  frozen: {
    rows: 7169,
    since: '2024-07-13',
    identitiesSha256: 'bc922a8b2386bd1c1b27eee6a8a336de55155763da25d1432c0d1338c12a39ef',
  },
  columns: [
    ...SHARED_COLUMNS,
    percent('ARC', 'arc'),
    percent('HellaSwag', 'hellaswag'),
    percent('MMLU', 'mmlu'),
    percent('TruthfulQA', 'truthfulqa'),
    percent('Winogrande', 'winogrande'),
    percent('GSM8K', 'gsm8k'),
    column('Merged', 'merged', { kind: 'boolean', inverted: true }),
    column('date', 'date', { kind: 'date', required: false }),
  ],
});
