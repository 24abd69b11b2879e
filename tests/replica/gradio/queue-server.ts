import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BuiltConfig } from './config.ts';
import { acceptWebSocket } from './websocket.ts';

/** `fails`: the event ends without success; `never`: it does not end; `cut`: the stream ends first. */
export type EventFault = 'fails' | 'never' | 'cut';

export interface QueueServer {
  join: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  data: (url: URL, response: ServerResponse) => void;
  upgrade: (request: IncomingMessage, socket: Duplex) => void;
  close: () => void;
}

interface Waiting {
  id: string;
  event: number;
}

interface QueueSetup {
  events: BuiltConfig['events'];
  fault: EventFault | undefined;
}

/** Gradio's queue: `/queue/join` and the stream `/queue/data`, or a socket for each event. */
export function queueServer({ events, fault }: QueueSetup): QueueServer {
  const sessions = new Map<string, Waiting[]>();
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const completed = (event: number): object =>
    fault === 'fails'
      ? { msg: 'process_completed', output: { error: 'Traceback' }, success: false }
      : {
          msg: 'process_completed',
          output: { data: [events[event]?.value ?? null], is_generating: false, duration: 0.1 },
          success: true,
        };
  const afterMs = (event: number): number => events[event]?.afterMs ?? 0;

  return {
    join: async (request, response) => {
      let text = '';
      for await (const part of request) text += String(part);
      const { fn_index: event, session_hash: hash } = JSON.parse(text) as {
        fn_index: number;
        session_hash: string;
      }; // our own page wrote it
      const id = `${hash}-${event}`;
      sessions.set(hash, [...(sessions.get(hash) ?? []), { id, event }]);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ event_id: id }));
    },
    data: (url, response) => {
      const waiting = sessions.get(url.searchParams.get('session_hash') ?? '') ?? [];
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      const send = (message: object): void => {
        if (!response.writableEnded) response.write(`data: ${JSON.stringify(message)}\n\n`);
      };
      let left = waiting.length;
      for (const { id, event } of waiting) {
        send({ msg: 'estimation', event_id: id, rank: 0, queue_size: 1, rank_eta: null });
        send({ msg: 'process_starts', event_id: id, eta: null });
        if (fault === 'never') continue;
        later(afterMs(event), () => {
          if (fault !== 'cut') send({ ...completed(event), event_id: id });
          left -= 1;
          if (left > 0) return;
          if (fault !== 'cut') send({ msg: 'close_stream', event_id: null });
          response.end();
        });
      }
      if (waiting.length === 0) response.end();
    },
    upgrade: (request, socket) => {
      let joined = false;
      const own = acceptWebSocket(request, socket, (text) => {
        const { fn_index: event } = JSON.parse(text) as { fn_index: number }; // our own page wrote it
        if (!joined) {
          joined = true;
          own.send(JSON.stringify({ msg: 'estimation', rank: 0, queue_size: 1, rank_eta: null }));
          own.send(JSON.stringify({ msg: 'send_data' }));
          return;
        }
        own.send(JSON.stringify({ msg: 'process_starts' }));
        if (fault === 'never') return;
        later(afterMs(event), () => {
          if (fault !== 'cut') own.send(JSON.stringify(completed(event)));
          own.close();
        });
      });
      own.send(JSON.stringify({ msg: 'send_hash' }));
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
