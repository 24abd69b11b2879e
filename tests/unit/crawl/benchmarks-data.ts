import { createHash } from 'node:crypto';
import path from 'node:path';
import { writeJsonl } from '../../helpers/jsonl.ts';

/** Models that the replica lists, so that rows of leaderboards find them. */
const KNOWN = [
  'Qwen/Qwen2.5-72B-Instruct',
  'LGAI-EXAONE/EXAONE-3.5-32B-Instruct',
  'Qwen/Qwen1.5-7B-Chat',
  'google/gemma-7b',
  'google/flan-t5-xxl',
  'AuraIndustries/Aura-8B',
  'HuggingFaceH4/zephyr-7b-beta',
];

export type BoardRecord = Record<string, unknown>;

/** A row in the shape of the Hub's API. */
export const rowOf = (rank: number, modelId: string, facts: BoardRecord = {}): BoardRecord => ({
  rank,
  modelId,
  value: 90 - rank,
  filename: '.eval_results/results.yaml',
  author: { _id: 'a1', type: 'org', name: 'someone', fullname: 'Some One', isHf: false },
  verified: rank === 1,
  source: { url: 'https://example.org/x', isExternal: true, name: 'Some One' },
  lower_is_better: false,
  num_parameters: 7_000_000_000,
  ...facts,
});

/** Rows of as many models; known ones first. `shift` makes the values of two tasks differ. */
const rowsOf = (count: number, shift = 0): BoardRecord[] =>
  Array.from({ length: count }, (_, index) =>
    rowOf(index + 1, KNOWN[index] ?? `maker/model-${index}`, { value: 90.5 - index - shift }),
  );

interface DatasetLine {
  id: string;
  gated?: false | 'auto' | 'manual';
  tags?: string[];
  boards: Record<string, BoardRecord[]> | null;
  evalYaml?: string | null;
  defaultTask?: string;
  isClosed?: boolean;
  boardPage?: number;
}

const GPQA = `# yaml file for compatibility with inspect-ai

name: GPQA
description: >
  A multiple-choice Q&A dataset: very hard questions.

evaluation_framework: inspect-ai

tasks:
  - id: diamond
    config: gpqa_diamond
    split: train

    field_spec:
      target: "literal:D"
      choices:
        - "Incorrect Answer 1"

    solvers:
      - name: multiple_choice

  - id: main
    config: gpqa_main
  - id: extended
    config: gpqa_extended
`;

/** The first of two names of one task holds the very row that the model itself states. */
const arguana = (): BoardRecord[] => [
  rowOf(1, 'sentence-transformers/all-MiniLM-L6-v2', {
    value: 50.167,
    filename: '.eval_results/ArguAna.yaml',
    pullRequest: 154,
  }),
];

const LINES: readonly DatasetLine[] = [
  {
    id: 'Idavidrein/gpqa',
    tags: ['license:mit', 'license:cc-by-4.0'],
    boards: { diamond: rowsOf(9), main: rowsOf(12, 7), extended: rowsOf(3, 20) },
    evalYaml: GPQA,
    defaultTask: 'main',
  },
  { id: 'mteb/arguana', boards: { ArguAna: arguana(), ArguAna_default_test: arguana() } },
  { id: 'cais/hle', gated: 'auto', boards: { hle: rowsOf(5) } },
  { id: 'closed/board', gated: 'manual', boards: { closed: rowsOf(4) }, isClosed: true },
  { id: 'openai/gsm8k', boards: null },
  { id: 'pages/long', boards: { long: rowsOf(12) }, boardPage: 5 },
  { id: 'odd/yaml', boards: { a: rowsOf(2) }, evalYaml: 'tasks: [{name: a}]\n' },
  {
    id: 'other/default',
    boards: { named: rowsOf(2), unnamed: rowsOf(4, 30) },
    defaultTask: 'unnamed',
    evalYaml: 'tasks:\n- id: named\n',
  },
  { id: 'no/benchmark', tags: [], boards: { x: rowsOf(1) } },
];

/** Ids of the official ones. */
export const OFFICIAL = LINES.map(({ id }) => id).filter((id) => id !== 'no/benchmark');

/** Writes benchmarks of every kind for the replica: what `startHub({ datasets })` reads. */
export async function writeBenchmarks(folder: string): Promise<string> {
  const lines = LINES.map(({ id, gated = false, tags, ...rest }, index) => {
    const digest = createHash('sha256').update(id).digest('hex');
    const official = id === 'no/benchmark' ? [] : ['benchmark:official', 'benchmark:eval-yaml'];
    const record = {
      _id: `65${digest.slice(0, 22)}`,
      id,
      author: id.split('/')[0],
      disabled: false,
      gated,
      lastModified: '2026-03-01T12:00:00.000Z',
      likes: 100,
      private: false,
      sha: digest.slice(0, 40),
      downloads: 1000,
      tags: [...official, ...(tags ?? []), 'region:us'],
      createdAt: `2023-11-14T22:13:${String(index).padStart(2, '0')}.000Z`,
      key: '',
    };
    const boards =
      rest.boards === null
        ? null
        : Object.fromEntries(
            Object.entries(rest.boards).map(([task, rows]) => [
              task,
              // Every second model declares a base model: without base_model=false it is left out.
              rows.map((row, place) => ({ declaresBaseModel: place % 2 === 1, row })),
            ]),
          );
    return { record, ...rest, boards };
  });
  return writeJsonl(path.join(folder, 'datasets.jsonl'), lines);
}
