import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { bucketProblem, readSettings } from '../../../src/config.ts';
import { splitBucket, storageOptions } from '../../../src/export/bigquery/client.ts';
import { loadBigquery } from '../../../src/export/bigquery/load.ts';
import type { BigqueryDouble, Fault, Seen } from '../../bigquery/server.ts';
import { killedAt } from './killed.ts';
import {
  asRun,
  clientWith,
  contentsOf,
  DATASET,
  STAGING,
  tinyExport,
  withDouble,
  type Exported,
  type Place,
} from './warehouse.ts';

const bucket = 'gs://hf-tables/nightly';

/** A double with the bucket, and what is in it. */
const withBucket = (
  work: (place: Place & { objects: Map<string, Buffer> }) => Promise<void>,
  options: { partBytes?: number } = {},
): Promise<void> =>
  withDouble(async (place) => {
    const objects = new Map<string, Buffer>();
    place.double.buckets.set('hf-tables', objects);
    await work({ ...place, objects });
  }, options);

const oneTable = (folder: string, run = 'a'): Promise<Exported> =>
  tinyExport(folder, { run, day: '2026-11-01', models: 3, tables: ['core_model'] });

const isStorage = ({ path }: Seen): boolean => /^\/(upload\/)?storage\//.test(path);

const loadsOf = (double: BigqueryDouble): unknown[] =>
  double.jobs().flatMap(({ configuration }) => configuration['load'] ?? []);

test('by way of a bucket come the same rows as by an upload, a job a table, and no object stays', async () => {
  const sources: unknown[] = [];
  await withBucket(
    async ({ folder, double, load, objects }) => {
      const exported = await tinyExport(folder, { run: 'a', day: '2026-11-01', models: 12 });
      const put = new Set<string>();
      double.onRequest = ({ path }) => {
        for (const name of objects.keys()) put.add(name);
        return path.startsWith('/upload/bigquery/')
          ? { status: 400, reason: 'invalid' }
          : undefined;
      };
      expect((await load(exported, { bucket })).outcome).toBe('published');
      for (const [name, { rows, sha256 }] of Object.entries(exported.manifest.tables)) {
        expect(contentsOf(double, DATASET)[name], name).toEqual({ rows, sha256 });
      }
      for (const load of loadsOf(double) as { sourceUris: string[] }[]) {
        sources.push(...load.sourceUris);
      }
      const filled = Object.values(exported.manifest.tables).filter(({ rows }) => rows > 0);
      expect(loadsOf(double)).toHaveLength(filled.length);
      // A table in parts is as many objects.
      expect(sources.length).toBeGreaterThan(filled.length);
      expect(put.size).toBe(sources.length);
      for (const name of put) expect(name).toMatch(/^nightly\/\w+__a-[0-9a-f]{12}-\d{4}\.jsonl$/);
      expect([...objects.keys()]).toEqual([]);
      expect(contentsOf(double, STAGING)).toEqual({});
    },
    { partBytes: 300 },
  );
});

const PASSING: Fault[] = [{ status: 503, reason: 'backendError' }, { drop: 'after' }];

test('each kind of request to the bucket may fail once', async () => {
  // At once: the client of Cloud Storage waits by a clock of its own.
  await Promise.all(
    PASSING.map((fault) =>
      withBucket(async ({ folder, double, load, objects }) => {
        const failed = new Set<string>();
        double.onRequest = (seen) => {
          const kind = `${seen.method} ${seen.path.startsWith('/upload/')}`;
          if (!isStorage(seen) || failed.has(kind)) return undefined;
          failed.add(kind);
          return fault;
        };
        const { outcome } = await load(await oneTable(folder), { bucket });
        expect(outcome, JSON.stringify(fault)).toBe('published');
        // Listed, opened, sent, removed.
        expect([...failed].sort()).toEqual(['DELETE false', 'GET false', 'POST true', 'PUT true']);
        expect(objects.size).toBe(0);
        expect(loadsOf(double).length).toBe(1);
      }),
    ),
  );
});

