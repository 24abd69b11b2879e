import { once } from 'node:events';
import type { Clock } from '../../src/cli/serve/schedule.ts';
import { runCli, type CliOptions, type CliResult } from './cli.ts';

/** A clock that stands still until somebody says that the awaited time has come. */
export interface TickingClock extends Clock {
  tick: () => void;
  /** The times that were waited for. */
  waits: Date[];
}

export function tickingClock(): TickingClock {
  let time = new Date('2026-11-30T00:00:00Z');
  let come = (): void => undefined;
  const waits: Date[] = [];
  return {
    waits,
    tick: () => come(),
    now: () => time,
    async until(at, signal) {
      waits.push(at);
      const ticked = new Promise<void>((resolve) => (come = resolve));
      if (!signal.aborted) await Promise.race([ticked, once(signal, 'abort')]);
      time = at;
    },
  };
}

export interface Served {
  url: string;
  clock: TickingClock;
  /** The text of a page. */
  get: (page: string) => Promise<string>;
  /** Ends it as SIGTERM does. */
  stop: () => Promise<CliResult>;
}

/** `serve` in this process, on any free port, once it listens. */
export async function startServing(
  args: readonly string[],
  options: Pick<CliOptions, 'folder'> = {},
): Promise<Served> {
  const clock = tickingClock();
  const [soft, hard] = [new AbortController(), new AbortController()];
  const signals = { signal: soft.signal, kill: hard.signal };
  let done: Promise<CliResult> | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const onStderr = (text: string): void => {
      const [, address] = /"url":"([^"]+)","schedule"/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    };
    const command = ['serve', '--port', '0', '--log-format', 'json', ...args];
    done = runCli(command, { ...options, clock, onStderr, ...signals });
    void done.then(({ stderr }) => reject(new Error(stderr)));
  });
  return {
    ...{ url, clock },
    get: async (page) => (await fetch(`${url}${page}`)).text(),
    stop() {
      soft.abort('SIGTERM');
      hard.abort();
      return done as Promise<CliResult>; // made above
    },
  };
}
