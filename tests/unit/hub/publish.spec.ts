import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { startDatasetHub, type Commit, type DatasetHub } from '../../hub/server.ts';
import { startCli, type CliResult } from '../../helpers/cli.ts';
import { expect } from '../../helpers/fixtures.ts';
import { runInProcess } from '../../helpers/pipeline.ts';
import {
  ask,
  checkRows,
  download,
  outcomeOf,
  rowsGone,
  takedownIn,
  test as base,
} from './publishing.ts';

const TARGET = 'hf://datasets/owner/tables';

interface Fixtures {
  /** A Hub with one data set. */
  dataset: DatasetHub;
  /** `load` to that data set, with a token that may write. */
  load: (args?: readonly string[], token?: string) => Promise<CliResult>;
}

// In one worker, which crawls once.
base.describe.configure({ mode: 'default' });

const test = base.extend<Fixtures>({
  dataset: async ({ keep }, use) => {
    await use(await keep(startDatasetHub()));
  },
  load: async ({ cli, storage, dataset }, use) => {
    await writeFile(path.join(storage, 'huggingface-etl.config.json'), '{"retryBase":0.002}');
    const all = ['load', '--to', TARGET, '--endpoint', dataset.url, '--json'];
    await use((args = [], token = 'hf_write') =>
      cli([...all, ...args], { env: { HF_TOKEN: token }, folder: storage }),
    );
  },
});

const filesOf = (commit: Commit | undefined): Map<string, Buffer> =>
  new Map([...(commit?.files ?? [])].map(([name, { content }]) => [name, content]));

test('a release is one commit of Parquet that holds its rows, and again it is nothing', async ({
  dataset,
  storage,
  load,
}) => {
  dataset.faults.push(
    { path: /whoami/, status: 429 },
    { path: /commit\/main/, status: 503 },
    { path: /objects\/batch/, status: 500 },
  );

  const dry = outcomeOf(await load(['--dry-run']));
  const asked = new Set(dataset.requests.map(({ method }) => method));
  const card = await readFile(dry.card ?? '', 'utf8');
  const done = outcomeOf(await load());
  const [first, release] = dataset.commits;
  const writes = dataset.requests.filter(({ method }) => method !== 'GET').length;
  const again = outcomeOf(await load());

  expect(dry).toMatchObject({ outcome: 'dry-run', commit: first?.oid });
  expect([...asked]).toEqual(['GET']);
  expect(done).toMatchObject({ outcome: 'published', commit: release?.oid, card: null });
  expect(done.files).toEqual(dry.files);
  expect(again).toMatchObject({ outcome: 'already', commit: release?.oid });
  expect(dataset.requests.filter(({ method }) => method !== 'GET')).toHaveLength(writes);
  expect(dataset.commits).toHaveLength(2);
  expect(dataset.refused).toEqual([]);
  const sent = [...dataset.requests, ...dataset.uploads];
  expect(new Set(sent.map((it) => it.userAgent?.split('/')[0]))).toEqual(
    new Set(['huggingface-etl']),
  );
  expect(new Set(dataset.uploads.map((it) => it.authorization))).toEqual(new Set([undefined]));
  expect(release?.files.get('README.md')?.content.toString()).toBe(card);
  expect(release?.files.has('.gitattributes')).toBe(true);
  const to = path.join(storage, 'downloaded');
  const shards = await download(filesOf(release), to);
  await checkRows(storage, shards);
  const front = parse(card.split('---\n')[1] ?? '') as { configs: { config_name: string }[] };
  expect(front.configs.map((it) => it.config_name).sort()).toEqual([...shards.keys()].sort());
  const manifest = JSON.parse(await readFile(path.join(to, 'manifest.json'), 'utf8')) as {
    completeness: object[];
  };
  expect(manifest).toMatchObject({ run: done.run, withText: false });
  expect(manifest.completeness).toContainEqual(expect.objectContaining({ source: 'models' }));
  expect(card).toMatch(/\| models \| 112 \|.*\| yes \|/);
});

test('texts of cards and templates are published only when they are asked for', async ({
  dataset,
  storage,
  load,
}) => {
  const withText = `SELECT count(*) FILTER (gguf.chat_template IS NOT NULL) AS templates,
    count(*) FILTER (len(cardData) > 0) AS cards FROM`;
  await load();
  const without = await download(filesOf(dataset.commits.at(-1)), path.join(storage, 'a'));
  const card = dataset.commits.at(-1)?.files.get('README.md')?.content.toString();
  await load(['--with-text']);
  const whole = await download(filesOf(dataset.commits.at(-1)), path.join(storage, 'b'));
  const raw = (await ask(storage, `DESCRIBE FROM ${without.get('raw_model') ?? ''}`)).map(String);
  const rows = await ask(storage, `${withText} ${whole.get('raw_model') ?? ''}`);

  expect(JSON.stringify(raw)).not.toMatch(/cardData|chat_template|widgetData/);
  expect(card).toContain('`raw_model.gguf.chat_template`');
  expect(card).not.toContain('| `gguf.chat_template` |');
  expect(rows).toEqual(await ask(storage, `${withText} huggingface.raw_model`));
  expect(Number(rows[0]?.['cards'])).toBeGreaterThan(0);
  expect(Number(rows[0]?.['templates'])).toBeGreaterThan(0);
  expect(dataset.commits).toHaveLength(3);
});

