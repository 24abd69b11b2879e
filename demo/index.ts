import { startHub } from './hub/index.ts';
import { startOpenLlm } from './open-llm/server.ts';

/** The replica that `demo` runs against: a Hub and a leaderboard page, on loopback. */
export interface Replica {
  hubUrl: string;
  openLlmUrl: string;
  close: () => Promise<void>;
}

export async function startReplica(): Promise<Replica> {
  const [hub, openLlm] = await Promise.all([startHub(), startOpenLlm()]);
  return {
    hubUrl: hub.url,
    openLlmUrl: openLlm.url,
    async close() {
      await Promise.all([hub.close(), openLlm.close()]);
    },
  };
}