test('what was uploaded before a kill is loaded after it, and not uploaded again', async () => {
  await withBucket(async (place) => {
    const { folder, double, load, objects } = place;
    const exported = await oneTable(folder);
    const isLoad = ({ method, path }: Seen) => method === 'POST' && path.endsWith('/jobs');
    expect(await killedAt(place, exported, { bucket, isTime: isLoad })).toBe(true);
    expect(objects.size).toBe(1);
    expect(loadsOf(double)).toEqual([]);
    double.requests.length = 0;
    const [name = ''] = objects.keys();
    const result = await load(exported, { bucket });
    expect(result).toMatchObject({ outcome: 'published', sequence: 1 });
    expect(double.requests.filter(({ path }) => path.startsWith('/upload/'))).toEqual([]);
    expect(loadsOf(double)).toMatchObject([{ sourceUris: [`gs://hf-tables/${name}`] }]);
    expect(objects.size).toBe(0);
    // An object of that name and of another size is none of ours.
    const other = await oneTable(folder, 'b');
    expect(await killedAt(place, other, { bucket, isTime: isLoad })).toBe(true);
    for (const it of objects.keys()) objects.set(it, Buffer.from('{"id":"cut o'));
    await load(other, { bucket });
    const { sha256 } = other.manifest.tables['core_model'] ?? {};
    expect(contentsOf(double, DATASET)['core_model']?.sha256).toBe(sha256);
  });
});

test('killed at a request, the same command ends in the same table and an empty bucket', async () => {
  await withBucket(async (place) => {
    const { double, folder, load, objects } = place;
    const source = await oneTable(folder);
    let isKilled = true;
    let left = 0;
    let sequence = 0;
    for (let at = 1; isKilled; at += 11) {
      const exported = asRun(source, `r${at}`);
      isKilled = await killedAt(place, exported, {
        bucket,
        isTime: ({ number }) => number >= at,
      });
      left += objects.size;
      sequence += 1;
      if (sequence % 2 === 0) double.settle();
      expect((await load(exported, { bucket })).sequence, `killed at ${at}`).toBe(sequence);
      expect([...objects.keys()], `killed at ${at}`).toEqual([]);
      expect(contentsOf(double, STAGING), `killed at ${at}`).toEqual({});
    }
    expect(left).toBeGreaterThan(0);
  });
});

test('what a killed load of another run left goes with the next release; a table of others stays', async () => {
  await withBucket(async (place) => {
    const { folder, double, load, objects } = place;
    const [killed, next] = [await oneTable(folder), await oneTable(folder, 'b')];
    const isLoad = ({ method, path }: Seen) => method === 'POST' && path.endsWith('/jobs');
    expect(await killedAt(place, killed, { bucket, isTime: isLoad })).toBe(true);
    expect(Object.keys(contentsOf(double, STAGING))).toEqual(['core_model__a']);
    expect(objects.size).toBe(1);
    const client = clientWith('right', double);
    await client
      .dataset(STAGING)
      .createTable('notes__a', { schema: [{ name: 'x', type: 'STRING' }] });

    expect((await load(next, { bucket })).outcome).toBe('published');
    expect([...objects.keys()]).toEqual([]);
    expect(Object.keys(contentsOf(double, STAGING))).toEqual(['notes__a']);
    // What was killed goes on, as the next release.
    expect(await load(killed, { bucket })).toMatchObject({ outcome: 'published', sequence: 2 });
  });
});

test('at the end the objects of this run go, whatever their table and content; no other does', async () => {
  await withBucket(async ({ folder, load, objects }) => {
    const exported = await oneTable(folder);
    const ours = [0, 1, 2, 3, 4].map((it) => `nightly/core_model__a-00000000000${it}-0000.jsonl`);
    ours.push('nightly/raw_model__a-0123456789ab-0000.jsonl');
    const others = [
      'nightly/core_model__a_2-0123456789ab.jsonl',
      'nightly/core_model__b-0123456789ab.jsonl',
      'nightly/notes.txt',
      'core_model__a-0123456789ab.jsonl',
      'nightly/old/core_model__a-0123456789ab.jsonl',
    ];
    const fill = () => [...ours, ...others].forEach((it) => objects.set(it, Buffer.from('{}\n')));
    fill();
    expect((await load(exported, { bucket })).outcome).toBe('published');
    expect([...objects.keys()].sort()).toEqual([...others].sort());
    // What is published already, too.
    fill();
    expect((await load(exported, { bucket, dryRun: true })).outcome).toBe('dry-run');
    expect(objects.size).toBe(ours.length + others.length);
    expect((await load(exported, { bucket })).outcome).toBe('already');
    expect([...objects.keys()].sort()).toEqual([...others].sort());
  });
});

