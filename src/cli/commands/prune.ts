import { prune, type Pruned } from '../../pipeline/prune.ts';
import { openStorage } from '../../storage/storage-folder.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';

/** `prune`: removes what no later run needs; `run` does it by itself. */
export const pruneCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, async ({ config, answer, log }) => {
    const storage = await openStorage(config.storage, { command: 'prune', log });
    try {
      const pruned = await prune(config.storage, config);
      answer({ dryRun: config.dryRun, pruned }, textOf(pruned, config.dryRun));
      return 0;
    } finally {
      storage.close();
    }
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
