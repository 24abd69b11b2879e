import { prune, type Pruned } from '../../pipeline/prune.ts';
import type { Io } from '../io.ts';
import { withStorage } from '../resources.ts';
import { withSession, type Flags } from '../session.ts';

/** `prune`: removes what no later run needs; `run` does it by itself. */
export const pruneCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { config, answer } = session;
    const pruned = await withStorage(session, 'prune', () => prune(config.storage, config));
    answer({ dryRun: config.dryRun, pruned }, textOf(pruned, config.dryRun));
    return 0;
  });

function textOf(pruned: readonly Pruned[], dryRun: boolean): string {
  if (pruned.length === 0) return 'Nothing to remove.\n';
  const done = dryRun ? 'would be removed' : 'removed';
  const lines = pruned.map(({ run, datasets, exported, evidence, bytes }) => {
    const what = [
      ...(datasets.length === 0 ? [] : [`captures (${(bytes / 1e6).toFixed(1)} MB)`]),
      ...(exported === null ? [] : ['tables']),
      ...(evidence === null ? [] : ['evidence']),
    ];
    return `${run}  ${what.join(', ')}`;
  });
  return `${lines.join('\n')}\n${done} of ${pruned.length} runs; their states stay.\n`;
}
