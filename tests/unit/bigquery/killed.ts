import { expect } from '@playwright/test';
import type { BigqueryOptions } from '../../../src/export/bigquery/options.ts';
import type { Fault, Seen } from '../../bigquery/server.ts';
import type { Exported, Place } from './warehouse.ts';

export const isPiece = ({ method, query }: Seen): boolean =>
  method === 'PUT' && query.includes('upload_id');

export interface Kill extends Partial<BigqueryOptions> {
  /** Of the first request that the process does not survive. */
  isTime: (seen: Seen) => boolean;
  /** What becomes of that request. @default nobody hears of it */
  fault?: Fault | undefined;
}

/** Loads until a request, at which the process is gone. False: it was done before. */
export async function killedAt(
  { double, load }: Place,
  exported: Exported,
  { isTime, fault, ...options }: Kill,
): Promise<boolean> {
  const controller = new AbortController();
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
    await load(exported, { ...options, signal: controller.signal });
    return false;
  } catch (error) {
    expect(String(error)).toContain('killed');
    return true;
  } finally {
    double.onRequest = () => undefined;
    double.revive();
  }
}
