import { setTimeout as delay } from 'node:timers/promises';
import robotsModule from 'robots-parser';
import { ProxyAgent, interceptors, request } from 'undici';
import { busy, unreachable } from '../boards/drift.ts';
import { EtlError } from '../errors.ts';
import { firstLine } from './evidence.ts';
import { openNetworkGuard, type Resolve } from './network-guard.ts';

/**
 * Asked before an address of a board is visited.
 *
 * @throws {EtlError} BOARD_DISALLOWED, BOARD_BUSY, BOARD_UNREACHABLE
 */
export type MayVisit = (url: string) => Promise<void>;

export interface RobotsOptions {
  /** Its part before `/` is the name that robots.txt may call us by. */
  userAgent: string;
  /** For each try, the whole answer. @default 10_000 */
  timeoutMs?: number;
  /** Before the second try, and twice that before the third. @default 1000 */
  pauseMs?: number;
  resolve?: Resolve | undefined;
  signal?: AbortSignal | undefined;
}

// Its types are those of a module with a default export, which it is not.
const robotsParser = robotsModule as unknown as (typeof robotsModule)['default'];

/** RFC 9309 asks for 500 KiB at least; what comes after these is not read. */
const MOST_BYTES = 512 * 1024;
const MOST_REDIRECTS = 5;
const TRIES = 3;

/** Of a site: its rules as sent; null where it has none. */
type Rules = string | null;

/**
 * Robots.txt of boards' sites, each read once, by the way that a page has to the network. A site
 * without one allows everything; one whose robots.txt fails allows nothing. Asking throws BOARD_…, or
 * the reason of `signal`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9309.html#section-2.3.1
 */
export function openRobots(options: RobotsOptions): MayVisit {
  const sites = new Map<string, Promise<Rules>>();
  return async (url) => {
    const { origin, pathname, search, protocol } = new URL(url);
    if (!/^https?:$/.test(protocol)) return;
    const address = `${origin}/robots.txt`;
    const rules = sites.get(origin) ?? readRules(address, options);
    sites.set(origin, rules);
    const text = await rules;
    if (text === null) return;
    const robots = robotsParser(address, text);
    if (robots.isAllowed(url, options.userAgent) !== false) return;
    const line = robots.getMatchingLineNumber(url, options.userAgent);
    const rule = (text.split(/\r\n|\r|\n/)[line - 1] ?? '').trim().slice(0, 120);
    const message = `${address} does not allow ${pathname}${search}: line ${line}, "${rule}"`;
    throw new EtlError('BOARD_DISALLOWED', message, { context: { url, again: false } });
  };
}

async function readRules(address: string, options: RobotsOptions): Promise<Rules> {
  const { pauseMs = 1000, resolve, signal } = options;
  const guard = await openNetworkGuard(address, resolve);
  const agent = new ProxyAgent({ uri: guard.url, proxyTunnel: true });
  try {
    for (let tries = 1; ; tries += 1) {
      const found = await askOnce(address, agent, options);
      if (!(found instanceof EtlError)) return found;
      const refused = guard.refused.get(new URL(address).hostname);
      if (refused !== undefined) throw unread(address, `is at ${refused}`);
      if (tries === TRIES || found.code === 'BOARD_BUSY') throw found;
      await delay(pauseMs * tries, undefined, { signal });
    }
  } finally {
    await agent.destroy();
    await guard.close();
  }
}

/** The rules, or why nothing may be visited. */
async function askOnce(
  address: string,
  agent: ProxyAgent,
  { userAgent, timeoutMs = 10_000, signal }: RobotsOptions,
): Promise<Rules | EtlError> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, headers, body } = await request(address, {
      dispatcher: agent.compose(interceptors.redirect({ maxRedirections: MOST_REDIRECTS })),
      headers: { 'user-agent': userAgent, 'accept-encoding': 'identity' },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (statusCode < 300) return await firstBytes(body);
    await body.dump();
    if (statusCode === 429) return busy(address, String(headers['retry-after'] ?? ''));
    const isAbsent = statusCode >= 400 && statusCode < 500;
    return isAbsent ? null : unread(address, `answered ${statusCode}`);
  } catch (error) {
    signal?.throwIfAborted();
    return unread(address, `could not be read (${firstLine(error)})`, error);
  }
}

/** A text up to a length, whole lines of it. */
async function firstBytes(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8');
  return bytes > MOST_BYTES ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
}

const unread = (url: string, what: string, cause?: unknown): EtlError =>
  unreachable(
    `${url} ${what}; until it says otherwise, nothing there may be visited`,
    { url },
    cause,
  );
