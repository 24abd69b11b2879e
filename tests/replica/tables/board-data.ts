import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A cell as the page is to show it, with the value behind it. */
export interface ReplicaCell {
  text: string;
  value: string | number | null;
  link?: string;
}

export interface ReplicaColumn {
  header: string;
  /** Key of the column in data that the page loads. */
  key: string;
  /** The whole header, where the page shows a short one. */
  title?: string;
  group?: string;
  /** How the page shows a number of it. @default as it is */
  show?: (value: number) => string;
}

/** A board as its page has to show it: what a reader must find. */
export interface ReplicaBoard {
  columns: ReplicaColumn[];
  rows: ReplicaCell[][];
}

const dataFile = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../data/boards/${name}`, import.meta.url)), 'utf8');

/** Rows of a file without quoted commas, as ours are. */
const readCsv = (name: string): string[][] =>
  dataFile(name)
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));

const number = (text: string): ReplicaCell => ({ text, value: parseFloat(text) });
const words = (text: string): ReplicaCell => ({ text, value: text });

const linked = (name: string): ReplicaCell => ({
  text: name,
  value: name,
  link: `https://huggingface.co/${name}`,
});

const column = (header: string, key: string, more: Partial<ReplicaColumn> = {}): ReplicaColumn => ({
  header,
  key,
  ...more,
});

/** The Vectara table: 96 real rows. */
export function vectaraBoard(): ReplicaBoard {
  return {
    columns: [
      column('Model', 'model'),
      column('Hallucination Rate', 'hallucination_rate', { group: 'Rates' }),
      column('Factual Consistency Rate', 'factual_consistency_rate', { group: 'Rates' }),
      column('Answer Rate', 'answer_rate', { group: 'Rates' }),
      column('Average Summary Length (Words)', 'average_summary_length'),
    ],
    rows: readCsv('vectara.csv').map(([name = '', ...rest]) => [linked(name), ...rest.map(number)]),
  };
}

/** The Arena table: 218 real rows, in the form of the page of 2026. */
export function arenaBoard(): ReplicaBoard {
  return {
    columns: [
      column('Rank', 'rank'),
      column('Model', 'name'),
      column('Score', 'rating'),
      column('Votes', 'votes'),
    ],
    rows: readCsv('lmarena.csv').map((fields) => {
      const [rank = '', , name = '', rating = '', interval = '', votes = ''] = fields;
      const [organization = '', licence = ''] = fields.slice(6);
      const plus = /\d+/.exec(interval)?.[0] ?? '0';
      return [
        number(rank),
        { text: `${name} ${organization} · ${licence}`, value: name, link: fields[9] ?? '' },
        { text: `${rating} ±${plus}`, value: Number(rating) },
        { text: Number(votes).toLocaleString('en-US'), value: Number(votes) },
      ];
    }),
  };
}

/** Numbers from 0 to 1 that are the same on every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const TASK_TYPES = [
  'Bitext Mining',
  'Classification',
  'Clustering',
  'Instruction Reranking',
  'Multilabel Classification',
  'Pair Classification',
  'Reranking',
  'Retrieval',
  'Semantic Textual Similarity',
];
const SHORT_TYPES = ['Btxt', 'Class.', 'Clus.', 'InstR', 'MultiC', 'PairC', 'Rrnk', 'Rtrvl', 'STS'];

const hundredfold = (value: number): string => (value * 100).toFixed(2);
const fixed = (value: number): string => value.toFixed(1);

/** A board like MTEB's, made up: some scores missing, some parameters unknown. */
export function mtebBoard(rows: number): ReplicaBoard {
  const random = seeded(5);
  const score = (): ReplicaCell => {
    const value = Math.round(random() * 1e6) / 1e6;
    if (value < 0.03) return { text: '', value: null };
    return { text: hundredfold(value), value };
  };
  return {
    columns: [
      column('Rank', 'rank'),
      column('Model', 'model.name'),
      column('Parameters', 'model.totalParamsB'),
      column('Zero-shot', 'model.zeroShotPct'),
      column('Mean (Task)', 'meanTask', { show: hundredfold }),
      column('Mean (TaskType)', 'meanTaskType'),
      ...TASK_TYPES.map((type, at) =>
        column(SHORT_TYPES[at] ?? '', `scoresByTaskType.${type.replaceAll(' ', '')}`, {
          title: type,
        }),
      ),
    ],
    rows: Array.from({ length: rows }, (_, at) => {
      const billions = Math.round(random() * 1000) / 10;
      const isKnown = billions > 3;
      const zeroShot = Math.floor(random() * 101);
      return [
        { text: `#${at + 1}`, value: at + 1 },
        linked(`org-${at % 97}/embed-${at}`),
        isKnown ? { text: `${billions}B`, value: billions } : { text: '—', value: null },
        { text: `${zeroShot}%`, value: zeroShot },
        ...Array.from({ length: 2 + TASK_TYPES.length }, score),
      ];
    }),
  };
}

