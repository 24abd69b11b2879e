import { writePage } from '../../pipeline/page.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';

/** `report`: writes the page that people look at, and says where it is. */
export const reportCommand = (io: Io, flags: Flags, [folder]: string[]): Promise<number> =>
  withSession(io, flags, async ({ config, signal, answer }) => {
    const page = await writePage(config, { folder, out: config.out, signal });
    answer({ page }, `${page}\n`);
    return 0;
  });
