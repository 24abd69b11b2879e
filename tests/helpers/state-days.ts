import { request as startRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { startHub, type HubReplica } from '../../demo/hub/index.ts';
import { queryDuckdb } from '../../src/export/duckdb.ts';
import { sliceColumns } from '../../src/export/warehouse/slices.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { columnsOf } from '../../src/tables/columns.ts';
import { tables } from '../../src/tables/index.ts';
import { startCli, type StartedCli } from './cli.ts';
import { shippedModels, writeJsonl } from './jsonl.ts';
import { killedWhen, type Moment } from './kill-runs.ts';
import { listen } from './listen.ts';
import { flagsOf, tableRows, type Settings } from './pipeline.ts';

const DAY_MS = 86_400_000;
const SHIFT = new URL('clock-shift.ts', import.meta.url).pathname;

/** A world that is another one each day, at one address: a Hub, and a leaderboard that is a file. */
export interface World {
  /** Flags of a command that reads all of it. */
  args: string[];
  /** That of today. */
  hub: HubReplica;
  turnTo: (day: number) => Promise<void>;
  close: () => Promise<void>;
}

/** The first of its days. What stands at its address stays there: another one might be taken when the day turns. */
export async function openWorld(folder: string, more: Settings = {}): Promise<World> {
  let today = await dayOf(folder, 0);
  const door = await listen((request, response) => {
    if (request.url === '/board.csv')
      response.writeHead(200, { 'content-type': 'text/csv' }).end(today.board);
    else passTo(today.hub, request, response);
  });
  const settings = {
    ...{ endpoint: door.url, sources: 'models,tags,boards', pageSize: 5 },
    ...{ url: `${door.url}/board.csv`, id: 'scores', renderer: 'file' },
    ...{ maxRemoved: 0.1, to: 'jsonl,duckdb', compress: 'none', keepRuns: 1, ...more },
  };
  return {
    args: flagsOf(settings),
    get hub() {
      return today.hub;
    },
    async turnTo(day) {
      await today.hub.close();
      today = await dayOf(folder, day);
    },
    async close() {
      await door.close();
      await today.hub.close();
    },
  };
}

/** Models of a day: one fewer, and downloads that grow. */
async function dayOf(folder: string, day: number): Promise<{ hub: HubReplica; board: string }> {
  const models = (await shippedModels(5)).slice(day);
  const grown = models.map((it) => ({ ...it, downloads: Number(it['downloads']) + day }));
  const data = await writeJsonl(path.join(folder, `models-${day}.jsonl`), grown);
  const scores = models.slice(0, 20).map((_, at) => `org/model-${at},${at + day}.5`);
  return {
    hub: await startHub({ data, latencyMs: 15 }),
    board: `model,score\n${scores.join('\n')}\n`,
  };
}

function passTo({ port }: HubReplica, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const passed = startRequest({ port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  response.on('close', () => passed.destroy());
  request.pipe(passed);
}

/** `run` on a day. */
export const startDay = (
  { args }: World,
  { day, flags, env = {} }: { day: number; flags: string[]; env?: Record<string, string> },
): StartedCli => {
  const shift = { CLOCK_SHIFT_MS: `${day * DAY_MS}`, NODE_OPTIONS: `--import ${SHIFT}` };
  return startCli(['run', ...args, '--json', ...flags], { ...env, ...shift });
};

export interface DaysOptions {
  folder: string;
  /** The state, of which each process has no more; without it all have one disk. */
  state?: string;
  env?: Record<string, string>;
  /** One after the other, over as many days as that takes. @default none */
  moments?: readonly Moment[];
  /** @default 3 */
  leastDays?: number;
}

export interface Days {
  /** Rows of the tables of each day. */
  tables: Map<string, unknown[]>[];
  /** Rows of all days in the warehouse, as it is at the end. */
  history: unknown[];
  kills: number;
  processes: number;
}

/** A run a day. Each process that is killed is followed by one with an empty disk. */
export async function runDays(options: DaysOptions): Promise<Days> {
  const { folder, moments = [], leastDays = 3 } = options;
  const days: Days = { tables: [], history: [], kills: 0, processes: 0 };
  const world = await openWorld(folder);
  try {
    for (let day = 0; day < leastDays || days.kills < moments.length; day += 1) {
      if (day > 0) await world.turnTo(day);
      const report = await runDay(world, { options, days, day });
      days.tables.push(await tableRows(report.folder ?? ''));
      days.history = await historyOf(report.warehouse?.path ?? '');
    }
    return days;
  } finally {
    await world.close();
  }
}

async function runDay(
  world: World,
  { options, days, day }: { options: DaysOptions; days: Days; day: number },
): Promise<RunReport> {
  const { folder, state, env = {}, moments = [] } = options;
  for (;;) {
    const storage = path.join(folder, state === undefined ? 'disk' : `disk-${days.processes}`);
    const stateFlags = ['--state', state ?? '', '--state-lease', '1.5', '--state-every', '0.3'];
    const flags = ['--storage', storage, ...(state === undefined ? [] : stateFlags)];
    const before = world.hub.requests.length;
    const startedAt = performance.now();
    const started = startDay(world, { day, flags, env });
    days.processes += 1;
    const isHere = (): boolean => {
      const requests = world.hub.requests.length - before;
      const ms = performance.now() - startedAt;
      return moments[days.kills]?.({ storage, requests, ms }) === true;
    };
    const { code, signal, stdout, stderr } = await killedWhen(started, isHere);
    if (code === 0) return JSON.parse(stdout) as RunReport; // one object, as --json promises
    if (signal !== 'SIGKILL') throw new Error(`exit code ${code}: ${stderr}`);
    days.kills += 1;
  }
}

/** Of each table that keeps days, how many rows of each day, and a hash of them less their times. */
async function historyOf(warehouse: string): Promise<unknown[]> {
  const history: unknown[] = [];
  for (const table of tables) {
    const day = sliceColumns(table).find(({ name }) => !['board', 'run'].includes(name));
    if (day === undefined) continue;
    const values = columnsOf(table)
      .filter(({ name, type }) => type !== 'TIMESTAMP' && !name.startsWith('run'))
      .map(({ name }) => `"${name}"`);
    const sql = `SELECT '${table.name}' AS name, CAST("${day.name}" AS DATE)::VARCHAR AS day, count(*)::VARCHAR AS count,
      bit_xor(hash(${values.join(', ')}))::VARCHAR AS hash FROM huggingface."${table.name}" GROUP BY ALL ORDER BY ALL`;
    history.push(...(await queryDuckdb(warehouse, sql)));
  }
  return history;
}
