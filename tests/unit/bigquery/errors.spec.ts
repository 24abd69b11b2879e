import { expect, test } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPassing, refusalOf } from '../../../src/export/bigquery/failure.ts';
import { Problem } from '../../bigquery/problem.ts';
import type { Fault, Seen } from '../../bigquery/server.ts';
import {
  BACKUPS,
  contentsOf,
  DATASET,
  failureOf,
  STAGING,
  twoRuns,
  withDouble,
  withUsage,
  type Place,
} from './warehouse.ts';

/** The kind of a request, names left out. */
const kindOf = ({ method, path }: Seen): string =>
  `${method} ${path
    .replace(/\/(jobs|queries)\/.*/, '/$1/ID')
    .replace(/datasets\/[^/]+/, 'datasets/D')
    .replace(/tables\/[^/]+/, 'tables/T')}`;

const PASSING: Fault[] = [
  { status: 403, reason: 'rateLimitExceeded' },
  { status: 429, reason: 'rateLimitExceeded' },
  { status: 500, reason: 'internalError' },
  { status: 503, reason: 'backendError' },
  { status: 502, html: '<html>Bad Gateway</html>' },
  { drop: 'before' },
  { drop: 'after' },
];

for (const fault of PASSING) {
  test(`each kind of request may fail twice with ${JSON.stringify(fault)}`, async () => {
    await withDouble(async ({ folder, double, load, clock }) => {
      const [a, b] = await twoRuns(folder);
      await load(a);
      const failed = new Map<string, number>();
      double.onRequest = (seen) => {
        const kind = kindOf(seen);
        const times = failed.get(kind) ?? 0;
        failed.set(kind, times + 1);
        return times < 2 ? fault : undefined;
      };
      const result = await load(b);
      expect(result.outcome).toBe('published');
      expect(failed.size).toBeGreaterThan(10);
      const { core_model: core, usage } = contentsOf(double, DATASET);
      expect(core?.sha256).toBe(b.manifest.tables['core_model']?.sha256);
      expect(usage?.rows).toBe(7);
      expect(contentsOf(double, STAGING)).toEqual({});
      expect(clock.sleptMs).toBeGreaterThan(10_000);
    });
  });
}

interface Refused {
  fault: Fault;
  code: string;
  exitCode: number;
}

const FINAL: Refused[] = [
  { fault: { status: 403, reason: 'accessDenied' }, code: 'AUTH_GOOGLE', exitCode: 7 },
  { fault: { status: 401, reason: 'authError' }, code: 'AUTH_GOOGLE', exitCode: 7 },
  { fault: { status: 403, reason: 'quotaExceeded' }, code: 'LOAD_FAILED', exitCode: 6 },
  { fault: { status: 400, reason: 'invalid' }, code: 'LOAD_FAILED', exitCode: 6 },
  { fault: { status: 403, reason: 'billingNotEnabled' }, code: 'LOAD_FAILED', exitCode: 6 },
];

const KINDS = ['GET', 'POST', 'PATCH', 'DELETE'];

for (const { fault, code, exitCode } of FINAL) {
  test(`${JSON.stringify(fault)} ends the load with ${code}, at once`, async () => {
    await withDouble(async ({ folder, double, load, clock }) => {
      const [a, b] = await twoRuns(folder);
      await load(a);
      const before = contentsOf(double, DATASET);
      for (const method of KINDS) {
        const slept = clock.sleptMs;
        double.requests.length = 0;
        let refused = 0;
        double.onRequest = (seen) => {
          if (seen.method !== method) return undefined;
          refused += 1;
          return fault;
        };
        const error = await failureOf(load(b));
        expect(error.code, method).toBe(code);
        expect(error.exitCode, method).toBe(exitCode);
        // Not tried again: as many refusals as requests that were under way at once.
        expect(refused, method).toBeLessThanOrEqual(4);
        expect(clock.sleptMs - slept, method).toBeLessThan(60_000);
        // DELETE and the last PATCH come after the switch.
        if (method === 'GET' || method === 'POST') {
          expect(contentsOf(double, DATASET)).toEqual(before);
        }
      }
      double.onRequest = () => undefined;
      expect((await load(b)).sequence).toBe(2);
    });
  });
}

test('a server that stays away is given up after a bounded time', async () => {
  await withDouble(async ({ folder, double, load, clock }) => {
    const [a] = await twoRuns(folder);
    double.onRequest = () => ({ status: 503, reason: 'backendError' });
    const error = await failureOf(load(a));
    expect(error).toMatchObject({ code: 'LOAD_FAILED', context: { status: 503 } });
    expect(clock.sleptMs).toBeGreaterThan(60_000);
    expect(clock.sleptMs).toBeLessThan(300_000);
    expect(double.requests.length).toBe(8);
  });
});

test('a job that never ends is given up at its deadline', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    double.isFrozen = true;
    const error = await failureOf(load(a));
    expect(error.code).toBe('LOAD_FAILED');
    expect(error.message).toMatch(/is still PENDING/);
    double.isFrozen = false;
    expect((await load(a)).outcome).toBe('published');
    // The jobs of the first try were followed, not begun anew.
    const loads = double.jobs().filter(({ configuration }) => 'load' in configuration);
    expect(loads.every(({ id }) => id.endsWith('_1'))).toBe(true);
  });
});

test('a job that is not known under the id it was begun with is given up soon', async () => {
  await withDouble(async ({ folder, double, load, clock }) => {
    const [a] = await twoRuns(folder);
    double.onRequest = (seen) =>
      /^GET .*\/jobs\/ID$/.test(kindOf(seen)) ? { status: 404, reason: 'notFound' } : undefined;
    const error = await failureOf(load(a));
    expect(error.code).toBe('LOAD_FAILED');
    expect(error.message).toContain('unknown there');
    expect(clock.sleptMs).toBeLessThan(300_000);
  });
});

