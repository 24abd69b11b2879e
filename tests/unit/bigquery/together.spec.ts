import { expect, test } from '@playwright/test';
import { EtlError } from '../../../src/errors.ts';
import { rollbackBigquery } from '../../../src/export/bigquery/rollback.ts';
import type { Seen } from '../../bigquery/server.ts';
import { allFaults } from './observer.ts';
import {
  asRun,
  contentsOf,
  DATASET,
  STAGING,
  tinyExport,
  twoRuns,
  withDouble,
} from './warehouse.ts';
import type { Exported, Place } from './warehouse.ts';

/** They meet at each request of that many. */
const EVERY = process.env['SOAK'] === '1' ? 10 : 19;

interface Meeting<One, Other> {
  /** Counts the requests of `kind`. */
  at: number;
  /** @default every request */
  kind?: (request: Seen) => boolean;
  one: () => Promise<One>;
  other: () => Promise<Other>;
}

/** At the request of that number, what one is doing stands still until the other has ended. */
async function interrupted<One, Other>(
  { double }: Place,
  { at, kind = () => true, one, other }: Meeting<One, Other>,
): Promise<{ one: One | EtlError; other: Other | EtlError; wasReached: boolean }> {
  let meanwhile: Promise<Other | EtlError> | undefined;
  let count = 0;
  double.onArrival = async (request) => {
    if (!kind(request)) return;
    count += 1;
    if (count !== at) return;
    double.onArrival = () => Promise.resolve();
    meanwhile = outcomeOf(other());
    await meanwhile;
  };
  const first = await outcomeOf(one());
  const wasReached = meanwhile !== undefined;
  double.onArrival = () => Promise.resolve();
  return { one: first, other: await (meanwhile ?? outcomeOf(other())), wasReached };
}

async function outcomeOf<Result>(work: Promise<Result>): Promise<Result | EtlError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EtlError) return error;
    throw error;
  }
}

/** Lets two loads meet; what failed is given again. Tells what each release was, and what failed. */
async function meet(
  place: Place,
  exports: readonly [Exported, Exported],
  { at, kind, published }: { at: number; kind?: Meeting<0, 0>['kind']; published: Published },
): Promise<{ overtaken: number; wasReached: boolean }> {
  const [first, second] = exports;
  const met = await interrupted(place, {
    at,
    ...(kind === undefined ? {} : { kind }),
    one: () => place.load(first),
    other: () => place.load(second),
  });
  const outcomes = [
    [first, met.one],
    [second, met.other],
  ] as const;
  const failed: Exported[] = [];
  for (const [exported, outcome] of outcomes) {
    if (outcome instanceof EtlError) {
      const expected = { code: 'LOAD_FAILED', exitCode: 6, context: { reason: 'overtaken' } };
      expect(outcome, `met at ${at}`).toMatchObject(expected);
      failed.push(exported);
    } else published.set(outcome.sequence, exported);
  }
  // The same command again brings in what failed, as the next release.
  for (const exported of failed) published.set((await place.load(exported)).sequence, exported);
  expect(contentsOf(place.double, STAGING), `met at ${at}`).toEqual({});
  return { overtaken: failed.length, wasReached: met.wasReached };
}

type Published = Map<number, Exported>;

function checkHistory({ double }: Place, published: Published): void {
  expect(published.size).toBe(Math.max(...published.keys()));
  expect(allFaults(double, published)).toEqual([]);
  const rows = double.rows(DATASET, 'releases');
  const sequences = rows.map((row) => JSON.stringify([row['sequence'], row['table']]));
  expect(new Set(sequences).size).toBe(sequences.length);
}

test('of two loads at the same time one is published, and the other fails as a whole, wherever they meet', async () => {
  await withDouble(async (place) => {
    const [a, b] = await twoRuns(place.folder);
    const published: Published = new Map();
    let overtaken = 0;
    let wasReached = true;
    for (let at = 1; wasReached; at += EVERY) {
      const met = await meet(place, [asRun(a, `a${at}`), asRun(b, `b${at}`)], { at, published });
      ({ wasReached } = met);
      overtaken += met.overtaken;
    }
    expect(overtaken).toBeGreaterThan(3);
    checkHistory(place, published);
  });
});

test('two loads that meet while the job of one publishes do not mix', async () => {
  await withDouble(async (place) => {
    const [a, b] = await twoRuns(place.folder);
    const published: Published = new Map();
    const isPublication = ({ path }: Seen) => path.includes('_release_');
    // Looked for, then PENDING, RUNNING, DONE.
    for (const at of [1, 2, 3, 4]) {
      const pair = [asRun(a, `a${at}`), asRun(b, `b${at}`)] as const;
      await meet(place, pair, { at, kind: isPublication, published });
    }
    expect(published.size).toBe(8);
    checkHistory(place, published);
  });
});

test('a first release, too, is of one of two loads', async () => {
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const [a, b] = await twoRuns(folder);
    const results = await Promise.all([outcomeOf(load(a)), outcomeOf(load(b))]);
    const [winner] = results.filter((it) => !(it instanceof EtlError));
    const [loser] = results.filter((it) => it instanceof EtlError);
    expect(winner).toMatchObject({ sequence: 1, outcome: 'published' });
    expect(loser).toMatchObject({ context: { reason: 'overtaken' } });
    const first = results[0] === winner ? a : b;
    expect(allFaults(double, new Map([[1, first]]))).toEqual([]);
  });
});

test('the same run, loaded twice at the same time, is published once', async () => {
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const source = await tinyExport(folder, { run: 'x', day: '2026-11-01', models: 3 });
    const published = new Map<number, Exported>();
    let wasReached = true;
    for (let at = 1; wasReached; at += EVERY) {
      const exported = asRun(source, `x${at}`);
      published.set(published.size + 1, exported);
      const met = await interrupted(place, {
        at,
        one: () => load(exported),
        other: () => load(exported),
      });
      ({ wasReached } = met);
      expect(met.other, `met at ${at}`).toMatchObject({ sequence: published.size });
      // Its staging may have gone under its feet; then the same command says that all is done.
      if (met.one instanceof EtlError) expect(met.one.code).toBe('LOAD_FAILED');
      expect(await load(exported)).toMatchObject({ outcome: 'already', sequence: published.size });
      expect(contentsOf(double, STAGING), `met at ${at}`).toEqual({});
    }
    expect(allFaults(double, published)).toEqual([]);
  });
});

test('a rollback and a load at the same time do not mix', async () => {
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const [a, b] = await twoRuns(folder);
    let wasReached = true;
    let overtaken = 0;
    for (let at = 1; wasReached; at += 10) {
      const [first, second, third] = [`a${at}`, `b${at}`, `c${at}`];
      await load(asRun(a, first));
      await load(asRun(b, second));
      const { clock } = place;
      const met = await interrupted(place, {
        at,
        one: () => rollbackBigquery({ clock }, first, place.place),
        other: () => load(asRun(b, third)),
      });
      ({ wasReached } = met);
      const failed = [met.one, met.other].filter((it) => it instanceof EtlError);
      for (const error of failed) expect(error.context).toMatchObject({ reason: 'overtaken' });
      overtaken += failed.length;
      const sequences = double.rows(DATASET, 'releases').map(({ sequence }) => Number(sequence));
      const newest = double
        .rows(DATASET, 'releases')
        .filter(({ sequence }) => sequence === Math.max(...sequences));
      const rows = newest.find(({ table }) => table === 'core_model')?.['rows'];
      expect(contentsOf(double, DATASET)['core_model']?.rows, `met at ${at}`).toBe(rows);
    }
    expect(overtaken).toBeGreaterThan(1);
  });
});
