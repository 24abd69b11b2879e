import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { isDeepStrictEqual } from 'node:util';
import { startHub } from '../../demo/hub/index.ts';
import type { Notice } from '../../src/pipeline/notify.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { startServing, type Served } from '../../tests/helpers/serving.ts';
import type { SoakPart } from './part.ts';

const WEEKS = Number(process.env['WEEKS'] ?? 3);
/** A run leaves its state, and a line in tables of history, for ever. */
const STATE_BYTES = 64 * 1024;
/** Of the heap, from one week to the next ones. */
const GROWTH_BYTES = 10 * 1024 * 1024;

const BOARD = 'model,acc\nAda,71.5%\nBob,8%\nCyd,55%\n';
/** What each day is like, and what is told of it. */
const DAYS: { data?: 'few' | 'fewer'; broken?: true; board?: string; told: string[] }[] = [
  { told: ['beat'] },
  { broken: true, told: ['failure'] },
  { told: ['recovery', 'beat'] },
  { board: BOARD.replace('acc', 'accuracy'), told: ['drift'] },
  { told: ['recovery', 'beat'] },
  { data: 'fewer', told: ['refusal'] },
  { told: ['recovery', 'beat'] },
];

export const part: SoakPart = {
  about: 'weeks of `serve` with failures, drift, refusals: who is told what; memory and disk stay',
  async run() {
    const failures: string[] = [];
    const { folder, remove } = await temporaryFolder();
    const { files, boards } = await makeData(folder);
    const world = { board: BOARD, told: [] as string[] };
    const receiver = await startReceiver(world);
    const definition = { ...OWN, url: `${receiver.url}/board.csv` };
    await writeFile(path.join(boards, 'own.json'), JSON.stringify(definition));
    await writeFile(path.join(folder, 'huggingface-etl.config.json'), JSON.stringify({ boards }));
    let has = files.few;
    let hub = await startHub({ data: has });
    const { port, url: endpoint } = hub;
    const storage = path.join(folder, 'storage');
    const served = await startServing(
      [
        ...['--storage', storage, '--endpoint', endpoint, '--sources', 'models,tags,boards'],
        ...['--board', 'own', '--to', 'jsonl,duckdb', '--page-size', '20'],
        ...[
          '--retry-base',
          '0.001',
          '--notify',
          receiver.url,
          '--heartbeat',
          `${receiver.url}/beat`,
        ],
      ],
      { folder },
    );
    const ofWeeks: Sizes[] = [];
    let most = 0;
    for (let day = 0; day < WEEKS * DAYS.length; day += 1) {
      const { data = 'few', broken, board = BOARD, told } = DAYS[day % DAYS.length] ?? { told: [] };
      if (files[data] !== has) {
        await hub.close();
        has = files[data];
        hub = await startHub({ port, data: has });
      }
      hub.setFaults(broken ? [{ kind: '500', at: 3, times: 10_000 }] : []);
      Object.assign(world, { board, told: [] });
      await runDay(served, day + 1);
      if (!isDeepStrictEqual(world.told, told))
        failures.push(`day ${day + 1}: told ${world.told.join(', ')}; expected ${told.join(', ')}`);
      most = Math.max(most, await sizeOf(storage));
      if ((day + 1) % DAYS.length === 0)
        ofWeeks.push({ ...(await memory()), disk: await sizeOf(storage) });
    }
    const { code } = await served.stop();
    if (code !== 143) failures.push(`it ended with ${code}`);
    failures.push(...growthOf(ofWeeks));
    await hub.close();
    receiver.close();
    await remove();
    const weeks = ofWeeks.map(({ heap, rss, disk }) => [heap, rss, disk].map(megabytes).join('/'));
    return {
      counts: `${WEEKS * DAYS.length} days; heap/rss/disk in MB at the end of each week ${weeks.join(', ')}; disk at most ${megabytes(most)}`,
      failures,
    };
  },
};

interface Sizes {
  heap: number;
  rss: number;
  disk: number;
}

/** What the weeks after the first one added, beyond what is said of it. */
function growthOf(weeks: readonly Sizes[]): string[] {
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (first === undefined || last === undefined) return ['no week'];
  const runs = (weeks.length - 1) * DAYS.length;
  return [
    ...(last.heap > first.heap + GROWTH_BYTES ? ['the heap grew'] : []),
    ...(last.disk > first.disk + runs * STATE_BYTES ? ['the storage grew'] : []),
  ];
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const OWN = {
  ...{ id: 'own', title: 'Own', renderer: 'file', minimumRows: 2, identity: ['model'] },
  columns: [
    { header: 'model', name: 'model', kind: 'model' },
    { header: 'acc', name: 'acc', kind: 'number', score: true, unit: 'percent' },
  ],
};

/** A fifth of the shipped models, and half of that; an empty folder of boards. */
async function makeData(folder: string) {
  const shipped = new URL('../../demo/data/models.jsonl.gz', import.meta.url);
  const lines = gunzipSync(await readFile(shipped))
    .toString()
    .trimEnd()
    .split('\n');
  const few = lines.filter((_, at) => at % 5 === 0);
  const files = { few: path.join(folder, 'few.jsonl'), fewer: path.join(folder, 'fewer.jsonl') };
  await writeFile(files.few, few.join('\n'));
  await writeFile(files.fewer, few.slice(0, few.length / 2).join('\n'));
  const boards = path.join(folder, 'boards');
  await mkdir(boards);
  return { files, boards };
}

/** Takes notices and heartbeats, and serves the board. */
async function startReceiver(world: { board: string; told: string[] }) {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url === '/board.csv') {
        response.writeHead(200, { 'content-type': 'text/csv' }).end(world.board);
        return;
      }
      const isNotice = request.method === 'POST';
      const body = Buffer.concat(parts).toString();
      if (isNotice) world.told.push((JSON.parse(body) as Notice).event);
      else if (request.url === '/beat') world.told.push('beat');
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** One day: the time comes, and the run ends. */
async function runDay({ clock, get }: Served, day: number): Promise<void> {
  clock.tick();
  for (;;) {
    const metrics = await get('metrics');
    const ended = [...metrics.matchAll(/^huggingface_etl_runs_total\{.*\} (\d+)$/gm)];
    if (ended.reduce((sum, [, n]) => sum + Number(n), 0) >= day) return;
    await delay(50);
  }
}

/** What is really held: what one collection frees, another may free more of. */
async function memory(): Promise<Pick<Sizes, 'heap' | 'rss'>> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round += 1) {
    collect();
    await delay(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((it) => it.isFile())
    .map(async (it) => (await stat(path.join(it.parentPath, it.name))).size);
  return (await Promise.all(sizes)).reduce((sum, it) => sum + it, 0);
}
