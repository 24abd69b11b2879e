import type { Frame, Page, Request, Response } from 'playwright';
import { EtlError } from '../../../errors.ts';
import { responseBodies, type ResponseBodies } from '../../pages/bodies.ts';
import { prepare } from './answer-entries.ts';

/** An answer of JSON that a script of the page got. */
export interface JsonAnswer {
  url: string;
  text: string;
}

/** What a document is waiting for and what went wrong with it. */
export interface PageTraffic {
  /** Addresses of scripts and data that are still on their way to the frame. */
  pending: (frame: Frame) => string[];
  answers: () => Promise<JsonAnswer[]>;
  /** Whether one with many objects is here already. */
  hasArrived: () => boolean;
  /** Requests for data so far, whatever became of them. */
  asked: () => number;
  /** The last document of the frame, or data from its own host, that failed; null for none. */
  failure: (frame: Frame) => TrafficFailure | null;
}

export interface TrafficFailure {
  url: string;
  /** Null where there was no answer, or only a part of one. */
  status: number | null;
  what: 'document' | 'data';
}

const DATA = new Set(['fetch', 'xhr']);
const AWAITED = new Set(['fetch', 'xhr', 'script']);

/** A request that has no frame, such as one of a worker, is nobody's. */
function frameOf(request: Request): Frame | null {
  try {
    return request.frame();
  } catch {
    return null;
  }
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

/**
 * Follows what a page asks for; to be awaited before its navigation. `takeApart` makes an answer ready
 * for what it is needed for, and says whether it has many objects.
 */
export async function followTraffic(
  page: Page,
  takeApart: (answers: readonly JsonAnswer[]) => boolean = prepare,
): Promise<PageTraffic> {
  const bodies = await responseBodies(page);
  const pending = new Map<Request, Frame | null>();
  const texts: Promise<JsonAnswer | null>[] = [];
  let hasArrived = false;
  const failures = new Map<string, FrameFailure>();
  let asked = 0;

  const keyOf = (request: Request): string =>
    request.isNavigationRequest() ? 'document' : `${request.method()} ${request.url()}`;
  const note = (request: Request, status: number | null, failed: boolean): void => {
    const what = request.isNavigationRequest() ? 'document' : 'data';
    if (what === 'data' && !DATA.has(request.resourceType())) return;
    const frame = frameOf(request);
    // A page that asks again after a failure, and succeeds, has mended it.
    failures.delete(keyOf(request));
    if (failed)
      failures.set(keyOf(request), { frame, failure: { url: request.url(), status, what } });
  };
  const take = async (response: Response, type: string): Promise<JsonAnswer | null> => {
    const answer = await jsonOf(response, type, bodies);
    // The page is drawing now what came: there is time to take it apart.
    if (answer && takeApart([answer])) hasArrived = true;
    return answer;
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
    else if (DATA.has(request.resourceType()) && response.ok()) {
      const text = take(response, type);
      // Its failure is that of `answers`; of a page that is refused before, nobody asks for them.
      text.catch(() => undefined);
      texts.push(text);
    }
    const status = response.status();
    const isRefused = status >= 400 && request.isNavigationRequest();
    note(request, status, isRefused || status >= 500 || status === 429);
  });
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => {
    pending.delete(request);
    const isGivenUp = request.failure()?.errorText.includes('ERR_ABORTED') === true;
    if (!isGivenUp) note(request, null, true);
  });
  return {
    pending: (frame) => [...pending].filter(([, it]) => it === frame).map(([it]) => it.url()),
    answers: async () => (await Promise.all(texts)).filter((it) => it !== null),
    hasArrived: () => hasArrived,
    asked: () => asked,
    failure: (frame) => failureIn([...failures.values()], frame),
  };
}

interface FrameFailure {
  frame: Frame | null;
  failure: TrafficFailure;
}

/** What of it leaves the frame without its table: its document's failure, or that of its own data. */
function failureIn(failures: readonly FrameFailure[], frame: Frame): TrafficFailure | null {
  const own = failures.filter((it) => it.frame === frame);
  const document = own.find(({ failure }) => failure.what === 'document');
  const data = own.find(({ failure }) => originOf(failure.url) === originOf(frame.url()));
  return (document ?? data)?.failure ?? null;
}

async function jsonOf(
  response: Response,
  type: string,
  bodies: ResponseBodies,
): Promise<JsonAnswer | null> {
  if (!/json|text\/plain|octet-stream|^$/.test(type)) return null;
  // A body that does not arrive is no failure of ours: the page lacks it too.
  const text = await bodies.textOf(response).catch(() => '');
  return /^\s*[[{]/.test(text) ? { url: response.url(), text } : null;
}

/** @throws {EtlError} BOARD_UNREACHABLE when the document, or data for it, did not come whole */
export function failOnTraffic(traffic: PageTraffic, frame: Frame): void {
  const failure = traffic.failure(frame);
  if (!failure) return;
  const { url, status, what } = failure;
  const answer = status === null ? 'did not come whole' : `answered ${status}`;
  throw new EtlError('BOARD_UNREACHABLE', `The ${what} ${url} ${answer}`, {
    context: { url, status, again: status === null || status >= 500 || status === 429 },
  });
}
