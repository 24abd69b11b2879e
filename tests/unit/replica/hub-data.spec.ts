import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { startHub } from '../../../demo/hub/index.ts';
import { joinFields, splitFields } from '../../../demo/hub/json-fields.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { getModels, readModels } from './hub-client.ts';

const file = (name: string): string =>
  fileURLToPath(new URL(`../../../demo/${name}`, import.meta.url));

test('splitFields gives the members of any JSON object as text', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(0, 1),
      (object, indent) => {
        const fields = splitFields(JSON.stringify(object, null, indent));

        const values = [...fields].map(([name, value]) => [name, JSON.parse(value) as unknown]);
        const plain: unknown = JSON.parse(JSON.stringify(object));
        expect(values).toEqual(Object.entries(plain as object));
        expect(JSON.parse(joinFields(fields))).toEqual(plain);
      },
    ),
  );
});

test('splitFields refuses what is no object', () => {
  for (const text of [
    '',
    '[]',
    'null',
    '{',
    '{"a"',
    '{"a":',
    '{"a":[1',
    '{"a":"b',
    '{"a":1',
    '{a:1}',
  ]) {
    expect(() => splitFields(text), text).toThrow(SyntaxError);
  }
});

test('the shipped data is small, ordered and diverse', async () => {
  const models = readModels();
  const has = (name: string): number =>
    models.filter((model) => (model[name] ?? null) !== null).length;
  const sizes = await Promise.all(
    ['models.jsonl.gz', 'datasets.jsonl.gz'].map((name) => stat(file(`data/${name}`))),
  );

  expect(models.length).toBeGreaterThanOrEqual(400);
  expect(models.length).toBeLessThanOrEqual(600);
  expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(2_000_000);
  const keys = models.map((model) => `${String(model['createdAt'])} ${model._id}`);
  expect(keys).toEqual([...keys].sort());
  expect(new Set(models.map(({ _id }) => _id)).size).toBe(models.length);
  expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
  const rare = ['gguf', 'safetensors', 'widgetData', 'model-index', 'evalResults', 'spaces'];
  for (const name of rare) expect([name, has(name) > 0]).toEqual([name, true]);
  expect(models.some((model) => Array.isArray(model['cardData']))).toBe(true);
  expect(models.some((model) => typeof model['cardData'] === 'string')).toBe(true);
  expect(models.some((model) => model['likes'] === undefined)).toBe(true);
  expect(models.some((model) => JSON.stringify(model).length > 300_000)).toBe(true);
});

test('another file may be served, plain or compressed, with dates in the form of the Hub', async ({
  folder,
  hub: open,
}) => {
  const path = join(folder, 'models.jsonl');
  const line =
    '{"_id":"a","id":"x/y","createdAt":"2023-01-20T18:11:53+00:00","likes":12345678901234567890}';
  await writeFile(path, `${line}\n\n${line.replace('"a"', '"b"')}`);
  const hub = await open({ data: path });
  const { models } = await getModels(`${hub.url}/api/models?expand=createdAt`);
  const text = await (await fetch(`${hub.url}/api/models?limit=1&expand=likes`)).text();
  await writeFile(path, `${line}\nnot json`);

  expect(models).toEqual([
    { _id: 'a', id: 'x/y', createdAt: '2023-01-20T18:11:53.000Z' },
    { _id: 'b', id: 'x/y', createdAt: '2023-01-20T18:11:53.000Z' },
  ]);
  expect(text).toBe('[{"_id":"a","id":"x/y","likes":12345678901234567890}]');
  await expect(startHub({ data: path })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('line 2 '),
  });
  await expect(startHub({ data: join(folder, 'absent') })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

test('the program prints its url and ends on SIGTERM', async ({ keep }) => {
  const faults = JSON.stringify([{ at: 1, kind: '503' }]);
  const child = spawn(
    process.execPath,
    [file('hub/main.ts'), '--quota', '2/60', '--token', 'hf_good', '--faults', faults],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await keep({ close: () => child.kill('SIGKILL') });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, models } = JSON.parse(line) as { url: string; models: number };
  const first = await fetch(`${url}/api/models?limit=1`);
  const second = await getModels(`${url}/api/models?limit=1`);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];

  expect(models).toBe(readModels().length);
  expect(first.status).toBe(503);
  expect(first.headers.get('ratelimit-policy')).toBe('"fixed window";"api";q=2;w=60');
  expect(second.models).toHaveLength(1);
  expect(code).toBe(0);
});
