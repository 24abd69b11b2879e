import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { openRemoteState, type RemoteState } from '../storage/remote/remote.ts';
import type { CrawlDependencies } from './crawl-stage.ts';
import { openBucketByProxy } from './places.ts';

type StateDependencies = Pick<CrawlDependencies, 'log' | 'env' | 'signal' | 'kill'>;

/** What a run must know of its state elsewhere. */
export interface RemoteWork {
  /** Aborted, with the reason, when another run may have taken the state over. */
  lost: AbortSignal;
  /** Ends the saves that go on beside the run: to be called before the run's own state says that it is done. */
  settle: () => Promise<void>;
}

/** What a process that is about to be ended still has, before it gives the lease back. */
const LAST_SAVE_MS = 1000;

/**
 * Runs `work` on the state that `--state` names: brings it down into the storage, which is open, puts up
 * what was crawled from time to time, and all of it at the end. Without `--state` it runs `work`.
 *
 * @throws {EtlError} `STORAGE_LOCKED` when another run holds the state or has taken it over, `STATE_FAILED`,
 * `STATE_DENIED`, `FOLDER_TAKEN`, `STORAGE_CORRUPT`
 */
export async function withRemoteState<Result>(
  dependencies: StateDependencies,
  { config, command }: { config: Config; command: string },
  work: (remote: RemoteWork) => Promise<Result>,
): Promise<Result> {
  const { log, signal, kill } = dependencies;
  const { state } = config;
  if (state === undefined)
    return work({ lost: new AbortController().signal, settle: () => Promise.resolve() });
  const remote = await takeState(dependencies, { config, command, state });
  const ended = new AbortController();
  const beside = { log, everyMs: config.stateEvery * 1000, ended: ended.signal, signal, kill };
  const saves = saveBeside(remote, beside);
  const settle = (): Promise<void> => {
    ended.abort();
    return saves;
  };
  const [outcome] = await Promise.allSettled([work({ lost: remote.lost, settle })]);
  await settle();
  remote.lost.throwIfAborted();
  try {
    const last = kill.aborted ? AbortSignal.timeout(LAST_SAVE_MS) : kill;
    log.info({ state, ...(await remote.save({ whole: true, signal: last })) }, 'saved the state');
  } catch (error) {
    if (outcome.status === 'fulfilled' && !kill.aborted) throw error;
    log.warn({ state, error }, 'the state was not saved: it stays as it was saved last');
  } finally {
    await remote.close().catch(() => undefined); // its lease ends by itself
  }
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/**
 * Takes a state and brings it down into the storage, which is open.
 *
 * @throws {EtlError} as `withRemoteState`
 */
export async function takeState(
  { log, env, signal }: Omit<StateDependencies, 'kill'>,
  { config, command, state }: { config: Config; command: string; state: string },
): Promise<RemoteState> {
  const bucket = await openBucketByProxy(state, { env, gcsEndpoint: config.storageEndpoint });
  const options = { command, leaseMs: config.stateLease * 1000, signal, log };
  const remote = await openRemoteState(bucket, config.storage, options);
  log.info({ state, ...remote.found }, 'took the state');
  return remote;
}

interface Beside {
  everyMs: number;
  ended: AbortSignal;
}

/** What fails is tried again: at the latest at the end, where it counts. */
async function saveBeside(
  remote: RemoteState,
  { log, everyMs, ended, signal, kill }: Omit<StateDependencies, 'env'> & Beside,
): Promise<void> {
  for (;;) {
    const wake = AbortSignal.any([ended, signal]);
    await delay(everyMs, undefined, { signal: wake }).catch(() => undefined);
    if (ended.aborted || remote.lost.aborted) return;
    try {
      log.debug(await remote.save({ whole: false, signal: kill }), 'saved what was crawled');
    } catch (error) {
      if (!kill.aborted) log.warn({ error }, 'what was crawled could not be saved yet');
    }
    // An interrupted run takes seconds to end, which this save has used.
    if (signal.aborted) return;
  }
}
