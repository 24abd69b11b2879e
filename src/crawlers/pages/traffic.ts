import type { Frame, Page, Request, Response } from 'playwright';
import { busy, unreachable } from '../../boards/drift.ts';
import type { EtlError } from '../../errors.ts';
import { responseBodies, type ResponseBodies } from './bodies.ts';
import { oncePer } from './once.ts';

/** A text that a page loaded. */
export interface LoadedText {
  url: string;
  text: string;
  contentType?: string;
}

/** An answer that a script of the page got. */
export interface Answer {
  url: string;
  status: number;
  contentType: string;
  /** Null where the browser could not give it whole: the connection broke, or the page went away. */
  text: string | null;
}

/** What a page asked for, what it waits for, and what went wrong with it. */
export interface Traffic {
  /** Everything that its scripts got so far, whole. */
  answers: () => Promise<Answer[]>;
  /** Texts of the scripts that the frame's own host served, read when first asked for. */
  scripts: (frame: Frame) => Promise<LoadedText[]>;
  /** Addresses of scripts and data that are still on their way to the frame. */
  pending: (frame: Frame) => string[];
  /** Requests for data so far, whatever became of them. */
  asked: () => number;
  /**
   * @throws {EtlError} BOARD_UNREACHABLE when the document of the frame, or data from its own host,
   * did not come whole
   */
  mustBeWhole: (frame: Frame) => void;
  /** Data that the frame asked for and did not get, each with what became of it. */
  refused: (frame: Frame) => string[];
  /** Scripts that it did not get: a page may do without one, such as one that counts visits. */
  scriptsMissed: (frame: Frame) => MissedScript[];
  /** The failure that its site asks for fewer requests; null where it does not. */
  busy: (frame: Frame) => EtlError | null;
}

export interface MissedScript {
  host: string;
  /** What became of it. */
  words: string;
}

interface Failure {
  frame: Frame | null;
  url: string;
  /** Null where there was no answer, or only a part of one. */
  status: number | null;
  what: 'document' | 'data' | 'script';
  retryAfter?: string | undefined;
}

const DATA = new Set(['fetch', 'xhr']);
const AWAITED = new Set(['fetch', 'xhr', 'script']);

/** Listens to all that a page asks for, one time for each page; to be awaited before its navigation. */
export const listenTo = oncePer(listen);

async function listen(page: Page): Promise<Traffic> {
  const bodies = await responseBodies(page);
  const pending = new Map<Request, Frame | null>();
  const answers: Promise<Answer>[] = [];
  const scripts: Response[] = [];
  const failures = new Map<string, Failure>();
  let asked = 0;
  const scriptOf = oncePer(async (response: Response) => ({
    url: response.url(),
    // The browser may have forgotten it by now: then it holds nothing.
    text: await response.text().catch(() => ''),
  }));

  const note = (request: Request, failed: boolean, response?: Response): void => {
    const what = kindOf(request);
    if (what === null) return;
    const key = what === 'document' ? what : `${request.method()} ${request.url()}`;
    // A page that asks again after a failure, and succeeds, has mended it.
    failures.delete(key);
    if (failed) failures.set(key, { ...failureOf(request, response), what });
  };
  page.on('request', (request) => {
    if (DATA.has(request.resourceType())) asked += 1;
    if (AWAITED.has(request.resourceType())) pending.set(request, frameOf(request));
  });
  page.on('response', (response) => {
    const request = response.request();
    const type = response.headers()['content-type'] ?? '';
    // A stream of events never ends.
    if (type.startsWith('text/event-stream')) pending.delete(request);
    // Read at once: the browser forgets bodies when it needs the memory.
    else if (DATA.has(request.resourceType())) answers.push(answerOf(response, type, bodies));
    else if (request.resourceType() === 'script') scripts.push(response);
    note(request, response.status() >= 400, response);
  });
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => {
    pending.delete(request);
    const isGivenUp = request.failure()?.errorText.includes('ERR_ABORTED') === true;
    if (!isGivenUp) note(request, true);
  });
  return {
    answers: () => Promise.all(answers),
    scripts: (frame) => {
      const own = scripts.filter((it) => originOf(it.url()) === originOf(frame.url()));
      return Promise.all(own.map(scriptOf));
    },
    pending: (frame) => [...pending].filter(([, it]) => it === frame).map(([it]) => it.url()),
    asked: () => asked,
    mustBeWhole: (frame) => {
      const failure = failureIn([...failures.values()], frame);
      if (failure) throw brokenOff(failure);
    },
    refused: (frame) => neededBy([...failures.values()], frame).map(inWords),
    scriptsMissed: (frame) => {
      const own = ownOf([...failures.values()], frame).filter(({ what }) => what === 'script');
      return own.map((it) => ({ host: new URL(it.url).host, words: inWords(it) }));
    },
    busy: (frame) => {
      const found = neededBy([...failures.values()], frame).find(({ status }) => status === 429);
      return found ? brokenOff(found) : null;
    },
  };
}

/** What a failure of a request is one of; null where the page shows its rows without it. */
function kindOf(request: Request): Failure['what'] | null {
  if (request.isNavigationRequest()) return 'document';
  const type = request.resourceType();
  if (DATA.has(type)) return 'data';
  return type === 'script' ? 'script' : null;
}

const failureOf = (request: Request, response?: Response): Omit<Failure, 'what'> => ({
  frame: frameOf(request),
  url: request.url(),
  status: response?.status() ?? null,
  retryAfter: response?.headers()['retry-after'],
});

/** A request that has no frame, such as one of a worker, is nobody's. */
function frameOf(request: Request): Frame | null {
  try {
    return request.frame();
  } catch {
    return null;
  }
}

const answerOf = async (
  response: Response,
  contentType: string,
  bodies: ResponseBodies,
): Promise<Answer> => ({
  url: response.url(),
  status: response.status(),
  contentType,
  // A body that does not arrive is no failure of ours: the page has its own error then.
  text: await bodies.textOf(response).catch(() => null),
});

const ownOf = (failures: readonly Failure[], frame: Frame): Failure[] =>
  failures.filter((it) => it.frame === frame);

/** Of a frame's failures those of its document and data. */
const neededBy = (failures: readonly Failure[], frame: Frame): Failure[] =>
  ownOf(failures, frame).filter(({ what }) => what !== 'script');

/** What leaves a frame without its table: its document's failure, or that of its own data. */
function failureIn(failures: readonly Failure[], frame: Frame): Failure | undefined {
  const own = neededBy(failures, frame);
  const isOwnData = ({ url, status }: Failure): boolean =>
    originOf(url) === originOf(frame.url()) && isBroken(status);
  return own.find(({ what }) => what === 'document') ?? own.find(isOwnData);
}

/** A page may ask for what there need not be. */
const isBroken = (status: number | null): boolean =>
  status === null || status >= 500 || status === 429;

const inWords = ({ url, status, what }: Failure): string =>
  `the ${what} ${url} ${status === null ? 'did not come whole' : `answered ${status}`}`;

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

function brokenOff(failure: Failure): EtlError {
  const { url, status } = failure;
  if (status === 429) return busy(url, failure.retryAfter);
  const message = inWords(failure).replace(/^t/, 'T');
  return unreachable(message, { url, status, again: isBroken(status) });
}
