import type { Frame, Page } from 'playwright';
import { configIn, readConfig, type GradioConfig } from './config.ts';
import type { PageState } from './decide.ts';
import { survey } from './page-tables.ts';
import { waitingFor } from './pending.ts';
import { replayWire, type Replay } from './replay.ts';
import { tableValue, type TableValue } from './table-value.ts';
import { readWire, tapWire, type Heard } from './wire-tap.ts';

/** Follows one frame of a page: what it loaded, and what it shows. */
export interface PageWatch {
  /** The state now; null while the page has no config, with what it shows instead. */
  look: (frame: Frame) => Promise<{ state: PageState | null; text: string; tables: number }>;
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
  seen: 0,
  replay: replayWire(),
  config: null,
  heard: true,
  sign: '',
  sinceMs: performance.now(),
  tables: null,
});

/** Starts to listen; to be awaited before navigation. */
export async function watchPage(page: Page): Promise<PageWatch> {
  await tapWire(page);
  const memories = new WeakMap<Frame, Memory>();
  const loadedAgain = new WeakSet<Frame>();
  return {
    knows: (frame, { document, events }) => {
      const memory = memories.get(frame);
      if (!memory?.config) return false;
      return memory.document === document && memory.seen === events;
    },
    look: async (frame) => {
      const memory = await listen(frame, memories.get(frame) ?? fresh(0));
      memories.set(frame, memory);
      if (memory.config && !memory.heard && !loadedAgain.has(frame)) {
        // What its functions sent is lost: a page may be quicker than the script that listens.
        loadedAgain.add(frame);
        await frame.goto(frame.url(), { waitUntil: 'commit' });
        return { state: null, text: '', tables: 0 };
      }
      const shown = await survey(frame);
      const seen = { text: shown.text, tables: shown.tables.length };
      const { replay } = memory;
      const quiet = isQuiet(memory, JSON.stringify([replay.changes(), shown]));
      // A page that has tables and no config is read as it is drawn, once nothing changes any more.
      const config = memory.config ?? (quiet && seen.tables > 0 ? NO_CONFIG : null);
      if (!config) return { state: null, ...seen };
      const components = replay.now(config);
      if (memory.tables?.changes !== replay.changes()) {
        const values = [...components.values()].flatMap((it) => tableValue(it) ?? []);
        memory.tables = { changes: replay.changes(), values };
      }
      const tables = memory.tables.values;
      return { state: { config, components, tables, survey: shown, replay, quiet }, ...seen };
    },
  };
}

async function listen(frame: Frame, before: Memory): Promise<Memory> {
  let reading = await readWire(frame, before.seen);
  let memory = before;
  if (reading && reading.document !== before.document) {
    memory = fresh(reading.document);
    reading = await readWire(frame, 0);
  }
  memory.replay.feed(reading?.events ?? []);
  memory.seen += reading?.events.length ?? 0;
  memory.config ??= readConfig(memory.replay.config()) ?? (await configOf(frame));
  // Asked again, since there may have been another document a moment ago.
  if (memory.config) memory.heard = reading !== null || (await readWire(frame, 0)) !== null;
  return memory;
}

function isQuiet(memory: Memory, sign: string): boolean {
  const { config, replay } = memory;
  if (sign !== memory.sign) [memory.sign, memory.sinceMs] = [sign, performance.now()];
  const ids = [...(config?.components.keys() ?? [])];
  const isIdle = ids.every((id) => !config || waitingFor(config, id, replay).pending.length === 0);
  const quietMs = config ? QUIET_MS : NO_CONFIG_MS;
  return isIdle && performance.now() - memory.sinceMs >= quietMs;
}

/** The config that the page came with, as it came: its own script changes the parsed one. */
async function configOf(frame: Frame): Promise<GradioConfig | null> {
  const text = await frame.evaluate(readInlineConfig);
  return text === null ? null : readConfig(configIn(text));
}

/** Runs in the page: the text of the script that sets the config, else the config as it is now. */
function readInlineConfig(): string | null {
  const setter = /window\.gradio_config\s*=\s*\{/;
  const script = [...document.scripts].find((it) => setter.test(it.text));
  if (script) return script.text;
  const config: unknown = Reflect.get(window, 'gradio_config');
  if (typeof config !== 'object' || config === null) return null;
  const above: unknown[] = [];
  // Once drawn, a component's properties lead back to the whole page.
  return JSON.stringify(config, function (this: unknown, key, value: unknown) {
    if (key === 'gradio' || key === 'server' || key === 'client') return undefined;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (typeof value === 'object' && value !== null) {
      if (above.includes(value)) return undefined;
      above.push(value);
    }
    return value;
  });
}
