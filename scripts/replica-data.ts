import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { RENAMES } from '../demo/hub/model.ts';

/**
 * Chooses the replica's models and benchmarks from a folder of collected data and writes them to
 * `demo/data`. The same input gives the same bytes.
 *
 *     node scripts/replica-data.ts --from DIR
 *
 * DIR holds `hub/models.jsonl.gz`, `hub/datasets.jsonl`, `http/*.json` (recorded responses) and
 * `leaderboards/open-llm-v2.formatted.2025-03-21.json.gz`.
 */
type Json = Record<string, unknown>;
interface Model {
  record: Json & { _id: string; id: string };
  bytes: number;
}

/** Fields, and types of fields, that fewer records than this have: all of those are taken. */
const RARE = 25;
/** Fields that nearly every record has, so that lacking one is worth keeping. */
const COMMON = ['_id', 'likes', 'tags', 'lastModified', 'private', 'downloads', 'createdAt'];
const GREEDY = 400;
const TARGET = 560;
const LARGE_BYTES = 300_000;

const { values } = parseArgs({ options: { from: { type: 'string' } } });
if (values.from === undefined) throw new TypeError('--from DIR is missing');
const from = values.from;
const to = 'demo/data';
mkdirSync(to, { recursive: true });

const models = readModels();
const chosen = chooseModels(models);
const written = writeLines(
  'models.jsonl.gz',
  chosen.map(({ record }) => JSON.stringify(record)),
);
const boards = buildBenchmarks(new Set(chosen.map(({ record }) => record.id)));
const writtenBoards = writeLines(
  'datasets.jsonl.gz',
  boards.map((it) => JSON.stringify(it)),
);
console.log(
  `${chosen.length} models, ${written} bytes; ${boards.length} data sets, ${writtenBoards} bytes`,
);

function readModels(): Model[] {
  const lines = readText('hub/models.jsonl.gz').split('\n').filter(Boolean);
  const byId = new Map<string, Model>();
  for (const line of lines) {
    const record = JSON.parse(line) as Model['record'];
    byId.set(record._id, { record, bytes: line.length });
  }
  const recorded = readRecorded();
  const recordedIds = new Set(recorded.map(({ id }) => id.toLowerCase()));
  for (const [_id, { record }] of byId) {
    if (recordedIds.has(record.id.toLowerCase())) byId.delete(_id);
  }
  for (const record of recorded) {
    byId.set(record._id, { record, bytes: JSON.stringify(record).length });
  }
  return [...byId.values()].sort((a, b) => compare(orderKey(a), orderKey(b)));
}

/** The recorded page with every expand, and the recorded model behind a rename. */
function readRecorded(): Model['record'][] {
  const page = readHttp('GET_200_models_list_expand30_2026-07-25.json') as Model['record'][];
  const renamed = readHttp('GET_200_models_meta-llama_Llama-3.1-8B_repoing.json');
  return [...page, renamed as Model['record']];
}

function chooseModels(all: readonly Model[]): Model[] {
  const largest = all.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const candidates = all.filter((it) => it.bytes <= LARGE_BYTES || it === largest);
  const shapes = candidates.map((it) => shapesOf(it.record));
  const byShape = new Map<string, number[]>();
  shapes.forEach((set, index) => {
    for (const shape of set) {
      const having = byShape.get(shape);
      if (having === undefined) byShape.set(shape, [index]);
      else having.push(index);
    }
  });
  const fresh = shapes.map((set) => set.size);
  const covered = new Set<string>();
  const picked = new Set<number>();
  const pick = (index: number): void => {
    picked.add(index);
    for (const shape of shapes[index] ?? []) {
      if (covered.has(shape)) continue;
      covered.add(shape);
      for (const other of byShape.get(shape) ?? []) fresh[other] = (fresh[other] ?? 0) - 1;
    }
  };

  mustHave(candidates, largest).forEach(pick);
  // Greedy cover; the root of the size keeps one huge record from beating many small odd ones.
  while (picked.size < GREEDY) {
    let best = -1;
    let bestScore = 0;
    candidates.forEach(({ bytes }, index) => {
      const score = (fresh[index] ?? 0) / Math.sqrt(bytes);
      if (score > bestScore && !picked.has(index)) [best, bestScore] = [index, score];
    });
    if (best < 0) break;
    pick(best);
  }
  // The rest evenly over time, half of it from 2023 on: what most models look like.
  const indices = candidates.map((_, index) => index);
  const recent = indices.filter(
    (index) => String(candidates[index]?.record['createdAt']) >= '2023',
  );
  const half = Math.floor((TARGET - picked.size) / 2);
  spread(indices, half).forEach(pick);
  spread(recent, half).forEach(pick);
  console.log(`${covered.size} of ${byShape.size} shapes covered`);
  return candidates.filter((_, index) => picked.has(index));
}

