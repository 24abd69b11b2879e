import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { fromSystemError, type EtlError } from '../errors.ts';
import { BoardDriftError } from '../boards/drift.ts';

/** For a page that hangs: evidence is worth having, not worth waiting for. */
const EVIDENCE_MS = 60_000;

/**
 * Begins to record what the page does; only kept when the board is refused. Without the document at
 * each step, which delays the page's first row by a third: `page.html` has the document at the end.
 */
export async function startTrace(page: Page): Promise<void> {
  await page.context().tracing.start({ screenshots: false, snapshots: false });
}

/** A picture of the board as it was read. Its folder is emptied of an earlier refusal first. */
export async function keepScreenshot(page: Page, folder: string): Promise<string> {
  await emptied(folder);
  await page.context().tracing.stop();
  await screenshot(page, folder);
  return folder;
}

/**
 * What a maintainer needs to see why a board was refused: `screenshot.png`, `page.html`, `trace.zip`
 * and `diff.json`. What the page cannot give any more is left out, and `diff.json` says so.
 */
export async function keepEvidence(
  page: Page,
  folder: string,
  { evidenceMs = EVIDENCE_MS, ...report }: RefusalReport,
): Promise<string> {
  await emptied(folder);
  const missing: string[] = [];
  const attempt = async (file: string, keep: () => Promise<unknown>): Promise<void> => {
    await inTime(keep(), evidenceMs).catch((error: unknown) =>
      missing.push(`${file}: ${firstLine(error)}`),
    );
  };
  await attempt('screenshot.png', () => screenshot(page, folder));
  await attempt('page.html', async () =>
    writeFile(join(folder, 'page.html'), await page.content()),
  );
  await attempt('trace.zip', () =>
    page.context().tracing.stop({ path: join(folder, 'trace.zip') }),
  );
  const { error, ...facts } = report;
  const diff = error instanceof BoardDriftError ? error.diff : [];
  const text = JSON.stringify(
    { ...facts, code: error.code, message: error.message, diff, missing },
    null,
    2,
  );
  await writeFile(join(folder, 'diff.json'), `${text}\n`);
  return folder;
}

interface RefusalReport {
  board: string;
  url: string;
  /** ISO 8601, UTC. */
  refusedAt: string;
  /** Seed of the random windows: the same one looks at the same rows again. */
  seed: number;
  error: EtlError;
  /** How long each piece of evidence may take, in milliseconds. @default 60_000 */
  evidenceMs?: number | undefined;
}

const screenshot = (page: Page, folder: string): Promise<Buffer> =>
  page.screenshot({ path: join(folder, 'screenshot.png'), timeout: EVIDENCE_MS });

async function emptied(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fromSystemError(error, `Making ${folder}`);
  }
}

/** The first line of what went wrong; Playwright adds its whole call log after it. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

/** What a piece of work gives, unless it takes too long. */
export function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done in ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
