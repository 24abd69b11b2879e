import { setTimeout as delay } from 'node:timers/promises';
import { fetch } from 'undici';
import { openAgent } from '../api/proxy.ts';
import { systemCode } from '../errors.ts';
import type { RunReport } from './report.ts';
import { isInterrupted } from './state.ts';

/** What somebody is told of a run. */
export interface Notice {
  event: 'failure' | 'drift' | 'refusal' | 'recovery';
  /** Null when none could begin. */
  run: string | null;
  exitCode: number;
  what: string;
  /** Sources, boards by their ids. */
  where: string;
  /** A line a failure, with its code. */
  why: string;
  /** What to do. */
  next: string;
}

/** What is to be told of a run; undefined when it went well, as the one before. */
export function noticeOf(report: RunReport): Notice | undefined {
  const { run, exitCode, error, failures, sources } = report;
  if (isInterrupted(exitCode)) return undefined;
  if (exitCode === 0 || error === undefined) {
    if (!report.isRecovered) return undefined;
    return {
      ...{ event: 'recovery', run, exitCode, where: Object.keys(sources).join(', ') },
      what: 'a run is well again',
      why: 'The run before had failed.',
      next: 'Nothing is to be done.',
    };
  }
  const refused = Object.entries(sources.boards ?? {}).filter(([, it]) => it.error !== undefined);
  const boards = refused.map(([id, it]) => ({ ...it.error, source: `boards/${id}` }));
  const all = [...failures.filter(({ source }) => source !== 'boards'), ...boards];
  const told = all.length === 0 ? failures : all;
  return {
    ...{ ...kindOf(exitCode), run, exitCode, next: error.hint },
    where: told.map(({ source }) => source).join(', '),
    why: told.map(({ source, code, message }) => `${source}: ${message} [${code}]`).join('\n'),
  };
}

/** What is to be told when no run could begin. */
export const noticeOfError = (error: {
  exitCode: number;
  code: string;
  message: string;
  hint: string;
}): Notice => ({
  ...{ ...kindOf(error.exitCode), run: null, exitCode: error.exitCode, where: 'start' },
  ...{ why: `${error.message} [${error.code}]`, next: error.hint },
});

function kindOf(exitCode: number): Pick<Notice, 'event' | 'what'> {
  if (exitCode === 4) return { event: 'drift', what: 'a leaderboard changed' };
  if (exitCode === 5) return { event: 'refusal', what: 'checks refused a release' };
  return { event: 'failure', what: 'a run failed' };
}

/** Longest text of a notice: Slack and ntfy cut at about 4,000. */
const MAX_TEXT = 3500;

const textOf = ({ run, where, why, next, exitCode }: Notice): string => {
  const end = `\n\nnext: ${next}\nrun: ${run ?? 'none'}, exit code ${exitCode}`;
  return `where: ${where}\nwhy: ${why}`.slice(0, MAX_TEXT) + end;
};

const titleOf = ({ event, what }: Notice): string => `huggingface-etl: ${event}, ${what}`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Message = { headers: Record<string, string>; body: string };
const json = (body: object): Message => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * A notice as each receiver reads it.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.ntfy.sh/publish/
 */
const SHAPES: Record<string, (notice: Notice) => Message> = {
  json: (notice) => json({ service: 'huggingface-etl', ...notice }),
  slack: (notice) => json({ text: `*${titleOf(notice)}*\n${escaped(textOf(notice))}` }),
  ntfy: (notice) => ({
    headers: {
      title: titleOf(notice),
      priority: notice.event === 'recovery' ? 'default' : 'high',
      tags: notice.event === 'recovery' ? 'white_check_mark' : 'warning',
    },
    body: textOf(notice),
  }),
};

/** Hosts whose shape is known; others are told by a prefix: `slack:https://…`. */
const SHAPE_OF_HOST: Record<string, string> = { 'hooks.slack.com': 'slack', 'ntfy.sh': 'ntfy' };

/** `slack:https://…` → the shape and the address. */
function placeOf(address: string): { shape: string; url: URL } {
  const [, prefix, rest = address] = /^(?:([a-z]+):)?(https?:.*)$/.exec(address) ?? [];
  const url = new URL(rest);
  return { shape: prefix ?? SHAPE_OF_HOST[url.hostname] ?? 'json', url };
}

export interface SendOptions {
  /** Of the wait after the first attempt; each further wait is twice as long. */
  retryBaseMs: number;
  signal: AbortSignal;
}

/** Tells somebody; why nobody was told, undefined when it was received. */
export function sendNotice(
  address: string,
  notice: Notice,
  options: SendOptions,
): Promise<string | undefined> {
  const { shape, url } = placeOf(address);
  return send(url, { method: 'POST', ...SHAPES[shape]?.(notice) }, options);
}

/** Says that a run went well, to a service that tells somebody when nothing is said; else why not. */
export const sendHeartbeat = (address: string, options: SendOptions): Promise<string | undefined> =>
  send(new URL(address), { method: 'GET' }, options);

const ATTEMPTS = 3;
const TIMEOUT_MS = 10_000;
type Request = { method: string } & Partial<Message>;

async function send(url: URL, request: Request, options: SendOptions): Promise<string | undefined> {
  const { retryBaseMs, signal } = options;
  let failure: string | undefined = 'stopped';
  for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt += 1) {
    const waitMs = attempt === 0 ? 0 : retryBaseMs * 2 ** (attempt - 1);
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    failure = await sendOnce(withLogin(url, request), signal);
    // What a receiver does not take now it does not take later.
    if (failure === undefined || /^status [1-3]|^status 4(?!29)/.test(failure)) break;
  }
  return failure;
}

/** A password may have a percent sign that nobody escaped. */
const decoded = (text: string): string =>
  text.replace(/(?:%[\da-f]{2})+/gi, (it) => {
    try {
      return decodeURIComponent(it);
    } catch {
      return it;
    }
  });

/** A login in an address becomes a header: `fetch` takes none. */
function withLogin(url: URL, { headers, ...request }: Request): [URL, Request] {
  const { username, password } = url;
  if (username === '' && password === '') return [url, { ...request, headers: headers ?? {} }];
  const login = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  const authorization = `Basic ${login.toString('base64')}`;
  const bare = Object.assign(new URL(url), { username: '', password: '' });
  return [bare, { ...request, headers: { ...headers, authorization } }];
}

async function sendOnce([url, request]: [URL, Request], stop: AbortSignal) {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  const dispatcher = openAgent();
  try {
    // An address is a secret: no answer leads elsewhere.
    const { ok, status, body } = await fetch(url, {
      ...request,
      signal,
      dispatcher,
      redirect: 'manual',
    });
    await body?.cancel();
    return ok ? undefined : `status ${status}`;
  } catch (error) {
    const { name, cause } = error as Error; // of fetch
    return systemCode(cause) ?? name;
  } finally {
    await dispatcher.destroy();
  }
}
