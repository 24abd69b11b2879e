import { expect, test } from '@playwright/test';
import type { BigqueryLoad } from '../../../src/export/bigquery/load.ts';
import type { Fault, Seen } from '../../bigquery/server.ts';
import { killedAt } from './killed.ts';
import { allFaults, type Published } from './observer.ts';
import {
  BACKUPS,
  contentsOf,
  DATASET,
  STAGING,
  tinyExport,
  withDouble,
  type Exported,
  type Place,
} from './warehouse.ts';

const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];

/** Exports of four days; under another run's name each can be published again and again. */
const exportsOf = (folder: string): Promise<Exported[]> =>
  Promise.all(
    DAYS.map((day, at) => tinyExport(folder, { run: `d${at}`, day, models: 3 + at, likes: at })),
  );

const asRun = ({ manifest, exportDir }: Exported, run: string): Exported => ({
  exportDir,
  manifest: { ...manifest, run },
});

/** Of that request and all after it. */
const from =
  (at: number) =>
  ({ number }: Seen): boolean =>
    number >= at;

test('killed at any request, the same command ends in the same tables; readers see whole releases', async () => {
  test.setTimeout(240_000);
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const exports = await exportsOf(folder);
    const published = new Map<number, Exported>();
    let sequence = 0;
    let isKilled = true;
    for (let at = 1; isKilled; at += 1) {
      const source = exports[at % exports.length];
      if (source === undefined) throw new Error('no export');
      const exported = asRun(source, `r${at}`);
      sequence += 1;
      published.set(sequence, exported);
      isKilled = await killedAt(place, exported, { isTime: from(at) });
      // The server goes on without its client, at once or not before somebody asks.
      if (at % 2 === 0) double.settle();
      const result = await load(exported);
      expect(result.sequence, `killed at request ${at}`).toBe(sequence);
      checkEnd(place, published, result);
    }
    expect(sequence).toBeGreaterThan(60);
    expect(allFaults(double, published)).toEqual([]);
    const backups = contentsOf(double, BACKUPS);
    expect(Object.keys(backups).length).toBe(backupsOf(place).size);
  });
});

/** What must hold after each load that came to its end. */
function checkEnd({ double }: Place, published: Published, result: BigqueryLoad): void {
  const exported = published.get(result.sequence);
  const before = published.get(result.sequence - 1);
  expect(contentsOf(double, STAGING)).toEqual({});
  const { core_model: core } = contentsOf(double, DATASET);
  expect(core?.sha256).toBe(exported?.manifest.tables['core_model']?.sha256);
  const backup = result.backups['core_model'];
  if (before === undefined) expect(backup).toBe(null);
  else {
    // The snapshot holds the release before, not some state in between.
    expect(contentsOf(double, BACKUPS)[String(backup)]?.sha256).toBe(
      before.manifest.tables['core_model']?.sha256,
    );
  }
}

/** The snapshots that `releases` speaks of. */
const backupsOf = ({ double }: Place): Set<unknown> =>
  new Set(
    double
      .rows(DATASET, 'releases')
      .map((row) => row['backup'])
      .filter((it) => it !== null),
  );

/** Numbers below 1, the same in each run of the tests. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const FAULTS: readonly (Fault | undefined)[] = [
  undefined,
  // Carried out, and the answer lost with the process.
  { drop: 'after' },
  // A piece of an upload arrives in part; any other request is carried out.
  { cutAt: 100 },
];

test('killed at thirty random moments, nothing is lost, doubled or left behind', async () => {
  test.setTimeout(240_000);
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const exports = await exportsOf(folder);
    const random = randomOf(20_261_123);
    const published = new Map<number, Exported>();
    let killed = 0;
    for (let round = 1; round <= 30; round += 1) {
      const source = exports[round % exports.length];
      const fault = FAULTS[Math.floor(random() * FAULTS.length)];
      if (source === undefined) throw new Error('no export');
      const exported = asRun(source, `r${round}`);
      published.set(round, exported);
      // Up to three times in one load.
      for (let kills = 0; kills < 1 + Math.floor(random() * 3); kills += 1) {
        const at = 1 + Math.floor(random() * 90);
        if (await killedAt(place, exported, { isTime: from(at), fault })) killed += 1;
        if (random() < 0.5) double.settle();
      }
      const result = await load(exported);
      expect(result.sequence, `round ${round}`).toBe(round);
      checkEnd(place, published, result);
    }
    expect(killed).toBeGreaterThan(30);
    expect(allFaults(double, published)).toEqual([]);
    expect(Object.keys(contentsOf(double, BACKUPS)).length).toBe(backupsOf(place).size);
  });
});

test('who reads all tables all the time, during twenty publications, never sees two of them mixed', async () => {
  test.setTimeout(120_000);
  await withDouble(async ({ double, folder, load }) => {
    const exports = await exportsOf(folder);
    const published = new Map<number, Exported>();
    for (let round = 1; round <= 20; round += 1) {
      const source = exports[round % exports.length];
      if (source === undefined) throw new Error('no export');
      const exported = asRun(source, `r${round}`);
      published.set(round, exported);
      expect((await load(exported)).sequence).toBe(round);
    }
    // Each state that production was ever in, for however short a time.
    const seen = double.sights.filter(({ dataset }) => dataset === DATASET);
    expect(seen.filter(({ by }) => by === 'transaction').length).toBe(20);
    expect(seen.filter(({ by }) => by === 'copy' || by === 'load')).toEqual([]);
    expect(allFaults(double, published)).toEqual([]);
  });
});

test('killed while it copies, the same command still ends in the whole release', async () => {
  test.setTimeout(240_000);
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const exports = await exportsOf(folder);
    const published = new Map<number, Exported>();
    let sequence = 0;
    let isKilled = true;
    // Staging is killed above; these are the requests after it.
    for (let at = 40; isKilled; at += 1) {
      const source = exports[at % exports.length];
      if (source === undefined) throw new Error('no export');
      const exported = asRun(source, `r${at}`);
      sequence += 1;
      published.set(sequence, exported);
      isKilled = await killedAt(place, exported, { isTime: from(at), publish: 'copy' });
      if (at % 2 === 0) double.settle();
      const result = await load(exported, { publish: 'copy' });
      checkEnd(place, published, result);
      const last = double.sights.findLast(({ dataset }) => dataset === DATASET);
      if (last !== undefined)
        expect(allFaults({ ...double, sights: [last] }, published)).toEqual([]);
    }
    expect(sequence).toBeGreaterThan(15);
  });
});

test('a run that is published again after another is no repetition of the first time', async () => {
  await withDouble(async ({ double, folder, load }) => {
    const [first, second] = await exportsOf(folder);
    if (first === undefined || second === undefined) throw new Error('no exports');
    await load(first);
    await load(second);
    const result = await load(first);
    expect(result).toMatchObject({ outcome: 'published', sequence: 3 });
    expect(contentsOf(double, DATASET)['core_model']?.sha256).toBe(
      first.manifest.tables['core_model']?.sha256,
    );
    const published = new Map([first, second, first].map((it, at) => [at + 1, it]));
    expect(allFaults(double, published)).toEqual([]);
  });
});
