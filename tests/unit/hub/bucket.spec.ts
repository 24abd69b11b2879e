import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gatewayEnv, startGateway, type BucketGateway } from '../../hub/gateway.ts';
import { startCli, type CliResult } from '../../helpers/cli.ts';
import { withEnv } from '../../helpers/env.ts';
import { expect } from '../../helpers/fixtures.ts';
import {
  checkRows,
  download,
  outcomeOf,
  rowsGone,
  takedownIn,
  test as base,
} from './publishing.ts';

interface Fixtures {
  gateway: BucketGateway;
  /** `load` into a folder of that bucket. */
  load: (args?: readonly string[], key?: string) => Promise<CliResult>;
}

const PLACE = 'public/hub/';
const HEAD = `${PLACE}release.json`;
/** Of a holder that was killed. */
const LEASE = { HUGGINGFACE_ETL_STATE_LEASE: '0.3' };

// In one worker, which crawls once.
base.describe.configure({ mode: 'default' });

const test = base.extend<Fixtures>({
  gateway: async ({ keep }, use) => {
    await use(await keep(startGateway()));
  },
  load: async ({ cli, storage, gateway }, use) => {
    const all = ['load', '--storage', storage, '--to', targetOf(gateway), '--json'];
    await use((args = [], key = 'HFAKwrite') => {
      const env = gatewayEnv(gateway.url, key);
      return withEnv(env, () => cli([...all, ...args], { env: { ...env, ...LEASE } }));
    });
  },
});

const targetOf = ({ address }: BucketGateway): string => `${address}/public/hub`;

interface Head {
  holder: unknown;
  manifest: { name: string; sha256: string } | null;
}

const headOf = ({ objects }: BucketGateway): Head => JSON.parse(String(objects.get(HEAD))) as Head;

/** Folders of releases, that in force first. */
function foldersOf(gateway: BucketGateway): string[] {
  const inForce = folderInForce(gateway);
  const all = [...gateway.objects.keys()].flatMap(
    (it) => /^(.*\/releases\/[^/]+\/)/.exec(it)?.[1] ?? [],
  );
  return [...new Set([inForce, ...all])];
}

const folderInForce = (gateway: BucketGateway): string =>
  PLACE + (headOf(gateway).manifest?.name.replace('manifest.json', '') ?? '');

/** What whoever follows the pointer gets, by its path in the folder of the release. */
function released(gateway: BucketGateway): Map<string, Buffer> {
  const folder = folderInForce(gateway);
  const found = [...gateway.objects].filter(([name]) => name.startsWith(folder));
  return new Map(found.map(([name, body]) => [name.slice(folder.length), body]));
}

test('a release is a folder that the pointer is moved to, and again it is nothing', async ({
  gateway,
  storage,
  load,
}) => {
  const dry = outcomeOf(await load(['--dry-run']));
  const asked = new Set(gateway.requests.map(({ method }) => method));
  const card = await readFile(dry.card ?? '', 'utf8');
  gateway.objects.set(`${PLACE}README.md`, Buffer.from('# mine'));
  let atSwitch: string[] | undefined;
  gateway.onPut = (when, name) => {
    if (when === 'before' || name !== HEAD || headOf(gateway).manifest === null) return;
    atSwitch ??= [...released(gateway).keys()];
  };
  const done = outcomeOf(await load());
  const writes = gateway.requests.filter(({ method }) => method === 'PUT').length;
  const again = outcomeOf(await load());

  expect(dry.outcome).toBe('dry-run');
  expect([...asked].sort()).toEqual(['GET', 'HEAD']);
  expect(done).toMatchObject({ outcome: 'published', target: targetOf(gateway), card: null });
  expect(again).toMatchObject({ outcome: 'already', commit: done.commit });
  expect(gateway.requests.filter(({ method }) => method === 'PUT')).toHaveLength(writes);
  expect(gateway.refused).toEqual([]);
  expect(headOf(gateway)).toMatchObject({
    holder: null,
    manifest: { name: `${done.commit}manifest.json` },
  });
  const files = released(gateway);
  expect(atSwitch).toEqual([...files.keys()]);
  expect([...files.keys()].sort()).toEqual(
    done.files.map((it) => it.path.slice(done.commit.length)).sort(),
  );
  await checkRows(storage, await download(files, path.join(storage, 'downloaded')));
  const readme = String(files.get('README.md'));
  expect(readme).toContain(`place = "${targetOf(gateway)}"`);
  expect(readme).toContain(done.commit);
  expect(readme.replaceAll(done.commit, '')).toBe(card.replaceAll(dry.commit, ''));
  expect(String(gateway.objects.get(`${PLACE}README.md`))).toBe('# mine');
});

test('killed between upload and switch, readers have the release before, and the next load publishes once', async ({
  gateway,
  storage,
  keep,
  load,
}) => {
  await load();
  const first = headOf(gateway).manifest;
  const whole = released(gateway);
  const env = { ...gatewayEnv(gateway.url), ...LEASE };
  const args = ['load', '--storage', storage, '--to', targetOf(gateway), '--with-text'];
  const { child, done: ended } = await keep(Promise.resolve(startCli(args, env)));
  const uploaded = (): boolean =>
    foldersOf(gateway).some(
      (it) => it !== folderInForce(gateway) && gateway.objects.has(`${it}manifest.json`),
    );
  gateway.onPut = async (when, name, response) => {
    if (when === 'after' || name !== HEAD || !uploaded()) return;
    child.kill('SIGKILL');
    await ended;
    response.destroy();
  };
  expect((await ended).signal).toBe('SIGKILL');
  gateway.onPut = () => undefined;
  const killed = foldersOf(gateway)[1];
  const between = released(gateway);
  const pointer = headOf(gateway);

  const done = outcomeOf(await load(['--with-text']));

  expect(pointer.manifest).toEqual(first);
  expect(pointer.holder).toMatchObject({ host: 'another machine' });
  expect(between).toEqual(whole);
  expect(done.outcome).toBe('published');
  // What the killed one left is gone, the release before is not.
  expect(foldersOf(gateway)).toEqual([
    PLACE + done.commit,
    PLACE + first?.name.replace('manifest.json', ''),
  ]);
  expect(foldersOf(gateway)).not.toContain(killed);
  await checkRows(storage, await download(released(gateway), path.join(storage, 'downloaded')));
});

