import { z } from 'zod';
import { bool, date, num, req, reqOneOf, reqTs, str } from './fields.ts';
import { BOARD_STATUSES } from './leaderboard-entries.ts';
import { licenceColumns } from './publish.ts';
import type { Table } from './table.ts';

const normalised = (name: string) =>
  num(`${name}, percent: 0 is guessing, 100 is perfect. As published, not rounded.`);
const raw = (name: string) =>
  num(`${name} as measured, a ratio of 0 to 1. As published, not rounded.`);

/** The Open LLM Leaderboard, wide, with the columns of the original system. */
export const leaderboard = {
  name: 'leaderboard',
  description:
    'The Open LLM Leaderboard (frozen since March 2025), one row an evaluation. A model may have several rows: precisions, revisions, chat template on or off; only entry_id is unique.',
  origin: 'board',
  row: z.strictObject({
    id: req(
      'Model id, owner/name, as the board has it. Not unique: see entry_id. Join with models by board_models: names change, and differ in capitals.',
    ),
    type: str(
      'Kind of model with its emoji, e.g. "🟢 pretrained"; as published where we know no label.',
    ),
    precision: str('Precision of the evaluation: bfloat16, float16, 4bit.'),
    params: num('Parameters, billions. Null when unknown; the board says −1 or 0.'),
    average: num('Mean of the six normalised scores, percent; computed as the page does.'),
    IFEval: normalised('IFEval'),
    IFEval_Raw: raw('IFEval'),
    BBH: normalised('BBH'),
    BBH_Raw: raw('BBH'),
    MATH_Lvl_5: normalised('MATH Level 5'),
    MATH_Lvl_5_Raw: raw('MATH Level 5'),
    GPQA: normalised('GPQA'),
    GPQA_Raw: raw('GPQA'),
    MUSR: normalised('MuSR'),
    MUSR_Raw: raw('MuSR'),
    'MMLU-PRO': normalised('MMLU-PRO'),
    'MMLU-PRO_Raw': raw('MMLU-PRO'),
    submission_date: date('Day the model was submitted to the board, UTC.'),
    upload_to_hub_date: date('Day the model was uploaded to the Hub, UTC.'),
    hub: num('Likes on the Hub when the board last counted them.'),
    hub_license: str('Licence that the model card named.'),
    architecture: str(
      'Class of the model, e.g. LlamaForCausalLM. Null when unknown; the board says "?".',
    ),
    model_website: str('Address of the model on the Hub, as the board links it.'),
    weight_type: str('Original, Adapter or Delta.'),
    type_indicator: str('Emoji of the kind of model.'),
    available_on_hub: bool(
      'Whether the model was on the Hub. The payload calls it is_not_available_on_hub, where true means available.',
    ),
    flagged: bool('Whether the maintainers flagged the model.'),
    not_merged: bool(
      'False for a merge of other models. The payload says is_merged, the opposite.',
    ),
    mixture_of_experts: bool('Whether the model is a mixture of experts.'),
    chat_template: bool('Whether the evaluation used the chat template.'),
    generation: num('Steps of fine-tuning or merging away from a base model; 0 is a base model.'),
    base_model: str('Model it was made from, as published; "Removed" where that was taken down.'),
    maintainers_highlight: bool('Whether an official provider submitted it.'),
    sha: str('Commit of the model that was evaluated. Null when the board has none.'),
    co2_cost_kg: num('CO₂ emitted by the evaluation, kg.'),
    type_key: str('Kind of model as the payload spells it, e.g. "chatmodels".'),
    average_published: num('Average that the payload carries; the page does not show it.'),
    entry_id: req("The board's own identity: model, precision, commit, chat template. Unique."),
    board: req('Id of the board, always open-llm.'),
    captured_at: reqTs('When we read the page, UTC.'),
    ...licenceColumns,
    status: reqOneOf(
      BOARD_STATUSES,
      'verified: shown rows agreed with loaded ones. loaded_only: the page showed its own error, so the rows it loaded were taken unchecked.',
    ),
  }),
  key: ['entry_id'],
} as const satisfies Table;