test('a bucket that there is not, or that is denied, ends the load; nothing is published', async () => {
  await withBucket(async ({ folder, double, load, clock }) => {
    const published = await oneTable(folder);
    await load(published);
    const before = contentsOf(double, DATASET);
    const exported = await oneTable(folder, 'b');
    const { sleptMs } = clock;
    const wrong = { bucket: 'gs://no-such-bucket' };
    // A plan says so too, and a load that would find nothing to do.
    double.requests.length = 0;
    for (const begin of [
      () => load(exported, wrong),
      () => load(exported, { ...wrong, dryRun: true }),
      () => load(published, wrong),
    ]) {
      await expect(begin()).rejects.toMatchObject({
        code: 'LOAD_FAILED',
        exitCode: 6,
        message: expect.stringMatching(/gs:\/\/no-such-bucket\/.*bucket does not exist/),
      });
    }
    expect(double.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    double.onRequest = (seen) =>
      isStorage(seen) ? { status: 403, reason: 'forbidden', message: 'no access' } : undefined;
    await expect(load(exported, { bucket })).rejects.toMatchObject({
      code: 'AUTH_GOOGLE',
      exitCode: 7,
      message: expect.stringMatching(/gs:\/\/hf-tables\/.*no access/),
    });
    // At once: neither passes by itself.
    expect(clock.sleptMs).toBe(sleptMs);
    expect(contentsOf(double, DATASET)).toEqual(before);
    expect(contentsOf(double, STAGING)).toEqual({});
    double.onRequest = () => undefined;
    expect((await load(exported, { bucket })).sequence).toBe(2);
  });
});

test('a release that is refused leaves no object, though its staging stays', async () => {
  await withBucket(async ({ folder, load, objects }) => {
    await load(await oneTable(folder));
    const made = { run: 'b', day: '2026-11-02', models: 1, tables: ['core_model'] };
    const refused = load(await tinyExport(folder, made), { bucket, checks: { minRows: 0.9 } });
    await expect(refused).rejects.toMatchObject({ code: 'CHECK_REFUSED' });
    expect(objects.size).toBe(0);
  });
});

test('an object that is gone when its job runs fails the load, and the next one brings it again', async () => {
  await withBucket(async ({ folder, double, load, objects }) => {
    const exported = await oneTable(folder);
    double.onJob = () => objects.clear();
    await expect(load(exported, { bucket })).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      message: expect.stringContaining('notFound'),
    });
    expect(contentsOf(double, DATASET)['core_model']).toBe(undefined);
    double.onJob = () => undefined;
    expect((await load(exported, { bucket })).outcome).toBe('published');
  });
});

test('a plan says which objects there would be, and only reads', async () => {
  await withBucket(async ({ folder, double, load }) => {
    const { plan } = await load(await oneTable(folder), { bucket: `${bucket}/`, dryRun: true });
    const { what } = plan.steps.find(({ step }) => step === 'stage') ?? {};
    expect(what).toMatch(
      /^upload to gs:\/\/hf-tables\/nightly\/core_model__a-[0-9a-f]{12}-\*\.jsonl and load$/,
    );
    expect(double.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

const BAD = [
  ...['', 'hf-tables', 's3://hf-tables', 'GS://hf-tables', 'gs://', 'gs:///x', 'gs://ab'],
  ...['gs://-ab', 'gs://ab-', 'gs://Abc', 'gs://a..b', 'gs://a b', 'gs://a%2fb', 'gs://abc?x'],
  ...[`gs://${'a'.repeat(64)}`, 'gs://abc//', 'gs://abc//x', 'gs://abc/x//y', 'gs://abc/../x'],
  ...[
    'gs://abc/x/..',
    'gs://abc/./x',
    'gs://abc/x*',
    'gs://abc/x?',
    'gs://abc/x#y',
    'gs://abc/[x]',
  ],
  ...['gs://abc/x\n', 'gs://abc/\0', 'gs://abc/\ud800', `gs://abc/${'x'.repeat(512)}`],
];

test('what is no bucket, or no prefix, is refused as a setting, before anything', () => {
  for (const bucket of BAD) {
    const given = { flags: { bucket }, env: {}, folder: '.' };
    expect(() => readSettings(given), JSON.stringify(bucket)).toThrow(/--bucket: /);
  }
});

test('an address of Cloud Storage that is none is refused before any request', async () => {
  await withBucket(async ({ folder, double, load }) => {
    const odd = load(await oneTable(folder), { bucket, storageEndpoint: 'localhost' });
    await expect(odd).rejects.toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    expect(double.requests).toEqual([]);
  });
});

test('a name that is accepted stays itself in addresses; every good one is accepted', () => {
  const good = ['gs://abc', 'gs://abc/', 'gs://a.b_c-1/x', `gs://${'a'.repeat(63)}/é x/y/`];
  expect(good.map(bucketProblem)).toEqual(good.map(() => undefined));
  expect(splitBucket('gs://abc')).toEqual({ name: 'abc', prefix: '' });
  expect(splitBucket('gs://abc/')).toEqual({ name: 'abc', prefix: '' });
  expect(splitBucket('gs://abc/x/y')).toEqual({ name: 'abc', prefix: 'x/y/' });
  const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '', '*', 'x', '%2e'));
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z.A_]{1,6}$/), fc.array(part), (bucketName, parts) => {
      const address = `gs://${[bucketName, ...parts].join('/')}`;
      if (bucketProblem(address) !== undefined) return;
      const { name, prefix } = splitBucket(address);
      const url = new URL(`https://h/b/${name}/o/${encodeURIComponent(`${prefix}t.jsonl`)}`);
      const [, , at, , object = ''] = url.pathname.split('/');
      expect([at, decodeURIComponent(object)]).toEqual([name, `${prefix}t.jsonl`]);
      expect(`gs://${name}/${prefix}`).not.toMatch(/[*\p{Cc}]|\/\.{1,2}\//u);
    }),
    { numRuns: 500 },
  );
});