test('a switch whose answer is lost is made; two at once are one', async ({ gateway, load }) => {
  const isMove = (name: string): boolean => name === HEAD && headOf(gateway).manifest !== null;
  gateway.onPut = (when, name, response) => {
    if (when === 'after' && isMove(name)) {
      gateway.onPut = () => undefined;
      response.destroy();
    }
  };
  const lost = outcomeOf(await load());
  const release = headOf(gateway).manifest;
  // Another one takes the lease while the files go up.
  gateway.onPut = (when, name) => {
    if (when === 'after' || !name.endsWith('README.md')) return;
    const holder = {
      id: 'x',
      pid: 1,
      host: 'there',
      command: 'load',
      since: 'now',
      leaseMs: 60_000,
    };
    const theirs = { format: 1, holder, manifest: release, nonce: 'theirs' };
    gateway.objects.set(HEAD, Buffer.from(JSON.stringify(theirs)));
  };
  const raced = await load(['--with-text']);
  const head = headOf(gateway);

  expect(lost.outcome).toBe('published');
  expect(raced.code, raced.stderr).toBe(8);
  expect(raced.stderr).toContain('pid 1 on there');
  expect(head).toMatchObject({ nonce: 'theirs', manifest: release });
});

test('of whoever asked to be left out nothing is published, and no release before stays', async ({
  gateway,
  storage,
  load,
}) => {
  const { list, gone } = await takedownIn(storage);
  outcomeOf(await load());
  const before = await download(released(gateway), path.join(storage, 'a'));
  const others = [`${PLACE}releases/mine/x`, `${PLACE}releases/notes.md`, 'else.txt'];
  for (const name of others) gateway.objects.set(name, Buffer.from('x'));

  const done = outcomeOf(await load(['--takedown', list]));

  const after = await download(released(gateway), path.join(storage, 'b'));
  const rows = await rowsGone(storage, { before, after, gone });
  expect(rows).toBeGreaterThan(20);
  expect(done.leftOut.takenDown).toBe(rows);
  const ours = (): string[] => foldersOf(gateway).filter((it) => !it.endsWith('/mine/'));
  expect(ours()).toEqual([PLACE + done.commit]);
  const texts = ['README.md', 'manifest.json'].map((it) =>
    String(released(gateway).get(it)).toLowerCase(),
  );
  expect(gone.filter((it) => texts.some((text) => text.includes(it)))).toEqual([]);

  // Killed after the switch: what was not removed yet is removed by the same command.
  const old = `${PLACE}releases/run-00000000-0000-4000-8000-000000000000/`;
  gateway.objects.set(`${old}data/raw_model/raw_model-00000.parquet`, Buffer.from('x'));
  const again = outcomeOf(await load(['--takedown', list]));
  expect(again).toMatchObject({ outcome: 'already', commit: done.commit });
  expect(ours()).toEqual([PLACE + done.commit]);
  expect(others.filter((it) => !gateway.objects.has(it))).toEqual([]);
});

test('a release that lacks a file is published anew', async ({ gateway, load }) => {
  const first = outcomeOf(await load());
  gateway.objects.delete(`${PLACE}${first.commit}data/core_model/core_model-00000.parquet`);

  const second = outcomeOf(await load());

  expect(second.outcome).toBe('published');
  expect(released(gateway).has('data/core_model/core_model-00000.parquet')).toBe(true);
});

test('keys that may not write, a pointer of somebody else, a store without preconditions: nothing is published', async ({
  gateway,
  cli,
  load,
  storage,
}) => {
  const codeOf = ({ code, stderr }: CliResult): string =>
    `${code} ${/\[(\w+)\]/.exec(stderr)?.[1] ?? stderr}`;
  const refused = [codeOf(await load([], 'HFAKnone')), codeOf(await load([], 'HFAKread'))];
  const env = gatewayEnv(gateway.url);
  const other = ['load', '--storage', storage, '--to', 'hf://buckets/owner/other'];
  refused.push(codeOf(await withEnv(env, () => cli(other, { env }))));
  const wrong = await cli(['load', '--storage', storage, '--to', 'hf://buckets/owner']);
  expect([...gateway.objects.keys()]).toEqual([]);
  gateway.objects.set(HEAD, Buffer.from('{"release": 1}'));
  refused.push(codeOf(await load()));
  expect(String(gateway.objects.get(HEAD))).toBe('{"release": 1}');
  gateway.objects.delete(HEAD);
  gateway.isDeaf = true;
  refused.push(codeOf(await load()));

  expect(refused).toEqual([
    '7 STATE_DENIED',
    '7 STATE_DENIED',
    '2 CONFIG_INVALID',
    '2 FOLDER_TAKEN',
    '2 CONFIG_INVALID',
  ]);
  expect(wrong.stderr).toContain('hf://buckets/OWNER/NAME[/PREFIX]');
  expect([...gateway.objects.keys()]).toEqual([HEAD]);
  await writeFile(path.join(storage, 'takedown.txt'), 'a b\n');
  const list = await load(['--takedown', path.join(storage, 'takedown.txt')]);
  expect(codeOf(list)).toBe('2 CONFIG_INVALID');
});
