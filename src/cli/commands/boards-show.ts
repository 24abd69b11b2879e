import path from 'node:path';
import { chromiumSandbox, findBrowser } from '../../crawlers/browser.ts';
import { openEvidence } from '../../crawlers/evidence-page.ts';
import { evidenceOf, runName, runsOf } from './boards-diff.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags, type Session } from '../session.ts';

/**
 * `boards show ID`: the evidence of the board's last reading in a browser, its page without scripts and
 * network; where there is no display, or with `--json`, the paths.
 *
 * @throws {EtlError} BOARD_UNKNOWN when no run has read the board, BROWSER_MISSING, BROWSER_FAILED
 */
export const showCommand = (
  io: Io,
  { run, ...flags }: Flags,
  [id = '']: string[],
): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { storage, json } = session.config;
    const { wanted } = runsOf(storage, id, runName(run));
    const { status } = wanted.facts;
    const files = evidenceOf(storage, wanted.facts);
    const paths = files.map((file) => `  ${file}\n`).join('') || 'Nothing of it is kept.\n';
    session.answer(
      { board: id, run: wanted.run, status, evidence: files },
      `${id} in run ${wanted.run}: ${status}\n${paths}`,
    );
    const shown = files.filter((file) => ['.png', '.html'].includes(path.extname(file)));
    if (json || shown.length === 0 || !hasDisplay(session.env)) return 0;
    await show(shown, session);
    return session.interrupted() ?? 0;
  });

const hasDisplay = (env: NodeJS.ProcessEnv): boolean =>
  process.platform === 'darwin' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);

/** Until the browser is closed by hand, or a signal comes. */
async function show(files: readonly string[], { env, signal }: Session): Promise<void> {
  const { executablePath } = await findBrowser({ env, headed: true });
  const sandbox = chromiumSandbox({ env }).on;
  const { browser, pages } = await openEvidence(files, { browser: { executablePath, sandbox } });
  try {
    const closed = Promise.all(pages.map((page) => page.waitForEvent('close', { timeout: 0 })));
    const left = new Promise((resolve) => browser.once('disconnected', resolve));
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await Promise.race([closed.catch(() => undefined), left, stopped]);
  } finally {
    await browser.close();
  }
}
