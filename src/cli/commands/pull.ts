import { EtlError } from '../../errors.ts';
import { takeState } from '../../pipeline/remote-state.ts';
import type { Io } from '../io.ts';
import { withStorage } from '../resources.ts';
import { withSession, type Flags } from '../session.ts';

/** `pull`: what the bucket of `--state` holds, in a storage that one can look at. The bucket stays as it is. */
export const pullCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { config, answer } = session;
    const { state } = config;
    if (state === undefined) throw new EtlError('CONFIG_INVALID', '`pull` needs --state');
    const remote = await withStorage(session, 'pull', async () => {
      const taken = await takeState(session, { config, command: 'pull', state });
      await taken.close();
      return taken;
    });
    const { files, bytes } = remote.found;
    const size = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
    answer({ state, storage: config.storage, files, bytes }, `${state}: ${size}\n`);
    return 0;
  });
