import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '../../src/crawlers/pages/windows.ts';
import { openBucket } from '../../src/storage/bucket/open.ts';
import { openRemoteState } from '../../src/storage/remote/remote.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { openWorld, runDays, startDay } from '../../tests/helpers/state-days.ts';
import type { SoakPart } from './part.ts';

/** SIGKILLs of each store. */
const KILLS = Number(process.env['KILLS'] ?? 30);
/** Longest time until a kill: a process waits for the lease of the one before, and runs for some seconds. */
const WITHIN_MS = Number(process.env['WITHIN_MS'] ?? 5000);

/** An environment with which the program finds a store, and a bucket in it. */
interface Store {
  name: string;
  bucket: string;
  env: Record<string, string>;
}

/** Servers that somebody started on loopback, each with a bucket: `S3_SERVER=http://127.0.0.1:7070`; else a folder. */
function stores(folder: string): Store[] {
  const { S3_SERVER, S3_BUCKET = 'state', GCS_SERVER, GCS_BUCKET = 'state', ...env } = process.env;
  const found: Store[] = [];
  if (S3_SERVER !== undefined) {
    const s3 = {
      AWS_ENDPOINT_URL_S3: S3_SERVER,
      AWS_REGION: env['AWS_REGION'] ?? 'us-east-1',
      AWS_ACCESS_KEY_ID: env['AWS_ACCESS_KEY_ID'] ?? 'test',
      AWS_SECRET_ACCESS_KEY: env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
    };
    found.push({ name: 's3', bucket: `s3://${S3_BUCKET}`, env: s3 });
  }
  if (GCS_SERVER !== undefined) {
    const gcs = { STORAGE_EMULATOR_HOST: GCS_SERVER };
    found.push({ name: 'gs', bucket: `gs://${GCS_BUCKET}`, env: gcs });
  }
  if (found.length > 0) return found;
  return [{ name: 'file', bucket: pathToFileURL(path.join(folder, 'bucket')).href, env: {} }];
}

export const part: SoakPart = {
  about:
    'runs on empty disks with --state, killed at random; S3_SERVER=, GCS_SERVER= for real ones',
  async run(seed) {
    const random = seededRandom(seed);
    const failures: string[] = [];
    const counts: string[] = [];
    const { folder, remove } = await temporaryFolder();
    for (const store of stores(folder)) {
      const place = path.join(folder, store.name);
      await mkdir(place);
      // What is there of others stays.
      const state = `${store.bucket}/soak-${randomUUID()}`;
      const moments = Array.from({ length: KILLS }, () => {
        const afterMs = random() * WITHIN_MS;
        return ({ ms }: { ms: number }): boolean => ms >= afterMs;
      });
      const { env, name } = store;
      const killed = await runDays({ folder: place, state, env, moments });
      const leastDays = killed.tables.length;
      const whole = await runDays({ folder: path.join(place), leastDays });
      for (const what of ['tables', 'history'] as const)
        if (!isDeepStrictEqual(killed[what], whole[what])) failures.push(`${name}: other ${what}`);
      failures.push(...(await leftIn(place, { ...store, bucket: state })));
      failures.push(...(await twoAtOnce(place, { ...store, bucket: `${state}-two` })));
      const { kills, processes } = killed;
      counts.push(`${name}: ${kills} kills of ${processes} processes over ${leastDays} days`);
    }
    await remove();
    return { counts: counts.join('; '), failures };
  },
};

/** A holder, or an object that the next one removes. */
async function leftIn(place: string, { name, bucket: address, env }: Store): Promise<string[]> {
  Object.assign(process.env, env);
  const bucket = await openBucket(address, { env, gcsEndpoint: env['STORAGE_EMULATOR_HOST'] });
  const before = await bucket.list('objects/');
  const found: string[] = [];
  const state = await openRemoteState(bucket, path.join(place, 'left'), {
    ...{ command: 'soak', leaseMs: 60_000, signal: new AbortController().signal },
    log: { warn: () => void found.push(`${name}: a holder was left`) },
  });
  const after = new Set(await bucket.list('objects/'));
  await state.close();
  const orphans = before.filter((it) => !after.has(it));
  return [...found, ...orphans.map((it) => `${name}: orphan ${it}`)];
}

/** The first holds the state while the second asks for it. */
async function twoAtOnce(place: string, { name, bucket, env }: Store): Promise<string[]> {
  const world = await openWorld(place);
  world.hub.setFaults([{ kind: '503', at: 9, times: 4 }]);
  const start = (disk: string) => {
    const flags = ['--storage', path.join(place, disk), '--state', bucket, '--state-lease', '2'];
    return startDay(world, { day: 0, flags, env });
  };
  const first = start('first');
  while (world.hub.requests.length < 9 && first.child.exitCode === null) await delay(5);
  const codes = [(await start('second').done).code, (await first.done).code];
  await world.close();
  return isDeepStrictEqual(codes, [8, 0])
    ? []
    : [`${name}: two at once ended with ${codes.join()}`];
}
