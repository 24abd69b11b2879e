import { readRuns, type RunState } from '../../pipeline/state.ts';
import type { Io } from '../io.ts';
import { openSession, type Flags } from '../session.ts';

/** Runs that `status` prints. */
const LAST = 10;

/** `status`: the last runs, newest first. */
export function statusCommand(io: Io, flags: Flags): Promise<number> {
  const session = openSession(io, flags);
  const runs = readRuns(session.config.storage).slice(-LAST).reverse();
  session.close();
  if (session.config.json) session.print(`${JSON.stringify({ runs })}\n`);
  else if (runs.length === 0) session.print(`No run yet in ${session.config.storage}.\n`);
  else session.print(`${[HEAD, ...runs.map(line)].join('\n')}\n`);
  return Promise.resolve(0);
}

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