test('over http no token goes to the bucket, though BigQuery is asked with one', async () => {
  await withBucket(async ({ folder, double, clock, place }) => {
    const client = clientWith('right', double);
    const options = { ...place, bucket, checks: { minRows: 0 } };
    await loadBigquery({ clock, client }, await oneTable(folder), options);
    const sent = (of: (seen: Seen) => boolean) => [
      ...new Set(double.requests.filter(of).map(({ authorization }) => authorization)),
    ];
    expect(sent(isStorage)).toEqual([undefined]);
    expect(sent((seen) => !isStorage(seen))).toEqual(['Bearer right']);
  });
});

test('objects go to the storage endpoint where one is given', async () => {
  await withDouble(async (elsewhere) => {
    elsewhere.double.buckets.set('hf-tables', new Map());
    await withDouble(async ({ folder, double, load }) => {
      const storageEndpoint = `${elsewhere.double.url}/`;
      const loading = load(await oneTable(folder), { bucket, storageEndpoint });
      // This BigQuery looks for the object in its own storage.
      await expect(loading).rejects.toThrow(/notFound/);
      expect(elsewhere.double.buckets.get('hf-tables')?.size).toBe(1);
      expect(double.requests.filter(isStorage)).toEqual([]);
    });
  });
});

test('at Google, and over https, the storage is asked with credentials; over http without', () => {
  const place = { project: 'p', bucket };
  expect(storageOptions(place)).toEqual({ projectId: 'p' });
  const own = { ...place, storageEndpoint: 'https://storage.example' };
  expect(storageOptions(own)).toMatchObject({ useAuthWithCustomEndpoint: true });
  const emulator = { ...place, endpoint: 'http://127.0.0.1:9050' };
  expect(storageOptions(emulator)).toEqual({
    projectId: 'p',
    apiEndpoint: 'http://127.0.0.1:9050',
    useAuthWithCustomEndpoint: false,
  });
});

test('the double refuses what it does not know of Cloud Storage', async () => {
  await withBucket(async ({ double, objects }) => {
    objects.set('x', Buffer.from('{}\n'));
    const status = async (method: string, path: string) =>
      (await fetch(`${double.url}${path}`, { method })).status;
    const at = '/storage/v1/b/hf-tables/o';
    expect(await status('GET', `${at}/x`)).toBe(404);
    expect(await status('GET', `${at}?delimiter=x`)).toBe(400);
    expect(await status('GET', '/storage/v1/b/hf-tables')).toBe(404);
    expect(await status('PATCH', `${at}/x`)).toBe(404);
    expect(await status('GET', '/storage/v1/b/another/o')).toBe(404);
    expect(await status('POST', `/upload${at}?uploadType=media&name=y`)).toBe(400);
    expect(await status('POST', `/upload${at}?uploadType=resumable`)).toBe(400);
    expect(await status('POST', `/upload${at}?uploadType=resumable&name=y`)).toBe(200);
    expect(await status('DELETE', `${at}/x`)).toBe(204);
    expect(await status('DELETE', `${at}/x`)).toBe(404);
    expect(objects.size).toBe(0);
  });
});
