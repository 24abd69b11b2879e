import { licensed } from '../licence.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

/** Scores are shown a hundred times as large as they are sent; an empty cell was not measured. */
const mean = (header: string, name: string, required = true) =>
  score(header, name, { unit: 'percent', range: [-100, 100], required });

/** Task types have short headers with the whole name as their title; not all benchmarks have all. */
const taskType = (header: string, name: string) => mean(header, name, false);

/**
 * The Massive Text Embedding Benchmark: the English one, the page's default. A model that stands in
 * several experiments has several rows.
 *
 * @see https://leaderboard.mteb.org
 */
export const mteb = tableBoard({
  id: 'mteb',
  title: 'MTEB (English, v2)',
  url: 'https://leaderboard.mteb.org/benchmark/MTEB(eng,%20v2)',
  renderer: 'html',
  licence: licensed('Apache-2.0', { of: 'embeddings-benchmark/mteb' }),
  identity: ['model'],
  repeats: true,
  minimumRows: 100,
  columns: [
    column('Rank', 'rank', { kind: 'number', aliases: ['Rank (Borda)'] }),
    model('Model'),
    column('Parameters', 'parameters', { aliases: ['Number of Parameters'], required: false }),
    column('Openness', 'openness', { required: false }),
    column('Zero-shot', 'zero_shot_percent', { kind: 'percent', required: false }),
    mean('Mean (Task)', 'mean_task'),
    mean('Mean (TaskType)', 'mean_task_type', false),
    mean('Mean (Public)', 'mean_public', false),
    mean('Mean (Private)', 'mean_private', false),
    taskType('Bitext Mining', 'bitext_mining'),
    taskType('Classification', 'classification'),
    taskType('Clustering', 'clustering'),
    taskType('Instruction Reranking', 'instruction_reranking'),
    taskType('Multilabel Classification', 'multilabel_classification'),
    taskType('Pair Classification', 'pair_classification'),
    taskType('Reranking', 'reranking'),
    taskType('Retrieval', 'retrieval'),
    taskType('Semantic Textual Similarity', 'sts'),
    taskType('Summarization', 'summarization'),
  ],
});
