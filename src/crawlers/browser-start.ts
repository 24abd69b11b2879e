import { chromium, type LaunchOptions } from 'playwright';
import { EtlError } from '../errors.ts';
import { firstLine } from './evidence.ts';
import { browserEnv, chromiumSandbox, type FindBrowserOptions, type Sandbox } from './browser.ts';

/**
 * Starts the browser once and says whether its sandbox works: a container without user namespaces
 * refuses it to everybody, and only a start tells.
 *
 * @throws {EtlError} BROWSER_FAILED when it does not start without a sandbox either
 */
export async function tryBrowser(
  executablePath: string,
  options: Pick<FindBrowserOptions, 'env' | 'uid'>,
): Promise<Sandbox & Awaited<ReturnType<typeof startedBrowser>>> {
  const wanted = chromiumSandbox(options);
  const env = browserEnv(options.env);
  try {
    return {
      ...wanted,
      ...(await startedBrowser({ executablePath, chromiumSandbox: wanted.on, env })),
    };
  } catch (error) {
    if (!wanted.on || !isSandboxFailure(error)) throw failed(executablePath, error);
  }
  const reason = "Chromium's sandbox is off: this machine or container does not allow it.";
  try {
    return {
      on: false,
      reason,
      ...(await startedBrowser({ executablePath, chromiumSandbox: false, env })),
    };
  } catch (error) {
    throw failed(executablePath, error);
  }
}

/** Its version, and the name that it gives itself. */
async function startedBrowser(options: LaunchOptions) {
  const browser = await chromium.launch(options);
  try {
    const session = await browser.newBrowserCDPSession();
    const { userAgent } = await session.send('Browser.getVersion');
    return { version: browser.version(), userAgent };
  } finally {
    await browser.close();
  }
}

const isSandboxFailure = (error: unknown): boolean =>
  error instanceof Error && /sandbox/i.test(error.message.split('Call log:')[0] ?? '');

function failed(executablePath: string, error: unknown): EtlError {
  const message = `${executablePath} does not start: ${firstLine(error)}`;
  return new EtlError('BROWSER_FAILED', message, { cause: error });
}
