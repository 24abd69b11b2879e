import type { ChangeCounter } from './table-settle.ts';
import type { PackedTable, ScanTools, scanTables } from './table-scan.ts';
import type { makeScopes, readSurroundings, Surroundings } from './table-surroundings.ts';

/** A look at the tables of a document that is taken while it is waited whether they stay so. */
export interface EarlyLook {
  tables: PackedTable[];
  tookMs: number;
}

export interface EarlyTools extends ScanTools {
  scanTables: typeof scanTables;
  readSurroundings: typeof readSurroundings;
  makeScopes: typeof makeScopes;
  changeCounter: () => ChangeCounter;
  busyText: () => string;
  runsScripts: () => boolean;
  isLoaded: (scripted: boolean) => boolean;
  earlySlot: typeof earlySlot;
  tableSizes: typeof tableSizes;
}

/** Where the early look is handed over. */
interface EarlySlot {
  look: Promise<EarlyLook | null>;
  give: (look: EarlyLook | null) => void;
}

/** The slot of the document; a new one has nothing in it. Runs in the page. */
export function earlySlot(isNew: boolean): EarlySlot | undefined {
  const key = Symbol.for('early look at tables');
  if (isNew) {
    const { promise, resolve } = Promise.withResolvers<EarlyLook | null>();
    Reflect.set(globalThis, key, { look: promise, give: resolve });
  }
  return Reflect.get(globalThis, key) as EarlySlot | undefined; // made here, above
}

/** Places and sizes of all tables: what styles alone change shows in them. Runs in the page. */
export function tableSizes(): string {
  const sizes = [...document.querySelectorAll('table')].map((table) => [
    ...[table.rows.length, table.offsetLeft, table.offsetTop],
    ...[table.offsetWidth, table.offsetHeight, table.checkVisibility()],
  ]);
  return JSON.stringify(sizes);
}

/** Takes a look early, and says later what is around the tables if it still holds. */
export interface EarlyLooker {
  /** Takes the look, if one is wanted, unless the page says that it is still at work. */
  take: () => void;
  /** Null where there was no look, or tables have changed since. */
  around: () => Surroundings[] | null;
}

/** Makes what takes an early look, at most one, and with null none at all. Runs in the page. */
export function makeEarlyLooker(tools: EarlyTools, smallLayout: number | null): EarlyLooker {
  const slot = tools.earlySlot(true);
  const counter = tools.changeCounter();
  const stateNow = (): string => `${counter.changes} ${tools.tableSizes()}`;
  let state: string | null = null;
  return {
    take: () => {
      if (state !== null || smallLayout === null) return;
      if (!tools.isLoaded(tools.runsScripts()) || tools.busyText() !== '') return;
      const startedMs = performance.now();
      const tables = tools.scanTables(tools, smallLayout);
      slot?.give({ tables, tookMs: performance.now() - startedMs });
      state = stateNow();
    },
    around: () => {
      slot?.give(null);
      if (smallLayout === null || state === null || state !== stateNow()) return null;
      return tools.readSurroundings(tools, { smallLayout, press: null });
    },
  };
}

/** The early look, as soon as it is taken; null when there is none. Runs in the page. */
export const takenEarly = (tools: Pick<EarlyTools, 'earlySlot'>): Promise<EarlyLook | null> =>
  tools.earlySlot(false)?.look ?? Promise.resolve(null);