test('killed between upload and commit, the next load uploads nothing and commits once', async ({
  dataset,
  storage,
  keep,
  load,
}) => {
  const args = ['load', '--storage', storage, '--to', TARGET, '--endpoint', dataset.url];
  const { child, done: ended } = await keep(
    Promise.resolve(startCli(args, { HF_TOKEN: 'hf_write' })),
  );
  dataset.onCommit = async (_when, response) => {
    child.kill('SIGKILL');
    await ended;
    response.destroy();
  };
  expect((await ended).signal).toBe('SIGKILL');
  const uploaded = dataset.uploads.length;
  dataset.onCommit = () => undefined;

  const done = outcomeOf(await load());

  expect(uploaded).toBeGreaterThan(5);
  expect(dataset.uploads).toHaveLength(uploaded);
  expect(done.outcome).toBe('published');
  expect(dataset.commits).toHaveLength(2);
});

test('a commit whose answer is lost is not made twice; one of somebody else is not overwritten', async ({
  dataset,
  load,
}) => {
  dataset.onCommit = (when, response) => {
    if (when === 'after') response.destroy();
  };
  const lost = outcomeOf(await load());
  const commits = dataset.commits.length;
  const release = dataset.commits.at(-1);
  dataset.onCommit = (when) => {
    const now = dataset.commits.at(-1);
    if (when === 'before' && now === release && now)
      dataset.commits.push({ ...now, oid: 'theirs' });
  };
  const raced = await load(['--with-text']);

  expect(lost).toMatchObject({ outcome: 'published', commit: release?.oid });
  expect(commits).toBe(2);
  expect(raced.code).toBe(6);
  expect(raced.stderr).toContain('somebody else committed');
  expect(dataset.commits.at(-1)?.oid).toBe('theirs');
});

test('of whoever asked to be left out no row, no edge and no name is published; the card counts', async ({
  dataset,
  storage,
  load,
}) => {
  const { list, gone } = await takedownIn(storage);
  await load();
  const before = await download(filesOf(dataset.commits.at(-1)), path.join(storage, 'a'));

  const done = outcomeOf(await load(['--takedown', list]));

  const release = dataset.commits.at(-1);
  const after = await download(filesOf(release), path.join(storage, 'b'));
  const rows = await rowsGone(storage, { before, after, gone });
  expect(rows).toBeGreaterThan(20);
  expect(done.leftOut.takenDown).toBe(rows);
  const texts = ['README.md', 'manifest.json'].map((it) =>
    String(release?.files.get(it)?.content).toLowerCase(),
  );
  expect(gone.filter((it) => texts.some((text) => text.includes(it)))).toEqual([]);
  expect(texts[0]).toMatch(/\| base_models \| [1-9]\d* \| 0 \|/);
});

test('files that are no longer made go in the same commit, those of others stay', async ({
  dataset,
  storage,
  load,
}) => {
  await load();
  const release = dataset.commits.at(-1);
  const others = new Map(release?.files).set('notes.md', {
    content: Buffer.from('x'),
    isLfs: false,
  });
  if (release) dataset.commits.push({ oid: 'theirs', title: 'notes', files: others });
  const authors = await ask(storage, 'SELECT DISTINCT author FROM huggingface.hub_spaces');
  const list = path.join(storage, 'takedown.txt');
  await writeFile(list, authors.map(({ author }) => String(author)).join('\n'));

  const done = outcomeOf(await load(['--takedown', list]));

  const names = [...(dataset.commits.at(-1)?.files.keys() ?? [])];
  const deleted = done.files.flatMap((it) => (it.change === 'delete' ? [it.path] : []));
  expect(deleted).toContain('data/hub_spaces/hub_spaces-00000.parquet');
  expect(names).toContain('notes.md');
  expect(names.filter((it) => deleted.includes(it))).toEqual([]);
  expect(dataset.commits).toHaveLength(4);
});

test('a token that may not write ends the load before anything is uploaded', async ({
  dataset,
  load,
  storage,
}) => {
  const cases = [
    ['', 'AUTH_DENIED'],
    ['hf_unknown', 'AUTH_TOKEN'],
    ['hf_read', 'AUTH_DENIED'],
    ['hf_elsewhere', 'AUTH_DENIED'],
  ] as const;
  for (const [token, code] of cases) {
    const { code: exit, stderr } = await load([], token);

    expect(exit, stderr).toBe(7);
    expect(stderr).toContain(`[${code}]`);
  }
  expect(dataset.uploads).toEqual([]);
  expect(dataset.commits).toHaveLength(1);

  // Said before the first request of a crawl, too.
  const asked = dataset.requests.length;
  const { report } = await runInProcess({ storage, endpoint: dataset.url, to: TARGET });
  expect(report.error?.code).toBe('AUTH_DENIED');
  expect(dataset.requests).toHaveLength(asked);
});

test('a README, a manifest of somebody else, a data set that is not there: nothing is changed', async ({
  dataset,
  keep,
  cli,
  storage,
}) => {
  const theirs = await keep(startDatasetHub({ 'README.md': '# mine', 'manifest.json': '{}' }));
  const publish = (target: string, endpoint: string) =>
    cli(['load', '--to', target, '--endpoint', endpoint], {
      env: { HF_TOKEN: 'hf_write', HUGGINGFACE_ETL_RETRY_BASE: '0.002' },
    });

  const taken = await publish(TARGET, theirs.url);
  const none = await publish('hf://datasets/owner/other', dataset.url);
  const wrong = await publish('hf://models/owner/other', dataset.url);
  await rm(path.join(storage, 'warehouse'), { recursive: true });
  const dry = await cli(['load', '--to', TARGET, '--endpoint', dataset.url, '--dry-run']);

  expect(taken.code, taken.stderr).toBe(2);
  expect(taken.stderr).toContain('[FOLDER_TAKEN]');
  expect(none.code, none.stderr).toBe(6);
  expect(wrong.stderr).toContain('hf://datasets/OWNER/NAME');
  expect(dry.stderr).toContain('[EXPORT_MISSING]');
  expect([...theirs.uploads, ...dataset.uploads]).toEqual([]);
});
