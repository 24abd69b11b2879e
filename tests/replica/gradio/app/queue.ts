import type { PageConfig, PageSettings } from '../settings.ts';

/** What the page is told of an event that it asked for. */
export interface QueueMessage {
  msg: string;
  event_id?: string;
  success?: boolean;
  output?: { data?: unknown[] };
}

export interface QueueEvents {
  started: (event: number) => void;
  /** `outputs` is null when the event failed. */
  ended: (event: number, outputs: unknown[] | null) => void;
}

const sessionHash = (): string => Math.random().toString(36).slice(2, 13);

/** Asks for what the page has to do when it is loaded, as the generation does. */
export function runLoadEvents(
  config: PageConfig,
  { facts }: PageSettings,
  events: QueueEvents,
): void {
  const load = config.dependencies.flatMap(({ targets }, index) =>
    targets.some(([, trigger]) => trigger === 'load') ? [index] : [],
  );
  if (load.length === 0) return;
  if (facts.queue === 'websocket') for (const event of load) overSocket(event, events);
  else void overStream(load, { facts, events });
}

/** Gradio 3: a socket for each event. */
function overSocket(event: number, events: QueueEvents): void {
  const session = { fn_index: event, session_hash: sessionHash() };
  const socket = new WebSocket(`ws://${location.host}/queue/join`);
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as QueueMessage; // our own server wrote it
    if (message.msg === 'send_hash') socket.send(JSON.stringify(session));
    if (message.msg === 'send_data') {
      socket.send(JSON.stringify({ ...session, data: [], event_data: null }));
    }
    if (message.msg === 'process_starts') events.started(event);
    if (message.msg === 'process_completed') {
      events.ended(event, message.success === true ? (message.output?.data ?? []) : null);
      socket.close();
    }
  });
}

interface StreamSetup {
  facts: PageSettings['facts'];
  events: QueueEvents;
}

/** Gradio 4 and later: each event is joined by a request, one stream of messages tells of them all. */
async function overStream(load: readonly number[], { facts, events }: StreamSetup): Promise<void> {
  const hash = sessionHash();
  const places = new Map<string, number>();
  for (const event of load) {
    const answer = await fetch(`${facts.prefix}/queue/join?`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ data: [], event_data: null, fn_index: event },
        ...{ trigger_id: null, session_hash: hash },
      }),
    });
    const joined = (await answer.json()) as { event_id: string }; // our own server wrote it
    places.set(joined.event_id, event);
  }
  const url = `${facts.prefix}/queue/data?session_hash=${hash}`;
  const heard = (text: string): boolean => {
    const message = JSON.parse(text) as QueueMessage; // our own server wrote it
    const event = places.get(message.event_id ?? '');
    if (event !== undefined && message.msg === 'process_starts') events.started(event);
    if (event !== undefined && message.msg === 'process_completed') {
      events.ended(event, message.success === true ? (message.output?.data ?? []) : null);
    }
    return message.msg !== 'close_stream';
  };
  if (facts.queue === 'eventsource') {
    const source = new EventSource(url);
    source.onmessage = ({ data }) => {
      if (!heard(String(data))) source.close();
    };
    return;
  }
  const { body } = await fetch(url);
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += read.value;
    const lines = text.split('\n\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) heard(line.slice('data: '.length));
  }
}
