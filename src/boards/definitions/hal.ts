import type { BoardDefinition } from '../definition.ts';
import { column, model, percent, score, tableBoard } from '../table-board.ts';
import { textOf } from '../values.ts';

const rate = { kind: 'percent', lowerIsBetter: false } as const;
const LEVELS = ['Level 1', 'Level 2', 'Level 3'];

/** Beside a name while it is so: no part of it. */
const BADGE = ' Pareto optimal';

function board(path: string, title: string, minimumRows: number): BoardDefinition {
  const given = tableBoard({
    id: `hal-${path.replaceAll('_', '-')}`,
    title: `HAL, ${title}`,
    url: `https://hal.cs.princeton.edu/${path}`,
    renderer: 'html',
    identity: ['scaffold', 'model'],
    minimumRows,
    columns: [
      column('Rank', 'rank', { kind: 'number' }),
      column('Scaffold', 'scaffold'),
      model('Primary Model', { aliases: ['Models'] }),
      percent('Accuracy', 'accuracy', rate),
      ...LEVELS.map((it) =>
        percent(it, it.toLowerCase().replace(' ', '_'), { ...rate, required: false }),
      ),
      score('Cost (USD)', 'cost', { unit: 'USD', lowerIsBetter: true, range: [0, 1e6] }),
      column('Runs', 'runs', { kind: 'number' }),
      column('Verified', 'verified', { required: false }),
      column('Traces', 'traces', { required: false }),
    ],
  });
  const columns = given.columns.map((it) => ({
    ...it,
    value: (row: unknown) =>
      it.name === 'scaffold' ? textOf(it.value(row))?.replace(BADGE, '') : it.value(row),
  }));
  return { ...given, columns, identity: (row) => given.identity(row).replace(BADGE, '') };
}

/**
 * The Holistic Agent Leaderboard: a page for each benchmark, a row for a scaffold with a model. Compared
 * with its own front end and data, fsndzomga/hal-frontend debcdde.
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
