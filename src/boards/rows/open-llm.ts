import type { BoardSnapshot, ShownRow } from '../snapshot.ts';
import {
  emptyBoardRows,
  type BoardContext,
  type BoardReject,
  type BoardRows,
  type CleanBoard,
  type EntryRow,
  type LeaderboardRow,
  type ScoreRow,
} from './rows.ts';
import {
  booleanOf,
  dateOf,
  field,
  integerOf,
  isObject,
  numberOf,
  textOf,
  wellFormed,
} from '../values.ts';

/** The six evaluations: key in the payload, the page's header, our metric. */
const EVALUATIONS = [
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

/**
 * The Open LLM Leaderboard as its React page loads it (December 2024 on). Of this generation,
 * `is_not_available_on_hub` true means available, and merged, flagged and MoE mean what they say;
 * the Gradio pages before had the last three the other way round under the same headers.
 */
export const cleanOpenLlm: CleanBoard = (snapshot, context) => {
  const rows = emptyBoardRows();
  const loaded = snapshot.loaded ?? [];
  const ranks = rankByAverage(loaded);
  const shownById = new Map(snapshot.shown.map((row) => [row.identity, row]));
  const seen = new Set<string>();
  rows.listed = loaded.length;
  for (const [position, record] of loaded.entries()) {
    const entryId = textOf(field(record, 'id'));
    const reject = rejectReason(record, entryId);
    if (reject !== null || entryId === null) {
      rows.rejects.push({ position, reason: reject ?? 'no_identity', detail: 'open-llm', record });
      continue;
    }
    if (seen.has(entryId)) {
      rows.duplicates += 1;
      continue;
    }
    seen.add(entryId);
    addRow(rows, {
      snapshot,
      context,
      record,
      entryId,
      shown: shownById.get(entryId),
      rank: ranks[position],
    });
  }
  return rows;
};

interface Item {
  snapshot: BoardSnapshot;
  context: BoardContext;
  record: unknown;
  entryId: string;
  shown: ShownRow | undefined;
  rank: number | undefined;
}

const rejectReason = (record: unknown, entryId: string | null): BoardReject['reason'] | null => {
  if (!isObject(record)) return 'not_an_object';
  if (entryId === null) return 'no_identity';
  return textOf(field(record, 'model', 'name')) === null ? 'no_model' : null;
};

function addRow(rows: BoardRows, item: Item): void {
  const entry = entryRow(item);
  rows.entries.push(entry);
  rows.leaderboard.push(wideRow(item, entry));
  rows.scores.push(...scoreRows(item, entry));
}

function entryRow({ snapshot, context, record, entryId, shown, rank }: Item): EntryRow {
  const name = textOf(field(record, 'model', 'name')) ?? entryId;
  const linked = isRepoId(name) ? name : null;
  const { modelId, match } = context.resolve({ name, linked });
  return {
    board: snapshot.board,
    entry_id: entryId,
    snapshot_date: context.capturedAt.slice(0, 10),
    captured_at: context.capturedAt,
    rank_stated: integerOf(shown?.cells['Rank']),
    rank_computed: rank ?? null,
    model_name: name,
    model_url: linked === null ? null : `https://huggingface.co/${linked}`,
    model_id: modelId,
    model_match: match,
    status: snapshot.status,
    row_checked: shown !== undefined,
    shown_checked: snapshot.shownChecked,
    renderer: snapshot.renderer,
    attributes: null,
    raw: wellFormed(record),
    run: context.run,
  };
}

function wideRow({ snapshot, context, record, entryId }: Item, entry: EntryRow): LeaderboardRow {
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
    entry_id: entryId,
    board: snapshot.board,
    captured_at: context.capturedAt,
    status: snapshot.status,
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

interface Score {
  metric: string;
  header: string;
  raw: unknown;
  unit: string;
  lowerIsBetter: boolean;
  shown: string | undefined;
}

function scoreRows(item: Item, entry: EntryRow): ScoreRow[] {
  return scoresOf(item).flatMap(({ metric, header, raw, unit, lowerIsBetter, shown }) => {
    const value = numberOf(raw);
    if (value === null && textOf(raw) === null) return [];
    return [
      {
        board: entry.board,
        entry_id: entry.entry_id,
        snapshot_date: entry.snapshot_date,
        captured_at: entry.captured_at,
        metric,
        header,
        value,
        value_text: shown ?? textOf(raw),
        unit,
        lower_is_better: lowerIsBetter,
        model_id: entry.model_id ?? null,
        status: entry.status,
        run: entry.run,
      },
    ];
  });
}

function scoresOf({ record, shown }: Item): Score[] {
  const cells = shown?.cells ?? {};
  const percent = { unit: 'percent', lowerIsBetter: false };
  const scores: Score[] = [
    {
      metric: 'average',
      header: 'Average',
      raw: averageOf(record),
      shown: cells['Average'],
      ...percent,
    },
  ];
  for (const { key, header, metric } of EVALUATIONS) {
    const of = (name: string) => field(record, 'evaluations', key, name);
    scores.push(
      { metric, header, raw: of('normalized_score'), shown: cells[header], ...percent },
      {
        metric: `${metric}_raw`,
        header,
        raw: of('value'),
        unit: 'ratio',
        lowerIsBetter: false,
        shown: undefined,
      },
    );
  }
  const co2 = { metric: 'co2_cost', header: 'CO₂ Cost', unit: 'kg', lowerIsBetter: true };
  scores.push({ ...co2, raw: field(record, 'metadata', 'co2_cost'), shown: cells['CO₂ Cost'] });
  return scores;
}

/** The page computes the average itself, as the mean of the six; null unless it has all of them. */
function averageOf(record: unknown): number | null {
  let sum = 0;
  for (const { key } of EVALUATIONS) {
    const score = numberOf(field(record, 'evaluations', key, 'normalized_score'));
    if (score === null) return null;
    sum += score;
  }
  return sum / EVALUATIONS.length;
}

/** The page's static rank: by average, all rows, ties in the payload's order. */
function rankByAverage(loaded: readonly unknown[]): number[] {
  const averages = loaded.map((record) => averageOf(record) ?? -Infinity);
  const order = [...averages.keys()].sort(
    (a, b) => (averages[b] ?? 0) - (averages[a] ?? 0) || a - b,
  );
  const ranks: number[] = [];
  for (const [index, position] of order.entries()) ranks[position] = index + 1;
  return ranks;
}

const isRepoId = (name: string): boolean => /^[\w.-]+\/[\w.-]+$/.test(name);

/** −1 and 0 stand for an unknown number of parameters. */
const positive = (value: number | null): number | null =>
  value !== null && value > 0 ? value : null;

const known = (text: string | null): string | null => (text === '?' ? null : text);
