import type { BoardDefinition } from '../definition.ts';
import { licensed } from '../licence.ts';
import { column, model, score, tableBoard, type TableColumn } from '../table-board.ts';

const DATA = 'https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset';
const licence = licensed('CC-BY-4.0', { terms: DATA, citation: `Arena, ${DATA}, CC BY 4.0` });

const RATINGS = [
  score('rating', 'rating', { unit: 'elo', lowerIsBetter: false, range: [0, 5000] }),
  score('rating_lower', 'rating_lower', { unit: 'elo', required: false }),
  score('rating_upper', 'rating_upper', { unit: 'elo', required: false }),
  score('vote_count', 'votes', { unit: 'votes', required: false }),
];
const AGENT_SCORES = [
  score('score', 'score', { lowerIsBetter: false, range: [-10, 10] }),
  score('score_ci_lower', 'score_lower', { required: false }),
  score('score_ci_upper', 'score_upper', { required: false }),
  column('observation_count', 'observations', { kind: 'number', required: false }),
  column('session_count', 'sessions', { kind: 'number', required: false }),
];

const arena = (name: string, scores: TableColumn[], minimumRows = 5) =>
  tableBoard({
    id: name === 'text' ? 'lmarena' : `lmarena-${name.replaceAll('_', '-')}`,
    title: `Arena, ${name.replaceAll('_', ' ')}`,
    url: `${DATA}/resolve/main/${name}/latest-00000-of-00001.parquet`,
    renderer: 'file',
    file: { hosts: ['*.hf.co'] },
    licence,
    identity: ['model', 'category'],
    minimumRows,
    unproved: true,
    columns: [
      column('rank', 'rank', { kind: 'number' }),
      model('model_name'),
      column('category', 'category'),
      column('organization', 'organization', { required: false }),
      column('license', 'license', { required: false }),
      column('leaderboard_publish_date', 'published', { kind: 'date', required: false }),
      ...scores,
    ],
  });

const BY_VOTES =
  'text_style_control text_factuality vision vision_style_control webdev search search_style_control search_factuality document document_style_control text_to_image image_edit text_to_video image_to_video video_edit';
const AGENTS =
  'agent agent_bash_recovery_steps agent_praise_complaint agent_steerability agent_task_outcome_explicit agent_tool_hallucination';

/**
 * From the data set that their makers publish: the terms of their site forbid reading its pages. A row is
 * a model in a category. Of its files only the schema could be seen.
 *
 * @see https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset
 */
export const arenas: readonly BoardDefinition[] = [
  arena('text', RATINGS, 100),
  ...BY_VOTES.split(' ').map((name) => arena(name, RATINGS)),
  ...AGENTS.split(' ').map((name) => arena(name, AGENT_SCORES)),
];
