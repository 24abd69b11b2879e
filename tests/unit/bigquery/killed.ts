import { expect } from '@playwright/test';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { BigqueryOptions } from '../../../src/export/bigquery/client.ts';
import type { Fault, Seen } from '../../bigquery/server.ts';
import type { Exported, Place } from './warehouse.ts';

export interface Kill extends Partial<BigqueryOptions> {
  /** Of the first request that the process does not survive. */
  isTime: (seen: Seen) => boolean;
  /** What becomes of that request. @default nobody hears of it */
  fault?: Fault | undefined;
}

/** A way to the double that can be cut for good: whoever uses it is then as good as killed. */
async function openWay(url: string): Promise<{ url: string; cut: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(Number(new URL(url).port), '127.0.0.1');
    for (const it of [socket, onward]) sockets.add(it.on('error', () => it.destroy()));
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A TCP server's address is no string.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Does some work until a request, at which the process is gone. False: it was done before. */
export async function killed(
  { double }: Pick<Place, 'double'>,
  { isTime, fault }: Pick<Kill, 'isTime' | 'fault'>,
  work: (options: { endpoint: string; signal: AbortSignal }) => Promise<unknown>,
): Promise<boolean> {
  const controller = new AbortController();
  const way = await openWay(double.url);
  let isOver = false;
  double.requests.length = 0;
  double.onRequest = (seen) => {
    if (!isOver && !isTime(seen)) return undefined;
    controller.abort(new Error('killed'));
    // What the fault lets through is carried out yet, though nobody hears of it.
    if (fault === undefined || isOver) double.die();
    isOver = true;
    return fault;
  };
  try {
    await work({ endpoint: way.url, signal: controller.signal });
    return false;
  } catch (error) {
    expect(String(error)).toContain('killed');
    return true;
  } finally {
    way.cut();
    double.onRequest = () => undefined;
    double.revive();
  }
}

/** Loads until a request, at which the process is gone. False: it was done before. */
export const killedAt = (
  place: Place,
  exported: Exported,
  { isTime, fault, ...options }: Kill,
): Promise<boolean> =>
  killed(place, { isTime, fault }, (more) => place.load(exported, { ...options, ...more }));
