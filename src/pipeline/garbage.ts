import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HUB_SOURCES, type RunState } from './state.ts';

/** Of fewer records a stage leaves little. */
const MANY = 100_000;

/**
 * Gives the garbage of a large stage back to the system before the next one begins. By itself V8 keeps it until
 * this thread idles: a crawl leaves 170 MB.
 */
export function collectGarbage({ sources }: Pick<RunState, 'sources'>): void {
  if (!HUB_SOURCES.some((it) => (sources[it]?.listed ?? 0) > MANY)) return;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // as the flag promises
  collect();
}
