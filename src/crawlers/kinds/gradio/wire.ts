import type { Page } from 'playwright';

/** A piece of what a Gradio page said to its server or got from it, in the order of arrival. */
export interface WireEvent {
  /** Numbers the conversation that this piece belongs to. */
  id: number;
  /** `sent` opens a conversation, `text` is a piece of the answer, `end` its end. */
  kind: 'sent' | 'text' | 'end';
  /** `body`: pieces of one HTTP body; `messages`: each text is a message of its own. */
  form: 'body' | 'messages';
  url: string;
  text: string;
  /** False for an end by failure or a status that is not 2xx. */
  ok: boolean;
}

/** Starts listening in every frame of a page; to be awaited before navigation. */
export function tapWire(page: Page): Promise<unknown> {
  const tools = TOOLS.map(String).join('\n');
  return page.addInitScript({ content: `(() => { ${tools}\n installTap(); })();` });
}

interface Tap {
  events: WireEvent[];
}

// Each of these runs among the page's own scripts, before them: what Gradio's client gets can only be
// copied there. Only their texts go there, joined.

/** Starts to note a conversation, if it is one of Gradio's client; null if not. */
function opener(tap: Tap) {
  const wanted = /\/(?:config|queue\/(?:join|data)|run\/[^/]+|api\/[^/]+|call\/.+)\/?$/;
  let last = 0;
  return (form: WireEvent['form'], url: string, sent: unknown) => {
    if (!URL.canParse(url, location.href)) return null;
    if (!wanted.test(new URL(url, location.href).pathname)) return null;
    last += 1;
    const id = last;
    const add = (kind: WireEvent['kind'], text: string, ok = true): void => {
      tap.events.push({ id, kind, form, url, text, ok });
    };
    add('sent', typeof sent === 'string' ? sent : '');
    return add;
  };
}

type Open = ReturnType<typeof opener>;
type Add = NonNullable<ReturnType<Open>>;

async function copyBody(response: Response, add: Add): Promise<void> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) break;
      add('text', decoder.decode(piece.value, { stream: true }));
    }
    add('end', '', response.ok);
  } catch {
    add('end', '', false); // the page itself sees the same failure
  }
}

type Fetch = (...args: Parameters<typeof fetch>) => Promise<Response>;

function tapFetch(open: Open): void {
  const asEver: Fetch = Reflect.get(window, 'fetch');
  window.fetch = new Proxy(asEver, {
    apply(target, self: unknown, args: Parameters<Fetch>) {
      const answer = Reflect.apply(target, self, args);
      const [input, init] = args;
      const add = open('body', input instanceof Request ? input.url : String(input), init?.body);
      if (!add) return answer;
      answer.then(
        (response) => copyBody(response.clone(), add),
        () => add('end', '', false),
      );
      return answer;
    },
  });
}

function tapEventSource(open: Open): void {
  window.EventSource = new Proxy(window.EventSource, {
    construct(target, args: [string], self) {
      const source = Reflect.construct(target, args, self) as EventSource; // what it constructs
      const add = open('messages', String(args[0]), '');
      if (add) source.addEventListener('message', ({ data }) => add('text', String(data)));
      return source;
    },
  });
}

function tapWebSocket(open: Open): void {
  const heard = new WeakSet<WebSocket>();
  const { prototype } = WebSocket;
  const send: unknown = Reflect.get(prototype, 'send');
  if (typeof send !== 'function') return;
  const tapped = new Proxy(send, {
    apply(target, socket: WebSocket, args: [unknown]) {
      const add =
        typeof args[0] === 'string' && !heard.has(socket)
          ? open('messages', socket.url, args[0])
          : null;
      heard.add(socket);
      if (add) {
        socket.addEventListener('message', ({ data }) => add('text', String(data)));
        socket.addEventListener('close', () => add('end', ''));
      }
      return Reflect.apply(target, socket, args) as unknown;
    },
  });
  Reflect.set(prototype, 'send', tapped);
}

/**
 * Copies what Gradio's client gets by fetch, by its event streams and by WebSocket. The page gets the
 * same objects as ever; a stream is read a second time by `clone`, because the browser does not keep
 * bodies that never end.
 */
function installTap(): void {
  const key = Symbol.for('huggingface-etl.wire');
  if (Reflect.has(window, key)) return;
  const tap: Tap = { events: [] };
  Object.defineProperty(window, key, { value: tap });
  const open = opener(tap);
  tapFetch(open);
  tapEventSource(open);
  tapWebSocket(open);
}

const TOOLS = [opener, copyBody, tapFetch, tapEventSource, tapWebSocket, installTap];

/** What a document has heard, and which one it is: everything of another one is void. */
export interface HeardWire {
  document: number;
  /** Those that are not known yet, in order; null where the document is not listened to. */
  events: WireEvent[] | null;
}

/** Runs in the page. */
export function readTap(known: { document: number; events: number }): HeardWire {
  const document = performance.timeOrigin;
  const tap: unknown = Reflect.get(window, Symbol.for('huggingface-etl.wire'));
  if (typeof tap !== 'object' || tap === null) return { document, events: null };
  const { events } = tap as Tap; // by installTap
  return { document, events: events.slice(document === known.document ? known.events : 0) };
}

/** Runs in the page: its config as it is now, for a page without a script that sets it. */
export function configInPage(): string | null {
  const config: unknown = Reflect.get(window, 'gradio_config');
  if (typeof config !== 'object' || config === null) return null;
  const above: unknown[] = [];
  // Once drawn, a component's properties lead back to the whole page.
  return JSON.stringify(config, function (this: unknown, key, value: unknown) {
    if (key === 'gradio' || key === 'server' || key === 'client') return undefined;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (typeof value === 'object' && value !== null) {
      if (above.includes(value)) return undefined;
      above.push(value);
    }
    return value;
  });
}
