import { percent, SHARED_COLUMNS } from './open-llm-gradio.ts';
import { column, score, tableBoard, type TableColumn } from '../table-board.ts';

/** A benchmark has two columns: normalised, 0 to 100, and raw, 0 to 1. */
const pair = (header: string, name: string): TableColumn[] => [
  percent(header, name),
  score(`${header} Raw`, `${name}_raw`, { unit: 'ratio', range: [0, 1], required: false }),
];

/**
 * The Open LLM Leaderboard, second version, as Gradio drew it from June to December 2024. Its own
 * Space has another page now (`open-llm`); copies of this one live on.
 */
export const openLlmV2Gradio = tableBoard({
  id: 'open-llm-v2-gradio',
  title: 'Open LLM Leaderboard, version 2, as a Gradio page',
  url: 'https://huggingface.co/spaces/open-llm-leaderboard/open_llm_leaderboard',
  renderer: 'gradio',
  licence: 'not stated by open-llm-leaderboard/contents',
  identity: ['model', 'precision', 'model_sha'],
  onRequest: true,
  minimumRows: 200,
  columns: [
    ...SHARED_COLUMNS,
    ...pair('IFEval', 'ifeval'),
    ...pair('BBH', 'bbh'),
    ...pair('MATH Lvl 5', 'math_lvl_5'),
    ...pair('GPQA', 'gpqa'),
    ...pair('MUSR', 'musr'),
    ...pair('MMLU-PRO', 'mmlu_pro'),
    column('Not_Merged', 'merged', { kind: 'boolean', inverted: true, required: false }),
    column('Merged', 'merged_flag', { kind: 'boolean', required: false }),
    column('Chat Template', 'chat_template', { kind: 'boolean', required: false }),
    column("Maintainer's Highlight", 'official_provider', {
      aliases: ['Official Providers'],
      kind: 'boolean',
      required: false,
    }),
    column('Submission Date', 'submission_date', { kind: 'date', required: false }),
    column('Upload To Hub Date', 'upload_date', { kind: 'date', required: false }),
    column('Generation', 'generation', { kind: 'number', required: false }),
    column('Base Model', 'base_model', { required: false }),
    score('CO₂ cost (kg)', 'co2_cost', { unit: 'kg', lowerIsBetter: true, required: false }),
  ],
});
