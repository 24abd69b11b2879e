import type { Frame, Page } from 'playwright';
import { unreachable } from '../boards/drift.ts';
import { EtlError } from '../errors.ts';

/** What the Hub's page of a Space says instead of showing it. */
export type SpaceState = 'sleeping' | 'building' | 'paused' | 'failed' | 'missing';

/** A Space that wakes shows itself after a reload; the first one comes after so long. */
const FIRST_RELOAD_MS = 1000;
const LONGEST_PAUSE_MS = 20_000;

const SPACE_PATH = /^\/spaces\/([^/]+\/[^/]+)/;

/** `owner/name` when the address is the Hub's page of a Space. */
const spaceOf = (url: string): string | null => SPACE_PATH.exec(new URL(url).pathname)?.[1] ?? null;

/** A Space that was renamed still answers under its old name, for a while: it is said. Pure. */
export function movedSpace(address: string, found: string): string[] {
  const [asked, got] = [spaceOf(address), spaceOf(found)];
  return asked === null || got === null || asked === got
    ? []
    : [`The Space has moved from ${asked} to ${got}`];
}

/**
 * The document that holds the board: the page's own, or the one that the Hub's page of a Space frames.
 * A Space that sleeps or is being built is waited for, since the visit wakes it.
 *
 * @throws {EtlError} BOARD_ASLEEP when it has not woken in time; BOARD_UNREACHABLE when it is paused,
 * has failed or does not exist
 */
export async function boardFrame(page: Page, timeoutMs: number): Promise<Frame> {
  const space = spaceOf(page.url());
  if (space === null) return page.mainFrame();
  const endMs = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_RELOAD_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const state = await spaceState(page, Math.max(1, endMs - performance.now()));
    if (typeof state !== 'string') return state;
    const mayWake = state === 'sleeping' || state === 'building';
    if (!mayWake || performance.now() + pauseMs > endMs) throw notRunning(space, state, page.url());
    // The Space starts meanwhile; only asking again tells when it has.
    await page.waitForTimeout(pauseMs);
    await page.reload({ waitUntil: 'domcontentloaded' });
  }
}

/** The Space's frame, or the state that stands in its place. */
async function spaceState(page: Page, timeoutMs: number): Promise<Frame | SpaceState> {
  const handle = await page
    .waitForFunction(readState, undefined, { timeout: timeoutMs })
    .catch((error: unknown) => {
      const url = page.url();
      throw unreachable(`${url} shows neither a Space nor its state`, { url }, error);
    });
  const state = await handle.jsonValue();
  if (state !== 'running') return state ?? 'missing';
  const element = await page.$('iframe.space-iframe, iframe[src*=".hf.space"]');
  const frame = await element?.contentFrame();
  return frame ?? 'missing';
}

/** Runs in the page; complete in itself. Null while the page has said nothing yet. */
function readState(): SpaceState | 'running' | null {
  if (document.querySelector('iframe.space-iframe, iframe[src*=".hf.space"]')) return 'running';
  const text = (document.body?.innerText ?? '').toLowerCase();
  if (/\b(sleeping|asleep)\b/.test(text)) return 'sleeping';
  if (/\b(building|starting|preparing space|restarting)\b/.test(text)) return 'building';
  if (/\bpaused\b/.test(text)) return 'paused';
  if (/\b(runtime|build|configuration|config)[ _]error\b/.test(text)) return 'failed';
  if (/\b(404|not found|doesn.t exist)\b/.test(text)) return 'missing';
  return null;
}

const SENTENCES: Record<SpaceState, string> = {
  sleeping: 'sleeps, and did not wake in time',
  building: 'is being built or started, and was not ready in time',
  paused: 'is paused by its owner',
  failed: 'has failed: its own page says so',
  missing: 'does not exist, or is private',
};

function notRunning(space: string, state: SpaceState, url: string): EtlError {
  const code = state === 'sleeping' || state === 'building' ? 'BOARD_ASLEEP' : 'BOARD_UNREACHABLE';
  return new EtlError(code, `The Space ${space} ${SENTENCES[state]}`, {
    context: { url, space, state, again: false },
  });
}
