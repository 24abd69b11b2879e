import { spawn } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { seededRandom } from '../../src/crawlers/pages/windows.ts';
import { buildDuckdb } from '../../src/export/duckdb.ts';
import { formatManifest } from '../../src/export/manifest.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { allFaults } from '../../tests/unit/bigquery/observer.ts';
import {
  contentsOf,
  STAGING,
  tinyExport,
  withDouble,
  type Exported,
} from '../../tests/unit/bigquery/warehouse.ts';
import {
  filesOf,
  fingerprint,
  runLoad,
  tinyRelease,
} from '../../tests/unit/export/duckdb-place.ts';
import type { SoakPart } from './part.ts';

const KILLS = 100;
const LOAD = new URL('../../tests/unit/bigquery/run-load.ts', import.meta.url).pathname;
let faults: string[] = [];

function expectThat(isSo: boolean, what: string): void {
  if (!isSo) faults.push(what);
}

/** Kills a process at request 1, 2, 3 … until a load is through before it could be. */
async function killBigquery(): Promise<number> {
  let killed = 0;
  await withDouble(
    async ({ folder, double, load }) => {
      const published = new Map<number, Exported>();
      for (let at = 1; at <= KILLS && killed === at - 1; at += 1) {
        // A day of its own, for those who compare know the last run of a day only.
        const day = new Date(Date.UTC(2026, 0, at)).toISOString().slice(0, 10);
        const exported = await tinyExport(folder, { run: `k${at}`, day, models: 2 + (at % 5) });
        const { exportDir, manifest } = exported;
        await writeFile(join(exportDir, 'manifest.json'), formatManifest(manifest));
        published.set(at, exported);
        const child = spawn(process.execPath, [LOAD, exportDir, double.url, double.project]);
        double.requests.length = 0;
        double.onRequest = ({ number }) => {
          if (number === at) child.kill('SIGKILL');
          return undefined;
        };
        const signal = await new Promise((resolve) => child.on('close', (_, it) => resolve(it)));
        if (signal !== null) killed += 1;
        double.onRequest = () => undefined;
        const { sequence } = await load(exported);
        expectThat(sequence === at, `bigquery: killed at ${at}, published as ${sequence}`);
        const left = Object.keys(contentsOf(double, STAGING));
        expectThat(left.length === 0, `bigquery: killed at ${at}, left ${left.join(', ')}`);
      }
      faults.push(...allFaults(double, published).map((it) => `bigquery: ${it}`));
    },
    { nowMs: Date.now },
  );
  return killed;
}

/** Kills builds of the second of two releases at random moments of their time. */
async function killDuckdb(random: () => number): Promise<number> {
  const { folder, remove } = await temporaryFolder();
  try {
    const path = join(folder, 'warehouse', 'hub.duckdb');
    const [first, second] = [await tinyRelease(folder, 1), await tinyRelease(folder, 2)];
    await buildDuckdb({ ...first, path });
    await cp(path, join(folder, 'first.duckdb'));
    const before = await fingerprint(path);
    const startedAt = performance.now();
    await runLoad(['load', second.exportDir, path]);
    const wholeMs = performance.now() - startedAt;
    const after = await fingerprint(path);
    let killed = 0;
    for (let round = 1; round <= KILLS; round += 1) {
      await rm(dirname(path), { recursive: true, force: true });
      await mkdir(dirname(path));
      await cp(join(folder, 'first.duckdb'), path);
      const kill = { afterMs: random() * wholeMs };
      const { code } = await runLoad(['load', second.exportDir, path], kill);
      if (code === null) killed += 1;
      const print = await fingerprint(path);
      expectThat(print === before || print === after, `duckdb: round ${round} mixes releases`);
      await buildDuckdb({ ...second, path });
      expectThat((await fingerprint(path)) === after, `duckdb: round ${round} ends otherwise`);
      const names = (await filesOf(path)).join(' ');
      const expected = `backups ${join('backups', 'hub-r1.duckdb')} hub.duckdb`;
      expectThat(names === expected, `duckdb: round ${round} leaves ${names}`);
    }
    return killed;
  } finally {
    await remove();
  }
}

/**
 * A process of BigQuery's load is killed at each of its requests, and one of DuckDB's build at random
 * moments; then the same command runs once more. Readers must see whole releases, and nothing may be
 * lost, doubled or left over.
 */
export const part: SoakPart = {
  about: `${KILLS} kills of loads into BigQuery's double, ${KILLS} of builds of the DuckDB file`,
  async run(seed) {
    faults = [];
    const bigquery = await killBigquery();
    const duckdb = await killDuckdb(seededRandom(seed));
    const counts = `${bigquery} kills of BigQuery loads, ${duckdb} of DuckDB builds`;
    return { counts, failures: faults };
  },
};
