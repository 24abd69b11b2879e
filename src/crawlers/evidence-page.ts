import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { EtlError } from '../errors.ts';

interface ShowOptions {
  /** From `findBrowser` and `chromiumSandbox`. */
  browser: { executablePath: string; sandbox: boolean };
  /** @default true */
  headed?: boolean;
}

/** A host that cannot exist: nothing is asked of it but what we answer ourselves. */
const ORIGIN = 'http://evidence.invalid';
/** Nothing runs, nothing is fetched, nothing is sent; styles of the document itself are harmless. */
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * Opens kept evidence in a browser: a document that others wrote, as dead paper. Scripts are off, its
 * origin is opaque, and each request but the one for the document itself is refused.
 *
 * @param files paths of `screenshot.png` and `page.html`, in the order of the tabs
 * @throws {EtlError} BROWSER_FAILED when no browser can be started
 */
export async function openEvidence(
  files: readonly string[],
  { browser: { executablePath, sandbox }, headed = true }: ShowOptions,
): Promise<{ browser: Browser; pages: Page[] }> {
  let browser: Browser;
  try {
    browser = await chromium.launch({
      executablePath,
      chromiumSandbox: sandbox,
      headless: !headed,
      // Nor may a name be looked up, or a connection be made ahead of time.
      args: ['--host-resolver-rules=MAP * ~NOTFOUND', '--dns-prefetch-disable'],
    });
  } catch (error) {
    throw new EtlError('BROWSER_FAILED', `${executablePath} does not start`, { cause: error });
  }
  const context = await browser.newContext({
    javaScriptEnabled: false,
    serviceWorkers: 'block',
    acceptDownloads: false,
  });
  const documents = new Map(files.map((file) => [`${ORIGIN}/${path.basename(file)}`, file]));
  await context.route('**/*', async (route, request) => {
    const file = documents.get(request.url());
    if (file === undefined || request.method() !== 'GET') return route.abort();
    const contentType = file.endsWith('.png') ? 'image/png' : 'text/html; charset=utf-8';
    const headers = { 'content-security-policy': POLICY, 'content-type': contentType };
    return route.fulfill({ headers, body: await readFile(file) });
  });
  const pages: Page[] = [];
  for (const address of documents.keys()) {
    const page = await context.newPage();
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    pages.push(page);
  }
  return { browser, pages };
}
