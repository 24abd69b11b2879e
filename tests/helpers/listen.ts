import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  /** Without a slash at its end. */
  url: string;
  port: number;
  /** Ends what it still answers, too. */
  close: () => Promise<void>;
}

/** Answers on loopback, at any free port. */
export async function listen(
  answer: RequestListener | Pick<Server, 'listen' | 'address' | 'close' | 'closeAllConnections'>,
): Promise<Listening> {
  const server = typeof answer === 'function' ? createServer(answer) : answer;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, port, close };
}
