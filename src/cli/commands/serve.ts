import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config.ts';
import { checkSettings } from '../../pipeline/check-settings.ts';
import { crawlParams } from '../../pipeline/pipeline.ts';
import { readRuns, unfinishedRun } from '../../pipeline/state.ts';
import { failureFacts } from '../failure.ts';
import type { Io } from '../io.ts';
import { keepSchedule, systemClock, timesOf, zoneOfProcess } from '../serve/schedule.ts';
import { startServer } from '../serve/server.ts';
import type { Status } from '../serve/status.ts';
import { withSession, type Flags } from '../session.ts';
import { runSession } from './run.ts';

/** Runs that the pages tell of. */
const LAST = 10;

/** `serve`: `run` by time, and pages that tell of it, until a signal ends it. */
export async function serveCommand(io: Io, flags: Flags): Promise<number> {
  const { clock = systemClock } = io;
  return withSession(io, flags, async (session) => {
    const { config, log, signal, version } = session;
    const { storage, schedule } = config;
    const next = timesOf(schedule);
    await checkSettings(config, 'run');
    const status: Status = {
      ...{ version, schedule, next: null, runningSince: null, ended: new Map(), skipped: 0 },
      ...lastRuns(config),
    };
    const run = async (): Promise<void> => {
      status.runningSince = clock.now();
      const exitCode = await runOnce(io, flags, clock.now);
      status.ended.set(exitCode, (status.ended.get(exitCode) ?? 0) + 1);
      status.runningSince = null;
      try {
        Object.assign(status, lastRuns(config));
      } catch (error) {
        log.error({ error }, 'the states of runs cannot be read');
      }
    };
    const { server, url } = await startServer({ ...config, status: () => status });
    log.info({ url, schedule, zone: zoneOfProcess() }, 'serving');
    try {
      await keepSchedule({
        ...{ next, clock, signal, run },
        isDue: unfinishedRun(storage, crawlParams(config, 'run')) !== undefined,
        onWait: (until) => (status.next = until),
        onSkip: () => {
          status.skipped += 1;
          log.warn({ since: status.runningSince }, 'skipped: the run before is still going');
        },
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
    return session.interrupted() ?? 0;
  });
}

/** A session of its own, as `run` has; how it ends is logged and told, and ends nothing else. */
const runOnce = (io: Io, flags: Flags, now: () => Date): Promise<number> =>
  withSession(io, flags, async (session) => (await runSession(session, 'run', now)).exitCode).catch(
    (error: unknown) => failureFacts(error).exitCode,
  );

function lastRuns({ storage, out }: Config): Pick<Status, 'runs' | 'report'> {
  const runs = readRuns(storage).reverse();
  const folders =
    out === undefined ? runs.map(({ run }) => path.join(storage, 'exports', run)) : [out];
  const report = folders.map((it) => path.join(it, 'report.html')).find((it) => existsSync(it));
  return { runs: runs.slice(0, LAST), report };
}
