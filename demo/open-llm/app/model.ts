/** One item of `GET /api/leaderboard/formatted`. */
export interface Evaluation {
  name: string;
  value: number | null;
  normalized_score: number | null;
}

export const EVALUATIONS = ['ifeval', 'bbh', 'math', 'gpqa', 'musr', 'mmlu_pro'] as const;
export type EvaluationKey = (typeof EVALUATIONS)[number];

export interface Entry {
  id: string;
  model: {
    name: string;
    precision: string | null;
    type: string;
    architecture: string | null;
    has_chat_template: boolean | null;
  };
  evaluations: Record<EvaluationKey, Evaluation>;
  features: Record<
    'is_not_available_on_hub' | 'is_merged' | 'is_moe' | 'is_flagged' | 'is_official_provider',
    boolean | null
  >;
  metadata: {
    upload_date: string | null;
    submission_date: string | null;
    generation: number | null;
    base_model: string | null;
    hub_license: string | null;
    hub_hearts: number | null;
    params_billions: number;
    co2_cost: number | null;
  };
}

/** An entry as the table takes it: with its recomputed average and its place among all entries. */
export interface RankedEntry extends Entry {
  average: number | null;
  rank: number;
  pinned: boolean;
}

const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="replica-${name}"]`)?.content ?? '';

/** What the replica's server wants to be wrong with this page; empty: nothing. */
export const mutation = meta('mutation');
/** `strict`: an error of the cache write fails the query, as in the front end of January 2025. */
export const cacheMode = meta('cache');
/** Height of a drawn row; the space for those that are not drawn counts 45 each whatever it is. */
export const drawnRowPx = Number(meta('drawn-row-px'));
