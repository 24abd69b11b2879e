import { dirname, join } from 'node:path';
import { buildDuckdb } from '../../../src/export/duckdb.ts';
import { rollbackDuckdb } from '../../../src/export/duckdb/rollback.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { filesOf, fingerprint, runLoad, tinyRelease } from './duckdb-place.ts';
import type { Exported, Warehouse } from './duckdb-place.ts';

interface Releases extends Warehouse {
  /** The release that is to follow. */
  next: Exported;
  /** What the file holds after the first release, and after the next. */
  prints: [string, string];
}

/** A warehouse with the first of two releases; the other is there to be loaded. */
const test = base.extend<{ releases: Releases }>({
  releases: async ({ released, warehouses }, use) => {
    const place = await released(1);
    const next = await tinyRelease(place.folder, 2);
    const files = [await warehouses(1), await warehouses(1, 2)].map((it) => join(it, 'hub.duckdb'));
    const [before = '', after = ''] = await Promise.all(files.map(fingerprint));
    await use({ ...place, next, prints: [before, after] });
  },
});

/** In one worker, which builds what they begin with once. */
test.describe.configure({ mode: 'default' });

/** `SOAK=1`: each step of a session, of a file, of what is done beside it. */
const isWhole = process.env['SOAK'] === '1';
const BEFORE_PUBLISHING = isWhole
  ? [
      ...['verify', 'clean up', 'create tables', 'load core_model', 'check', 'carry over'],
      ...['checkpoint', 'reopen', 'sync', 'back up', 'publish'],
    ]
  : ['clean up', 'load core_model', 'checkpoint', 'reopen', 'back up', 'publish'];
const KILLED_AT = isWhole
  ? [...BEFORE_PUBLISHING, 'remove old']
  : ['load core_model', 'back up', 'remove old'];

/** Ends in the next release, with the first as its backup and nothing else, from whatever is there. */
async function endsWell({ path, next, prints }: Releases): Promise<void> {
  await buildDuckdb({ ...next, path });
  expect(await fingerprint(path)).toBe(prints[1]);
  const backup = join('backups', 'hub-r1.duckdb');
  expect(await filesOf(path)).toEqual(['backups', backup, 'hub.duckdb']);
  expect(await fingerprint(join(dirname(path), backup))).toBe(prints[0]);
}

/** Each step on what the one before has left behind. */
test('a build that fails at any step leaves the release before, or the new one, and ends well', async ({
  releases,
}) => {
  const { path, next, prints } = releases;
  for (const step of [...BEFORE_PUBLISHING, 'remove old']) {
    const onStep = (name: string) => {
      if (name === step) throw new Error(`stopped at ${step}`);
    };
    const build = buildDuckdb({ ...next, path, onStep });
    await expect(build).rejects.toThrow(`stopped at ${step}`);
    expect(await fingerprint(path), step).toBe(prints[step === 'remove old' ? 1 : 0]);
  }
  await endsWell(releases);
});

test('a process that is killed does so too, whatever it had half written', async ({ releases }) => {
  const { path, next, prints } = releases;
  for (const step of KILLED_AT) {
    const ended = await runLoad(['load', next.exportDir, path], { atStep: step });
    expect(ended.code, step).toBe(null);
    expect(await fingerprint(path), step).toBe(prints[step === 'remove old' ? 1 : 0]);
  }
  await endsWell(releases);
});

test('a rollback that is stopped at any step leaves one of both, and the same one ends well', async ({
  releases: { prints },
  released,
}) => {
  const { path } = await released(1, 2);
  for (const step of ['clean up', 'back up', 'publish', 'remove second name']) {
    const stopped = rollbackDuckdb(path, 'r1', (name) => {
      if (name === step) throw new Error(`stopped at ${step}`);
    });
    await expect(stopped).rejects.toThrow(`stopped at ${step}`);
    expect(await fingerprint(path), step).toBe(prints[step === 'remove second name' ? 0 : 1]);
  }
  await rollbackDuckdb(path, 'r1');
  expect(await fingerprint(path)).toBe(prints[0]);
  const backup = join('backups', 'hub-r2.duckdb');
  expect(await filesOf(path)).toEqual(['backups', backup, 'hub.duckdb']);
  expect(await fingerprint(join(dirname(path), backup))).toBe(prints[1]);
});
