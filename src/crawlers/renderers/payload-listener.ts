import type { Page, Response } from 'playwright';
import { responseBodies, type ResponseBodies } from './response-bodies.ts';

/** An answer that the page's own script got. */
export interface PageAnswer {
  url: string;
  status: number;
  contentType: string;
  /** Null where the browser could not give it: the connection broke, or the page went away. */
  text: string | null;
}

export interface PayloadListener {
  /** Everything that the page's script asked for so far, whole. */
  answers: () => Promise<PageAnswer[]>;
  /** Gives each answer as soon as it is whole, those that came before at once. */
  onAnswer: (take: (answer: PageAnswer) => void) => void;
}

const SCRIPTED = new Set(['fetch', 'xhr']);

const answerOf = async (response: Response, bodies: ResponseBodies): Promise<PageAnswer> => ({
  url: response.url(),
  status: response.status(),
  contentType: response.headers()['content-type'] ?? '',
  // A body that does not arrive is no failure of ours: the page has its own error then.
  text: await bodies.textOf(response).catch(() => null),
});

/** Keeps what the page's own script asks for, so that no second request is needed. */
export async function listenToPage(page: Page): Promise<PayloadListener> {
  const bodies = await responseBodies(page);
  const pending: Promise<PageAnswer>[] = [];
  const takers: ((answer: PageAnswer) => void)[] = [];
  page.on('response', (response) => {
    // Read at once: the browser forgets bodies when it needs the memory.
    if (!SCRIPTED.has(response.request().resourceType())) return;
    const answer = answerOf(response, bodies);
    pending.push(answer);
    for (const take of takers) void answer.then(take);
  });
  return {
    answers: () => Promise.all(pending),
    onAnswer: (take) => {
      takers.push(take);
      for (const answer of pending) void answer.then(take);
    },
  };
}

/** The rows in an answer, when it is a JSON array of which at least one item has an identity. */
function rowsIn(
  { status, text }: PageAnswer,
  identity: (row: unknown) => string,
): unknown[] | null {
  if (status !== 200 || text === null || !text.trimStart().startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return null;
    const rows: unknown[] = value;
    return rows.length === 0 || rows.some((row) => identity(row) !== '') ? rows : null;
  } catch {
    return null; // not JSON after all, e.g. cut in the middle: no payload
  }
}

export interface Payload {
  rows: unknown[];
  url: string;
}

/**
 * Looks for the page's rows in each answer as it comes, while the page draws them: of several such
 * answers the longest, and of equally long ones the last. `onRows` is told of each that may be it.
 */
export function payloadOf(
  listener: PayloadListener,
  identity: (row: unknown) => string,
  onRows: (rows: unknown[]) => void = () => undefined,
): () => Promise<Payload | null> {
  const read = new Map<PageAnswer, unknown[] | null>();
  const rowsOf = (answer: PageAnswer): unknown[] | null => {
    const known = read.get(answer);
    if (known !== undefined) return known;
    const rows = rowsIn(answer, identity);
    read.set(answer, rows);
    if (rows) onRows(rows);
    return rows;
  };
  listener.onAnswer(rowsOf);
  return async () => {
    let best: Payload | null = null;
    for (const answer of await listener.answers()) {
      const rows = rowsOf(answer);
      if (rows && rows.length >= (best?.rows.length ?? 0)) best = { rows, url: answer.url };
    }
    return best;
  };
}
