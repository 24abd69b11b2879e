import type { BoardDefinition } from '../definition.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

const percent = {
  kind: 'percent',
  unit: 'percent',
  lowerIsBetter: false,
  range: [0, 100],
} as const;
const LEVELS = ['Level 1', 'Level 2', 'Level 3'];

/** Beside a name while it is so: no part of what a row is known by. */
const BADGE = ' Pareto optimal';

function board(path: string, title: string, minimumRows: number): BoardDefinition {
  const given = tableBoard({
    id: `hal-${path.replaceAll('_', '-')}`,
    title: `HAL, ${title}`,
    url: `https://hal.cs.princeton.edu/${path}`,
    renderer: 'html',
    licence: 'not stated',
    identity: ['scaffold', 'model'],
    unproved: true,
    minimumRows,
    columns: [
      column('Rank', 'rank', { kind: 'number' }),
      column('Scaffold', 'scaffold'),
      model('Primary Model', { aliases: ['Models'] }),
      score('Accuracy', 'accuracy', percent),
      ...LEVELS.map((it) =>
        score(it, it.toLowerCase().replace(' ', '_'), { ...percent, required: false }),
      ),
      score('Cost (USD)', 'cost', { unit: 'USD', lowerIsBetter: true, range: [0, 1e6] }),
      column('Runs', 'runs', { kind: 'number' }),
      column('Verified', 'verified', { required: false }),
    ],
  });
  return { ...given, identity: (row) => given.identity(row).replace(BADGE, '') };
}

/**
 * The Holistic Agent Leaderboard: a page for each benchmark, a row for a scaffold with a model.
 *
 * @see https://hal.cs.princeton.edu
 */
export const hal = [
  board('assistantbench', 'AssistantBench', 10),
  board('corebench_hard', 'CORE-Bench Hard', 10),
  board('gaia', 'GAIA', 10),
  board('online_mind2web', 'Online Mind2Web', 10),
  board('scicode', 'SciCode', 10),
  board('scienceagentbench', 'ScienceAgentBench', 10),
  board('swebench_verified_mini', 'SWE-bench Verified Mini', 10),
  board('taubench_airline', 'τ-bench, airline', 5),
  board('usaco', 'USACO', 5),
];
