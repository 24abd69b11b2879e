import type { Frame, Page } from 'playwright';
import * as rest from '../../pages/inside/rest.ts';
import { oncePer } from '../../pages/once.ts';
import { walkedCode } from '../../pages/walked-board.ts';
import { configIn, readConfig, type Component, type GradioConfig } from './config.ts';
import * as inside from './inside.ts';
import { waitingFor } from './pending.ts';
import { Replay } from './replay.ts';
import { tableValue, type TableValue } from './table-value.ts';
import { configInPage, readTap, tapWire, type HeardWire } from './wire.ts';

/** What is run in Gradio's pages, in a world of our own. */
export const PAGE = walkedCode(inside);

/** Everything known of a page at one moment. */
export interface PageState {
  look: inside.PageLook;
  /** Nothing runs and nothing has changed for a while. */
  quiet: boolean;
  /** Null while the page has no config. */
  app: AppState | null;
}

/** A page whose config is known. */
export interface AppState extends Omit<PageState, 'app'> {
  config: GradioConfig;
  /** As they are now: as the config has them, changed by what functions sent. */
  components: ReadonlyMap<number, Component>;
  tables: TableValue[];
  replay: Replay;
}

/** What is known of a frame that goes from one document to the next. */
const BETWEEN: PageState = {
  look: { tables: [], tabs: [], config: null, text: '' },
  ...{ quiet: false, app: null },
};

/** How long nothing may change before a page counts as loaded; only refusals wait for it. */
const QUIET_MS = 1000;
/** A config may come late, with the script of a page that its server drew. */
const NO_CONFIG_MS = 3000;

interface Memory {
  document: number;
  events: number;
  replay: Replay;
  config: GradioConfig | null;
  /** What was last seen, and since when it has been so. */
  sign: string;
  sinceMs: number;
}

const fresh = (document: number): Memory => ({
  ...{ document, events: 0, replay: new Replay(), config: null },
  ...{ sign: '', sinceMs: performance.now() },
});

/** Tells how a frame is, once its tables hold still. */
export type Watch = (frame: Frame, stillMs: number) => Promise<PageState>;

/** Starts to listen, one time for each page; to be awaited before navigation. */
export const watchPage = oncePer(async (page: Page): Promise<Watch> => {
  await tapWire(page);
  const memories = new WeakMap<Frame, Memory>();
  const loadedAgain = new WeakSet<Frame>();
  return async (frame, stillMs) => {
    await PAGE.run(frame, rest.settle, { quietMs: stillMs, longestMs: 1000, since: null });
    const before = memories.get(frame) ?? fresh(0);
    const heard = await heardIn(frame, before);
    if (!heard) return BETWEEN;
    const memory = heard.document === before.document ? before : fresh(heard.document);
    memories.set(frame, memory);
    memory.replay.feed(heard.events ?? []);
    memory.events += heard.events?.length ?? 0;
    const look = await PAGE.run(frame, inside.lookAtPage, memory.config === null);
    memory.config ??= await configOf(frame, memory, look);
    if (memory.config && heard.events === null && !loadedAgain.has(frame)) {
      // What its functions sent is lost: a page may be quicker than the script that listens.
      loadedAgain.add(frame);
      await frame.goto(frame.url(), { waitUntil: 'commit' });
      return BETWEEN;
    }
    const quiet = isQuiet(memory, look);
    return { look, quiet, app: appOf(memory, { look, quiet }) };
  };
});

/** Asked in the page's own world, which goes away with its document. */
async function heardIn(frame: Frame, known: Memory): Promise<HeardWire | null> {
  const { document, events } = known;
  try {
    return await frame.evaluate(readTap, { document, events });
  } catch (error) {
    const isBetween =
      error instanceof Error && /context was destroyed|navigat/i.test(error.message);
    if (isBetween && !frame.isDetached()) return null;
    throw error;
  }
}

/** As its script writes it, since the page changes what that sets; or as the page asked for it. */
async function configOf(
  frame: Frame,
  { replay }: Memory,
  { config }: inside.PageLook,
): Promise<GradioConfig | null> {
  const asked = readConfig(replay.config);
  if (asked) return asked;
  const text = config ?? (await frame.evaluate(configInPage).catch(() => null));
  return text === null ? null : readConfig(configIn(text));
}

function appOf(
  { config, replay }: Memory,
  seen: Pick<AppState, 'look' | 'quiet'>,
): AppState | null {
  if (!config) return null;
  const components = replay.now(config);
  const tables = [...components.values()].flatMap((it) => tableValue(it) ?? []);
  return { ...seen, config, components, tables, replay };
}

function isQuiet(memory: Memory, look: inside.PageLook): boolean {
  const { config, replay } = memory;
  const sign = JSON.stringify([replay.changes, look]);
  if (sign !== memory.sign) [memory.sign, memory.sinceMs] = [sign, performance.now()];
  const stillMs = performance.now() - memory.sinceMs;
  if (!config) return stillMs >= NO_CONFIG_MS;
  const isIdle = [...config.components.keys()].every(
    (id) => waitingFor(config, id, replay).pending.length === 0,
  );
  return isIdle && stillMs >= QUIET_MS;
}