/** A board like UGI's, made up: 40 columns, some pinned, more than fit into a window. */
export function ugiBoard(rows: number): ReplicaBoard {
  const random = seeded(11);
  const scores = Array.from({ length: 36 }, (_, at) => `Score ${at + 1}`);
  return {
    columns: [
      column('#', 'rank'),
      column('Model', 'author/model_name'),
      column('UGI 🏆', 'ugi'),
      column('W/10 👍', 'w10'),
      ...scores.map((header, at) =>
        column(header, `score_${at + 1}`, { group: at < 18 ? 'Knowledge' : 'Writing' }),
      ),
    ],
    rows: Array.from({ length: rows }, (_, at) => [
      { text: String(at + 1), value: at + 1 },
      linked(`author-${at % 53}/model-${at}`),
      ...Array.from({ length: 2 + scores.length }, () => {
        const value = Math.round(random() * 1e4) / 100;
        return { text: String(value), value };
      }),
    ]),
  };
}

/** A board like the TTS Arena's, made up. */
export function ttsBoard(rows = 24): ReplicaBoard {
  const random = seeded(3);
  return {
    columns: [
      column('Rank', 'rank'),
      column('Model', 'model'),
      column('Win Rate', 'win_rate'),
      column('Total Votes', 'votes'),
      column('ELO', 'elo'),
    ],
    rows: Array.from({ length: rows }, (_, at) => [
      { text: `#${at + 1}`, value: at + 1 },
      words(`Voice ${at + 1}`),
      { text: `${Math.round(70 - at * 1.5 + random())}%`, value: null },
      number(String(Math.floor(200 + random() * 5000))),
      number(String(1600 - at * 12 - Math.floor(random() * 9))),
    ]),
  };
}

/** A row of the Hub's benchmark leaderboards, in the shape of its API. */
export interface HubEntry {
  rank: number;
  modelId: string;
  value: number;
  verified?: boolean;
  source?: { url?: string; name?: string };
}

/** Entries as the Hub's page is thought to show them. */
export function hubBoard(entries: readonly HubEntry[]): ReplicaBoard {
  return {
    columns: [
      column('Rank', 'rank'),
      column('Model', 'modelId'),
      column('Score', 'value', { show: fixed }),
      column('Status', 'verified'),
      column('Source', 'source.name'),
    ],
    rows: entries.map(({ rank, modelId, value, verified = false, source }) => [
      { text: String(rank), value: rank },
      { text: modelId, value: modelId, link: `/${modelId}` },
      { text: fixed(value), value },
      { text: verified ? 'Verified' : 'Community', value: null },
      { text: source?.name ?? '', value: source?.name ?? null },
    ]),
  };
}

export const someHubEntries = (count: number): HubEntry[] => {
  const random = seeded(23);
  return Array.from({ length: count }, (_, at) => ({
    rank: at + 1,
    modelId: `maker-${at % 17}/reasoner-${at}`,
    value: Math.round((90 - (60 * at) / count + random()) * 100) / 100,
    verified: at % 5 === 0,
    source: { url: `https://example.org/${at}`, name: at % 3 === 0 ? 'Model card' : 'Paper' },
  }));
};
