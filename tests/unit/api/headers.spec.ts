import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { parseEndpoint } from '../../../src/api/endpoint.ts';
import { nextLink } from '../../../src/api/list.ts';
import {
  createQuotaGate,
  parseRateLimit,
  waitAfter429,
  waitBeforeNext,
} from '../../../src/api/quota.ts';
import { backoffMs } from '../../../src/api/retry.ts';

test.describe('parseRateLimit', () => {
  test('reads what the Hub sends, with and without spaces', () => {
    const policy = { 'ratelimit-policy': '"fixed window";"api";q=500;w=300' };

    expect(parseRateLimit({ ratelimit: '"api";r=499;t=295', ...policy })).toEqual({
      remaining: 499,
      resetSecs: 295,
      quota: 500,
      windowSecs: 300,
    });
    expect(parseRateLimit({ ratelimit: '"api"; r=0; t=12' })).toEqual({
      remaining: 0,
      resetSecs: 12,
      quota: undefined,
      windowSecs: undefined,
    });
  });

  test('knows nothing when there is no header or another one, and never throws', () => {
    expect(parseRateLimit({})).toBeUndefined();
    expect(parseRateLimit({ ratelimit: '"api";r=x;t=1' })).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (ratelimit) => {
        const limit = parseRateLimit({ ratelimit });
        expect(limit === undefined || limit.remaining >= 0).toBe(true);
      }),
    );
  });

  test('waits a second more than the header says, and only when the quota is about spent', () => {
    expect(waitBeforeNext({ remaining: 1, resetSecs: 7, quota: 500, windowSecs: 300 })).toBe(8000);
    expect(waitBeforeNext({ remaining: 2, resetSecs: 7, quota: 500, windowSecs: 300 })).toBe(0);
    expect(waitBeforeNext(undefined)).toBe(0);
  });

  test('after a 429 trusts t only when r is 0', () => {
    expect(waitAfter429({ ratelimit: '"api";r=0;t=30' })).toBe(31_000);
    expect(waitAfter429({ ratelimit: '"api";r=5;t=250' })).toBeUndefined();
    expect(waitAfter429({ 'retry-after': '9' })).toBe(9000);
    expect(waitAfter429({ 'retry-after': 'Mon, 23 Nov 2026 15:00:00 GMT' })).toBeUndefined();
  });
});

test.describe('nextLink', () => {
  test('finds rel=next among others, quoted or not', () => {
    expect(nextLink('<https://h/a?x=1&y=%2C>; rel="next"')).toBe('https://h/a?x=1&y=%2C');
    expect(nextLink('<https://h/p>; rel="prev", <https://h/n>; rel=next')).toBe('https://h/n');
    expect(nextLink('<https://h/n>; title="a"; rel="last next"')).toBe('https://h/n');
  });

  test('is undefined at the end of a list, and never throws', () => {
    expect(nextLink(undefined)).toBeUndefined();
    expect(nextLink('<https://h/p>; rel="prev"')).toBeUndefined();
    expect(nextLink('<https://h/p>; rel="nextish"')).toBeUndefined();
    fc.assert(fc.property(fc.string(), (header) => void nextLink(header)));
  });
});

test.describe('parseEndpoint', () => {
  test('takes links of its own host and of the canonical one, no other', () => {
    const endpoint = parseEndpoint('http://127.0.0.1:8080/hub/');

    expect(endpoint.at('/api/models')).toBe('http://127.0.0.1:8080/hub/api/models');
    expect(endpoint.pathOf('http://127.0.0.1:8080/hub/api/x?a=1')).toBe('/api/x?a=1');
    expect(endpoint.pathOf('https://huggingface.co/api/x?a=1')).toBe('/api/x?a=1');
    for (const link of ['https://evil.example/api', 'http://huggingface.co/api', 'http://[']) {
      expect(() => endpoint.pathOf(link)).toThrow(/another host/);
    }
  });

  test('takes this machine for private, and no host that is only called like it', () => {
    const local = ['http://127.0.0.1:1', 'http://localhost', 'http://[::1]', 'https://h.example'];
    const others = ['http://127.evil.example', 'http://127.0.0.1.evil.example', 'http://h.example'];
    for (const text of local) expect(parseEndpoint(text).isPrivate, text).toBe(true);
    for (const text of others) expect(parseEndpoint(text).isPrivate, text).toBe(false);
  });

  test('refuses what is no address of a Hub', () => {
    for (const text of [
      '',
      'huggingface.co',
      'file:///etc',
      'https://u:p@h',
      'https://h?q',
      'https://h#x',
    ]) {
      expect(() => parseEndpoint(text), text).toThrow(/endpoint/);
    }
  });
});

test('the gate stays closed until its time, the longest wait counts', async () => {
  let now = 1000;
  const slept: number[] = [];
  const gate = createQuotaGate({
    now: () => now,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  });
  gate.closeFor(500);
  gate.closeFor(200);
  gate.observe({ ratelimit: '"api";r=1;t=2' });

  await gate.pass();

  expect(slept).toEqual([3000]);
  expect(gate.last()).toMatchObject({ remaining: 1, resetSecs: 2, quota: undefined });
});

test('requests side by side never ask for more than is left of the quota', async () => {
  const quota = { left: 8, windows: 0 };
  let [now, least] = [0, 8];
  const sleep = (ms: number): Promise<void> => {
    [now, quota.left, quota.windows] = [now + ms, 8, quota.windows + 1];
    return Promise.resolve();
  };
  const gate = createQuotaGate({ now: () => now, sleep });
  const answers: (() => void)[] = [];
  const ask = async (): Promise<void> => {
    const leave = await gate.enter();
    quota.left -= 1;
    least = Math.min(least, quota.left);
    const ratelimit = `"api";r=${quota.left};t=10`;
    await new Promise<void>((resolve) => answers.push(resolve));
    gate.observe({ ratelimit });
    leave();
  };
  let isOver = false;
  // The answer to the first tells what the quota is.
  void ask()
    .then(() => Promise.all(Array.from({ length: 30 }, ask)))
    .finally(() => (isOver = true));
  // Answers come in another order than they were asked in.
  for (let turn = 0; !isOver; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    (turn % 2 === 0 ? answers.pop() : answers.shift())?.();
  }

  expect(quota.windows).toBeGreaterThan(2);
  expect(least).toBeGreaterThanOrEqual(0);
});

test('back-off doubles, never exceeds its maximum and keeps at least half of it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (n, random) => {
        const wait = backoffMs(n, { baseMs: 100, maxMs: 5000, attempts: 9, random: () => random });
        const full = Math.min(5000, 100 * 2 ** (n - 1));
        expect(wait).toBeGreaterThanOrEqual(full / 2);
        expect(wait).toBeLessThanOrEqual(full);
      },
    ),
  );
});
