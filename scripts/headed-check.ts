import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryStorage } from '@crawlee/memory-storage';
import { Configuration } from 'crawlee';
import { crawlBoards } from '../src/crawlers/boards.ts';
import { openLlm } from '../src/boards/definitions/open-llm.ts';
import { chromiumSandbox, findBrowser } from '../src/crawlers/browser.ts';
import { startOpenLlm } from '../demo/open-llm/server.ts';
import { xwdToPng } from './xwd-to-png.ts';

/**
 * Shows that `--headed --pause` works: reads the board in a visible browser that stops for Playwright's
 * inspector, photographs the display, then ends it. Starts Xvfb where there is no display.
 * `node scripts/headed-check.ts [folder]`; it prints the pictures to look at.
 */
const folder = process.argv[2] ?? 'storage/headed-check';
/** A browser that opens, loads the board and its inspector has done so by then, even on a busy machine. */
const PAUSE_MS = 25_000;
mkdirSync(folder, { recursive: true });

const screenFile = join(folder, 'xvfb');
const started: ChildProcess[] = [];
if (!process.env['DISPLAY']) {
  mkdirSync(screenFile, { recursive: true });
  process.env['DISPLAY'] = await startXvfb();
}

/** Starts Xvfb on a display of its own choice, which it names on its third pipe. */
function startXvfb(): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', '1800x1300x24', '-fbdir', screenFile];
    const xvfb = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
    started.push(xvfb);
    xvfb.once('error', reject);
    xvfb.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    xvfb.stdio[3]?.once('data', (data) => resolve(`:${String(data).trim()}`));
  });
}

async function read(pause: boolean): Promise<string> {
  const replica = await startOpenLlm();
  const { executablePath } = await findBrowser({ env: process.env });
  const abort = new AbortController();
  const timer = pause
    ? setTimeout(() => abort.abort(new Error('paused long enough')), PAUSE_MS)
    : null;
  const storageClient = new MemoryStorage({ persistStorage: false });
  try {
    const [outcome] = await crawlBoards(
      {
        config: new Configuration({ persistStorage: false, purgeOnStart: false, storageClient }),
        browser: { executablePath, sandbox: chromiumSandbox({ env: process.env }).on },
        userAgent: 'huggingface-etl/headed-check',
        write: () => Promise.resolve(),
      },
      { boards: [openLlm], urls: { [openLlm.id]: replica.url }, evidenceFolder: folder },
      { headed: true, pause, slowMoMs: 50, signal: abort.signal },
    );
    return outcome?.status ?? 'nothing';
  } catch (error) {
    if (abort.signal.aborted) return 'ended while paused, as asked';
    throw error;
  } finally {
    if (timer) clearTimeout(timer);
    await replica.close();
  }
}

const displayPicture = join(folder, 'display.png');

/** Xvfb keeps its screen in a file. A display that is not ours is left alone. */
const photograph = (): void => {
  if (started.length === 0) return;
  writeFileSync(displayPicture, xwdToPng(readFileSync(join(screenFile, 'Xvfb_screen0'))));
};

try {
  console.log(
    `headed: ${await read(false)}; picture: ${join(folder, openLlm.id, 'screenshot.png')}`,
  );
  const picture = setTimeout(photograph, PAUSE_MS - 3_000);
  console.log(`headed and paused: ${await read(true)}`);
  clearTimeout(picture);
  if (started.length > 0) console.log(`display while paused: ${displayPicture}`);
} finally {
  for (const child of started) child.kill();
}
