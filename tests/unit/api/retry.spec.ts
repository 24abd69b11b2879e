import { expect, test } from '@playwright/test';
import { judgeStatus } from '../../../src/api/retry.ts';

const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  url: 'http://hub/api/models',
  body: Buffer.alloc(0),
});

const CASES: [string, ReturnType<typeof answer>, string, string][] = [
  ['a spent quota', answer(429, { ratelimit: '"api";r=0;t=9' }), 'quota', 'HTTP_QUOTA'],
  ['an overload', answer(503), 'busy', 'HTTP_BUSY'],
  ['a time-out of the server', answer(408), 'busy', 'HTTP_BUSY'],
  [
    'a token that is refused',
    answer(401, { 'x-error-message': 'Invalid credentials in Authorization header' }),
    'final',
    'AUTH_TOKEN',
  ],
  ['a missing or private repository', answer(401), 'final', 'AUTH_DENIED'],
  ['a gated one', answer(403, { 'x-error-code': 'GatedRepo' }), 'final', 'AUTH_DENIED'],
  ['a page that does not exist', answer(404), 'final', 'HTTP_STATUS'],
];

for (const [what, given, kind, code] of CASES) {
  test(`${what} (${given.status}) is ${kind}, ${code}`, () => {
    const failure = judgeStatus(given);

    expect(failure).toMatchObject({ kind, error: { code } });
    expect(failure?.error.message).toContain(String(given.status));
  });
}

test('a good answer is no failure', () => {
  expect(judgeStatus(answer(200))).toBeUndefined();
});