function spread(indices: readonly number[], count: number): number[] {
  const stride = Math.max(1, Math.floor(indices.length / count));
  return indices.filter((_, place) => place % stride === 0).slice(0, count);
}

function mustHave(candidates: readonly Model[], largest: Model): number[] {
  const counts = new Map<string, number>();
  const marksOf = ({ record }: Model): string[] => {
    const own = Object.entries(record).map(([name, value]) => `${name} ${typeOf(value)}`);
    return [...own, ...COMMON.filter((name) => !(name in record)).map((name) => `no ${name}`)];
  };
  for (const it of candidates) {
    for (const mark of marksOf(it)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  const wanted = new Set([...Object.values(RENAMES), ...readRecorded().map(({ id }) => id)]);
  const singles = candidates.filter(({ record }) => !record.id.includes('/')).slice(0, 8);
  for (const { record } of singles) wanted.add(record.id);
  wanted.add('gpt2').add('openai-community/gpt2').add(largest.record.id);
  return candidates.flatMap((it, index) =>
    wanted.has(it.record.id) || marksOf(it).some((mark) => (counts.get(mark) ?? 0) < RARE)
      ? [index]
      : [],
  );
}

function shapesOf(record: Json): Set<string> {
  const shapes = new Set<string>();
  const walk = (value: unknown, path: string, depth: number): void => {
    shapes.add(`${path} ${typeOf(value)}`);
    if (typeof value !== 'object' || value === null || depth > 7) return;
    if (Array.isArray(value)) {
      for (const item of value.slice(0, 50)) walk(item, `${path}[]`, depth + 1);
      return;
    }
    for (const [name, item] of Object.entries(value)) walk(item, `${path}.${name}`, depth + 1);
  };
  walk(record, '', 0);
  return shapes;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'empty array' : 'array';
  if (typeof value === 'string') return `string ${kindOfText(value)}`;
  if (typeof value !== 'number') return typeof value;
  if (!Number.isInteger(value)) return 'fraction';
  return Math.abs(value) > 2 ** 31 ? 'large integer' : 'integer';
}

function kindOfText(text: string): string {
  if (text === '') return 'empty';
  if (/[\ud800-\udfff]/.test(text)) return 'astral';
  if (/[\u2028\u2029\u0000-\u0008]/.test(text)) return 'control';
  if (/[^\u0000-\u007f]/.test(text)) return 'unicode';
  return text.length > 5000 ? 'long' : 'plain';
}

interface OpenLlmRow {
  model: { name: string; sha: string };
  evaluations: Record<string, { value: number; normalized_score: number }>;
  metadata: { base_model: string; params_billions: number };
}

function buildBenchmarks(chosenIds: ReadonlySet<string>): Json[] {
  const rows = JSON.parse(
    readText('leaderboards/open-llm-v2.formatted.2025-03-21.json.gz'),
  ) as OpenLlmRow[];
  const plain = readText('hub/datasets.jsonl').split('\n').filter(Boolean);
  const byId = new Map(
    plain
      .map((line) => JSON.parse(line) as Json & { id: string; tags: string[] })
      .map((it) => [it.id, it]),
  );
  const existing = (id: string, tag?: string): Json => {
    const record = byId.get(id);
    if (record === undefined) throw new TypeError(`no data set ${id}`);
    // What the viewer adds is no field of the Hub's list.
    const rest = { ...record } as Json;
    delete rest['viewer_sample_rows'];
    delete rest['modalities'];
    return tag === undefined ? rest : { ...rest, tags: [...record.tags, tag] };
  };
  const board = (pick: (row: OpenLlmRow) => number, file: string): Json[] =>
    boardRows(rows, chosenIds, { pick, file });
  const value = (name: string) => (row: OpenLlmRow) => row.evaluations[name]?.value ?? 0;
  const score = (name: string) => (row: OpenLlmRow) => row.evaluations[name]?.normalized_score ?? 0;
  return [
    {
      record: madeUpDataset('Idavidrein/gpqa', false),
      boards: {
        gpqa_diamond: board((row) => score('gpqa')(row), 'gpqa'),
        gpqa_main: board((row) => value('gpqa')(row) * 100, 'gpqa'),
      },
    },
    {
      record: madeUpDataset('TIGER-Lab/MMLU-Pro', false),
      boards: { mmlu_pro: board((row) => value('mmlu_pro')(row) * 100, 'mmlu-pro') },
    },
    { record: madeUpDataset('mteb/arguana', false), boards: { ArguAna: arguanaRows() } },
    {
      record: madeUpDataset('cais/hle', 'auto'),
      boards: { hle: board((row) => value('bbh')(row) * 10, 'hle').slice(0, 5) },
    },
    { record: existing('openai/gsm8k', 'benchmark:official'), boards: null },
    { record: existing('allenai/ai2_arc'), boards: null },
    { record: existing('princeton-nlp/SWE-bench_Verified'), boards: null },
  ].sort((a, b) => compare(String(a.record['_id']), String(b.record['_id'])));
}

function madeUpDataset(id: string, gated: false | 'auto'): Json {
  const digest = createHash('sha256').update(id).digest('hex');
  return {
    _id: `65${digest.slice(0, 22)}`,
    id,
    author: id.split('/')[0],
    disabled: false,
    gated,
    lastModified: '2026-03-01T12:00:00.000Z',
    likes: 100,
    trendingScore: 1,
    private: false,
    sha: digest.slice(0, 40),
    downloads: 1000,
    tags: ['benchmark:official', 'benchmark:eval-yaml', 'region:us'],
    createdAt: '2023-11-14T22:13:20.000Z',
    key: '',
  };
}

interface BoardPlan {
  pick: (row: OpenLlmRow) => number;
  file: string;
}

/** Twelve real models with a real score of the Open LLM Leaderboard, in the shape of a Hub board. */
function boardRows(
  rows: readonly OpenLlmRow[],
  chosenIds: ReadonlySet<string>,
  { pick, file }: BoardPlan,
): Json[] {
  const known = rows.filter(({ model }) => chosenIds.has(model.name));
  const spread = rows.filter((_, index) => index % 700 === 0);
  const byName = new Map([...known, ...spread].slice(0, 12).map((row) => [row.model.name, row]));
  const ranked = [...byName.values()].sort((a, b) => pick(b) - pick(a));
  return ranked.map((row, index) => {
    const { name } = row.model;
    const author = name.split('/')[0] ?? name;
    const source = {
      url: 'https://huggingface.co/spaces/open-llm-leaderboard/open_llm_leaderboard',
      isExternal: false,
      name: 'Open LLM Leaderboard',
    };
    return {
      declaresBaseModel: row.metadata.base_model !== name,
      row: {
        rank: index + 1,
        modelId: name,
        value: Number(pick(row).toFixed(3)),
        filename: `.eval_results/${file}.yaml`,
        author: authorOf(author, index % 3 === 2),
        verified: index === 0,
        // Some rows of real boards lack it.
        ...(index % 4 === 3 ? {} : { source }),
        ...(index % 5 === 4 ? { pullRequest: index } : {}),
        ...(index === 1 ? { notes: 'As published; few-shot setting of the leaderboard.' } : {}),
        lower_is_better: false,
        ...(row.metadata.params_billions > 0
          ? { num_parameters: Math.round(row.metadata.params_billions * 1e9) }
          : {}),
      },
    };
  });
}

function arguanaRows(): Json[] {
  const [model] = readRecorded().filter((it) => 'evalResults' in it);
  const results = model?.['evalResults'] as { filename: string; data: Json; pullRequest: number }[];
  return results.slice(0, 1).map(({ filename, data, pullRequest }) => ({
    declaresBaseModel: true,
    row: {
      rank: 1,
      modelId: model?.id,
      value: data['value'],
      filename,
      author: authorOf('sentence-transformers', false),
      verified: false,
      source: { ...(data['source'] as Json), isExternal: true },
      pullRequest,
      notes: data['notes'],
    },
  }));
}

function authorOf(name: string, isUser: boolean): Json {
  const common = {
    _id: createHash('sha256').update(name).digest('hex').slice(0, 24),
    name,
    fullname: name,
    avatarUrl: '/avatars/none.svg',
    isHf: false,
    isHfAdmin: false,
    isMod: false,
  };
  return isUser
    ? { ...common, type: 'user', isPro: false }
    : { ...common, type: 'org', plan: 'team' };
}

function readHttp(name: string): unknown {
  return (JSON.parse(readText(join('http', name))) as { body: unknown }).body;
}

function readText(path: string): string {
  const bytes = readFileSync(join(from, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function writeLines(name: string, lines: readonly string[]): number {
  // Node writes no time into the head of a gzip file, so the bytes depend on the lines only.
  const bytes = gzipSync(lines.join('\n') + '\n', { level: constants.Z_BEST_COMPRESSION });
  writeFileSync(join(to, name), bytes);
  return bytes.length;
}

function orderKey({ record }: Model): string {
  return `${String(record['createdAt'])} ${record._id}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
