import { expect, test } from '../../helpers/fixtures.ts';

test('over the quota is 429 until the window ends', async ({ hub: startHub }) => {
  let clock = 1_000_000;
  const hub = await startHub({ quota: { limit: 3, windowMs: 300_000 }, now: () => clock });
  const ask = async (token?: string): Promise<[number, string | null]> => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(`${hub.url}/api/models?limit=1`, { headers });
    expect(response.headers.get('ratelimit-policy')).toBe('"fixed window";"api";q=3;w=300');
    if (response.status === 429) expect(await response.json()).toHaveProperty('error');
    return [response.status, response.headers.get('ratelimit')];
  };

  expect(await ask()).toEqual([200, '"api";r=2;t=300']);
  clock += 100_500;
  expect(await ask()).toEqual([200, '"api";r=1;t=200']);
  // Errors spend too.
  expect((await fetch(`${hub.url}/api/no-such-thing`)).status).toBe(404);
  expect(await ask()).toEqual([429, '"api";r=0;t=200']);
  expect(await ask('hf_other')).toEqual([200, '"api";r=2;t=300']);
  clock += 199_499;
  expect(await ask()).toEqual([429, '"api";r=0;t=1']);
  clock += 1;
  expect(await ask()).toEqual([200, '"api";r=2;t=300']);
  expect(hub.requests.map(({ at }) => at)[0]).toBe(1_000_000);
});