test('a job that fails for a passing reason is done again under the next number', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    await load(a);
    const known = new Set(double.jobs().map(({ id }) => id));
    double.onJob = ({ id }) => {
      if (id.endsWith('_1') && !known.has(id)) throw new Problem(500, 'backendError', 'try later');
    };
    await load(b);
    const ids = double.jobs().filter(({ id }) => !known.has(id));
    expect(ids.filter(({ problem }) => problem !== undefined).length).toBe(ids.length / 2);
    expect(contentsOf(double, DATASET)['usage']?.rows).toBe(7);
  });
});

test('a statement that fails leaves production as it was, whichever it is', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    await load(a);
    const before = contentsOf(double, DATASET);
    const sights = () => double.sights.filter(({ dataset }) => dataset === DATASET).length;
    const seen = sights();
    for (let at = 0; at < 7; at += 1) {
      double.onStatement = (number) => {
        if (number === at) throw new Problem(400, 'invalidQuery', `Query error in ${at}`);
      };
      const error = await failureOf(load(b));
      expect(error).toMatchObject({ code: 'LOAD_FAILED', exitCode: 6 });
      expect(error.message).toContain(`Query error in ${at}`);
      expect(contentsOf(double, DATASET)).toEqual(before);
      expect(sights()).toBe(seen);
    }
    double.onStatement = () => undefined;
    expect((await load(b)).sequence).toBe(2);
    expect(sights()).toBe(seen + 1);
  });
});

const ROW = {
  ...{ id: 'a/b', _id: 'x', downloads: 1, likes: 2 },
  update_time: '2026-11-01T10:00:00.000Z',
};

test('a row that BigQuery refuses stops the load; the message says where it stands', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    const bad = await withUsage(a, [ROW, { ...ROW, likes: undefined, like: 2 }]);
    const error = await failureOf(load(bad));
    expect(error).toMatchObject({ code: 'LOAD_FAILED', context: { reason: 'invalid' } });
    expect(error.message).toContain(`position: ${JSON.stringify(ROW).length + 1}`);
    expect(error.message).toContain('No such field: like');
    expect(double.sights.filter(({ by }) => by === 'transaction')).toEqual([]);
  });
});

test('other rows than the manifest states are refused', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    const tampered = await withUsage(a, [ROW]);
    const usage = tampered.manifest.tables['usage'];
    if (usage !== undefined) usage.rows = 2;
    const error = await failureOf(load(tampered));
    expect(error).toMatchObject({ code: 'CHECK_REFUSED', exitCode: 5, context: { rows: 1 } });
    expect(double.sights.filter(({ by }) => by === 'transaction')).toEqual([]);
  });
});

test('a file that is not what the manifest says is refused before any request', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    const path = join(a.exportDir, a.manifest.tables['usage']?.files[0]?.path ?? '');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect(await failureOf(load(a))).toMatchObject({ code: 'CHECK_REFUSED' });
    expect(double.requests).toEqual([]);
  });
});

test('unpacked bytes that differ from the manifest never become a job', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    const usage = a.manifest.tables['usage'];
    if (usage !== undefined) usage.sha256 = '0'.repeat(64);
    expect(await failureOf(load(a))).toMatchObject({ code: 'CHECK_REFUSED' });
    expect(double.jobs().some(({ id }) => id.includes('usage'))).toBe(false);
  });
});

test('no message repeats a credential, and none is sent over plain http', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    const secret = 'ya29.a0AfB_byC-secret';
    const message = `Bearer ${secret}; -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----; upload_id=ABC-secret`;
    double.onRequest = () => ({ status: 403, reason: 'accessDenied', message });
    const error = await failureOf(load(a));
    expect(error.message).not.toMatch(/secret|MIIE/);
    expect(error.cause).toBe(undefined);
    expect(error.hint).toContain('docs/warehouses.md');
    expect([...double.authorizations]).toEqual([]);
  });
});

test('somebody else changing a table at the same time is noticed', async () => {
  await withDouble(async ({ folder, double, load }: Place) => {
    const [a] = await twoRuns(folder);
    await load(a);
    const table = double.tables(DATASET).get('core_model');
    if (table === undefined) throw new Error('no table');
    table.description = 'theirs';
    let races = 0;
    double.onRequest = ({ method }) => {
      if (method !== 'PATCH' || races > 0) return undefined;
      races += 1;
      table.labels = { ...table.labels, owner: 'them' };
      table.version += 1;
      return undefined;
    };
    await load(a);
    expect(races).toBe(1);
    expect(double.tables(DATASET).get('core_model')?.labels).toMatchObject({
      owner: 'them',
      run: 'a',
    });
    expect(double.tables(DATASET).get('core_model')?.description).not.toBe('theirs');
    expect(contentsOf(double, BACKUPS)).toEqual({});
  });
});

test('a time-out is a lost connection, whoever noticed it', async () => {
  const timeout: unknown = await new Promise((resolve) => {
    const signal = AbortSignal.timeout(1);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });
  const socket = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const closed = new TypeError('terminated', {
    cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
  });
  for (const error of [timeout, socket, closed]) {
    expect(refusalOf(error)).toMatchObject({ reason: 'network', status: undefined });
    expect(isPassing(refusalOf(error))).toBe(true);
  }
  for (const error of [new Error('a bug'), new TypeError('x is not a function'), 'text', null]) {
    expect(isPassing(refusalOf(error))).toBe(false);
  }
});
