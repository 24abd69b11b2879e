import { readRuns, type RunState } from '../../pipeline/state.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';

/** Runs that `status` prints. */
const LAST = 10;

/** `status`: the last runs, newest first. */
export const statusCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, ({ config, answer }) => {
    const runs = readRuns(config.storage).slice(-LAST).reverse();
    const lines = [HEAD, ...runs.map(line)].join('\n');
    answer({ runs }, runs.length === 0 ? `No run yet in ${config.storage}.\n` : `${lines}\n`);
    return 0;
  });

const HEAD = 'run                 command  status       exit  models      boards';

function line({ run, params, status, exitCode, sources, stage }: RunState): string {
  const boards = Object.entries(sources.boards ?? {}).map(([id, { status: it }]) => `${id} ${it}`);
  const note = stage === 'done' ? '' : `  (next: ${stage})`;
  return [
    run.padEnd(19),
    params.command.padEnd(8),
    status.padEnd(12),
    String(exitCode ?? '').padEnd(5),
    (sources.models?.listed ?? 0).toLocaleString('en').padEnd(11),
    boards.join(', ') + note,
  ].join(' ');
}
