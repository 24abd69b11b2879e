import type { RecordScore } from '../definition.ts';
import { booleanOf, dateOf, field, numberOf, textOf } from '../values.ts';
import type { EntryRow, LeaderboardRow } from './rows.ts';

/** The six evaluations: key in the payload, the page's header, our metric. */
export const EVALUATIONS = [
  { key: 'ifeval', header: 'IFEval', metric: 'ifeval' },
  { key: 'bbh', header: 'BBH', metric: 'bbh' },
  { key: 'math', header: 'MATH', metric: 'math_lvl_5' },
  { key: 'gpqa', header: 'GPQA', metric: 'gpqa' },
  { key: 'musr', header: 'MUSR', metric: 'musr' },
  { key: 'mmlu_pro', header: 'MMLU-PRO', metric: 'mmlu_pro' },
] as const;

/**
 * The board publishes a type as its label without emoji, spaces and bracket; the original's `type`
 * and `type_indicator` were the whole label and its emoji, as the Gradio page had them.
 */
const TYPES: Partial<Record<string, { label: string; emoji: string }>> = {
  chatmodels: { label: '💬 chat models (RLHF, DPO, IFT, ...)', emoji: '💬' },
  basemergesandmoerges: { label: '🤝 base merges and moerges', emoji: '🤝' },
  'fine-tunedondomain-specificdatasets': {
    label: '🔶 fine-tuned on domain-specific datasets',
    emoji: '🔶',
  },
  pretrained: { label: '🟢 pretrained', emoji: '🟢' },
  continuouslypretrained: { label: '🟩 continuously pretrained', emoji: '🟩' },
  multimodal: { label: '🌸 multimodal', emoji: '🌸' },
  '❓other': { label: '❓ other', emoji: '❓' },
};

/** The page does not show `average_score` as sent: it takes the mean of the six; null unless it has all. */
export function averageOf(record: unknown): number | null {
  let sum = 0;
  for (const { key } of EVALUATIONS) {
    const score = numberOf(field(record, 'evaluations', key, 'normalized_score'));
    if (score === null) return null;
    sum += score;
  }
  return sum / EVALUATIONS.length;
}

/** The scores as measured, which the page does not show. */
export const rawScores = (record: unknown): RecordScore[] =>
  EVALUATIONS.map(({ key, header, metric }) => ({
    ...{ metric: `${metric}_raw`, header, unit: 'ratio' },
    value: field(record, 'evaluations', key, 'value'),
  }));

/**
 * The row of `leaderboard`, from the React page's records (December 2024 on). Of this generation,
 * `is_not_available_on_hub` true means available, and merged, flagged and MoE mean what they say;
 * the Gradio pages before had the last three the other way round under the same headers.
 */
export function wideRow(record: unknown, entry: EntryRow): LeaderboardRow {
  const model = (key: string) => field(record, 'model', key);
  const metadata = (key: string) => field(record, 'metadata', key);
  const feature = (key: string) => booleanOf(field(record, 'features', key));
  const typeKey = textOf(model('type'));
  const type = typeKey !== null && Object.hasOwn(TYPES, typeKey) ? TYPES[typeKey] : undefined;
  const merged = feature('is_merged');
  return {
    id: entry.model_name,
    type: type?.label ?? typeKey,
    precision: textOf(model('precision')),
    params: positive(numberOf(metadata('params_billions'))),
    average: averageOf(record) ?? numberOf(model('average_score')),
    ...evaluationColumns(record),
    submission_date: dateOf(metadata('submission_date')),
    upload_to_hub_date: dateOf(metadata('upload_date')),
    hub: numberOf(metadata('hub_hearts')),
    hub_license: textOf(metadata('hub_license')),
    architecture: known(textOf(model('architecture'))),
    model_website: entry.model_url ?? null,
    weight_type: textOf(model('weight_type')),
    type_indicator: type?.emoji ?? null,
    available_on_hub: feature('is_not_available_on_hub'),
    flagged: feature('is_flagged'),
    not_merged: merged === null ? null : !merged,
    mixture_of_experts: feature('is_moe'),
    chat_template: booleanOf(model('has_chat_template')),
    generation: numberOf(metadata('generation')),
    base_model: textOf(metadata('base_model')),
    maintainers_highlight: feature('is_official_provider'),
    sha: textOf(model('sha')),
    co2_cost_kg: numberOf(metadata('co2_cost')),
    type_key: typeKey,
    average_published: numberOf(model('average_score')),
    entry_id: entry.entry_id,
    board: entry.board,
    captured_at: entry.captured_at,
    licence: entry.licence,
    publish: entry.publish,
    status: entry.status,
  };
}

/** The pair of columns of each evaluation: 0 to 100 against the baseline, and 0 to 1 as measured. */
const evaluationColumns = (record: unknown) => {
  const score = (key: string) => numberOf(field(record, 'evaluations', key, 'normalized_score'));
  const raw = (key: string) => numberOf(field(record, 'evaluations', key, 'value'));
  return {
    IFEval: score('ifeval'),
    IFEval_Raw: raw('ifeval'),
    BBH: score('bbh'),
    BBH_Raw: raw('bbh'),
    MATH_Lvl_5: score('math'),
    MATH_Lvl_5_Raw: raw('math'),
    GPQA: score('gpqa'),
    GPQA_Raw: raw('gpqa'),
    MUSR: score('musr'),
    MUSR_Raw: raw('musr'),
    'MMLU-PRO': score('mmlu_pro'),
    'MMLU-PRO_Raw': raw('mmlu_pro'),
  };
};

/** −1 and 0 stand for an unknown number of parameters. */
const positive = (value: number | null): number | null =>
  value !== null && value > 0 ? value : null;

const known = (text: string | null): string | null => (text === '?' ? null : text);
