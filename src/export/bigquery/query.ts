import { randomUUID } from 'node:crypto';
import { EtlError } from '../../errors.ts';
import type { CheckRow } from '../checks/check.ts';
import type { Warehouse } from './client.ts';
import type { Field } from './resources.ts';
import { ask } from './send.ts';

/** How long one request waits for the answer. */
const WAIT_MS = 30_000;
const FIRST_POLL_MS = 1000;
const MAX_POLL_MS = 60_000;
const DEADLINE_MS = 3_600_000;
const PAGE_ROWS = 10_000;

interface Answer {
  jobReference?: { jobId: string };
  jobComplete: boolean;
  schema?: { fields?: Field[] };
  rows?: { f: { v: unknown }[] }[];
  pageToken?: string;
}

/**
 * The rows of a SELECT whose columns are scalars. It only reads, so after a lost connection it is
 * simply asked again. Bytes that it scans are paid for.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function queryRows(warehouse: Warehouse, sql: string): Promise<CheckRow[]> {
  const body = {
    query: sql,
    useLegacySql: false,
    location: warehouse.location,
    maxResults: PAGE_ROWS,
    timeoutMs: WAIT_MS,
    formatOptions: { useInt64Timestamp: true },
    // Within 15 minutes the same id is the same query: a lost answer is not paid for twice.
    requestId: randomUUID(),
  };
  const first = await ask<Answer>(warehouse, { method: 'POST', path: '/queries', body });
  const id = first.jobReference?.jobId;
  const rows: CheckRow[] = [];
  const until = warehouse.clock.nowMs() + DEADLINE_MS;
  let waitMs = FIRST_POLL_MS;
  for (let answer = first; ;) {
    rows.push(...rowsOf(answer));
    const { pageToken } = answer;
    if (answer.jobComplete && pageToken === undefined) return rows;
    if (id === undefined || warehouse.clock.nowMs() >= until) {
      throw new EtlError('LOAD_FAILED', `query ${String(id)} has no answer`, {
        context: { query: sql.slice(0, 200) },
      });
    }
    if (!answer.jobComplete) {
      await warehouse.clock.sleep(waitMs, warehouse.signal);
      waitMs = Math.min(waitMs * 1.5, MAX_POLL_MS);
    }
    answer = await ask<Answer>(warehouse, {
      method: 'GET',
      path: `/queries/${id}`,
      query: {
        location: warehouse.location,
        maxResults: String(PAGE_ROWS),
        timeoutMs: String(WAIT_MS),
        'formatOptions.useInt64Timestamp': 'true',
        ...(pageToken === undefined ? {} : { pageToken }),
      },
    });
  }
}

function rowsOf({ schema, rows = [] }: Answer): CheckRow[] {
  const fields = schema?.fields ?? [];
  return rows.map(({ f }) =>
    Object.fromEntries(fields.map(({ name, type }, at) => [name, valueOf(f[at]?.v, type)])),
  );
}

/** Every scalar comes as a text. */
function valueOf(value: unknown, type: string): CheckRow[string] {
  if (typeof value !== 'string') return null;
  switch (type) {
    case 'INTEGER':
    case 'INT64':
    case 'FLOAT':
    case 'FLOAT64':
      return Number(value);
    case 'BOOLEAN':
    case 'BOOL':
      return value === 'true';
    case 'TIMESTAMP':
      // Microseconds since 1970.
      return new Date(Number(value) / 1000).toISOString();
    default:
      return value;
  }
}
