import { column, model, percent, score, tableBoard, type TableColumn } from '../table-board.ts';

/** A flag that the pages of gradio_leaderboard turned round: true means that it is not so. */
const turned = (header: string, name: string): TableColumn =>
  column(header, name, { kind: 'boolean', inverted: true });

/** Columns that both versions of the board had while gradio_leaderboard drew it. */
const SHARED_COLUMNS: readonly TableColumn[] = [
  column('T', 'type_symbol'),
  column('Model', 'model_html', { required: false }),
  percent('Average ⬆️', 'average'),
  column('Type', 'type'),
  column('Architecture', 'architecture', { required: false }),
  column('Weight type', 'weight_type', { required: false }),
  column('Precision', 'precision'),
  column('Hub License', 'license', { required: false }),
  column('#Params (B)', 'params_billions', { kind: 'number', missing: [-1, 0] }),
  column('Hub ❤️', 'hub_likes', { kind: 'number' }),
  column('Available on the hub', 'available_on_hub', { kind: 'boolean' }),
  column('Model sha', 'model_sha'),
  turned('Flagged', 'flagged'),
  turned('MoE', 'moe'),
  model('fullname', { aliases: ['model_name_for_query'] }),
];

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
