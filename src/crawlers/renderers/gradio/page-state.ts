import type { Frame, Page } from 'playwright';
import { readConfig, type GradioConfig } from './config.ts';
import type { PageState } from './decide.ts';
import { installFrameTap } from './frame-tap.ts';
import { inlineConfigs } from './inline-config.ts';
import { leaveOutCells } from './left-out.ts';
import { look, type PageLook, type Survey } from './page-tables.ts';
import { waitingFor } from './pending.ts';
import { replayWire, type Replay } from './replay.ts';
import { tableValue, type TableValue } from './table-value.ts';
import { tapWire, type Heard } from './wire-tap.ts';

/** Follows one frame of a page: what it loaded, and what it shows. */
export interface PageWatch {
  /**
   * The state now, or once the document changes, but after `waitMs` at the latest; null while the page
   * has no config, with what it shows instead.
   */
  look: (
    frame: Frame,
    waitMs?: number,
  ) => Promise<{ state: PageState | null; text: string; tables: number }>;
  /** Gives each config as soon as it has come, before its page has drawn it. */
  onConfig: (take: (config: GradioConfig) => void) => void;
  /** Whether the last look at a page with a config had heard all that the page had heard then. */
  knows: (frame: Frame, heard: Heard) => boolean;
}

/** How long nothing may change before a page counts as loaded; only refusals wait for it. */
const QUIET_MS = 1000;

/** A config may come late, with the script of a page that its server drew. */
const NO_CONFIG_MS = 3000;
const NO_CONFIG: GradioConfig = {
  version: [0, 0],
  protocol: '',
  components: new Map(),
  dependencies: new Map(),
  tabs: new Map(),
  needsLogin: false,
};

interface Memory {
  document: number;
  elements: number;
  seen: number;
  replay: Replay;
  config: GradioConfig | null;
  /** False for a document that was loaded before it could be listened to. */
  heard: boolean;
  /** What was last seen, and since when it has been so. */
  sign: string;
  sinceMs: number;
  tables: { changes: number; values: TableValue[] } | null;
}

const fresh = (document: number): Memory => ({
  document,
  elements: 0,
  seen: 0,
  replay: replayWire(),
  config: null,
  heard: true,
  sign: '',
  sinceMs: performance.now(),
  tables: null,
});

/** Starts to listen; to be awaited before navigation. */
export async function watchPage(page: Page, { isSeen = false } = {}): Promise<PageWatch> {
  const first = [installFrameTap, ...(isSeen ? [] : [leaveOutCells])];
  await Promise.all([tapWire(page), ...first.map((it) => page.addInitScript(it))]);
  const configs = inlineConfigs(page);
  const memories = new WeakMap<Frame, Memory>();
  const loadedAgain = new WeakSet<Frame>();
  return {
    onConfig: configs.onArrival,
    knows: (frame, { document, events }) => {
      const memory = memories.get(frame);
      if (!memory?.config) return false;
      return memory.document === document && memory.seen === events;
    },
    look: async (frame, waitMs = 0) => {
      const before = memories.get(frame) ?? fresh(0);
      const { document, elements, seen: events } = before;
      const known = { document, elements, events, asksConfig: before.config === null, waitMs };
      const seen = await look(frame, known);
      const memory = remembered(before, seen);
      memory.config ??= readConfig(memory.replay.config());
      if (seen.config !== null) memory.config ??= await configs.configOf(frame, seen.config);
      memories.set(frame, memory);
      if (memory.config && !memory.heard && !loadedAgain.has(frame)) {
        // What its functions sent is lost: a page may be quicker than the script that listens.
        loadedAgain.add(frame);
        await frame.goto(frame.url(), { waitUntil: 'commit' });
        return { state: null, text: '', tables: 0 };
      }
      return stateOf(memory, seen.survey);
    },
  };
}

function remembered(before: Memory, { document, elements, events }: PageLook): Memory {
  const memory = document === before.document ? before : fresh(document);
  memory.elements = elements;
  memory.replay.feed(events ?? []);
  memory.seen += events?.length ?? 0;
  memory.heard = events !== null;
  return memory;
}

function stateOf(memory: Memory, survey: Survey) {
  const { replay } = memory;
  const seen = { text: survey.text, tables: survey.tables.length };
  const quiet = isQuiet(memory, JSON.stringify([replay.changes(), survey]));
  // A page that has tables and no config is read as it is drawn, once nothing changes any more.
  const config = memory.config ?? (quiet && seen.tables > 0 ? NO_CONFIG : null);
  if (!config) return { state: null, ...seen };
  const components = replay.now(config);
  if (memory.tables?.changes !== replay.changes()) {
    const values = [...components.values()].flatMap((it) => tableValue(it) ?? []);
    memory.tables = { changes: replay.changes(), values };
  }
  const tables = memory.tables.values;
  return { state: { config, components, tables, survey, replay, quiet }, ...seen };
}

function isQuiet(memory: Memory, sign: string): boolean {
  const { config, replay } = memory;
  if (sign !== memory.sign) [memory.sign, memory.sinceMs] = [sign, performance.now()];
  const ids = [...(config?.components.keys() ?? [])];
  const isIdle = ids.every((id) => !config || waitingFor(config, id, replay).pending.length === 0);
  const quietMs = config ? QUIET_MS : NO_CONFIG_MS;
  return isIdle && performance.now() - memory.sinceMs >= quietMs;
}
