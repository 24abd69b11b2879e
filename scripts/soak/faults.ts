import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  ATTACKS,
  LOUD_FAULTS,
  QUIET_FAULTS,
  startHub,
  type Fault,
  type HubReplica,
} from '../../demo/hub/index.ts';
import { seededRandom } from '../../src/crawlers/pages/windows.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { runInProcess, tableRows } from '../../tests/helpers/pipeline.ts';
import { writeBenchmarks } from '../../tests/unit/crawl/benchmarks-data.ts';
import type { SoakPart } from './part.ts';

const SCRIPTS = Number(process.env['SCRIPTS'] ?? 200);
const KINDS = [...LOUD_FAULTS, ...QUIET_FAULTS, ...ATTACKS];
/** Where a fault counts requests: pages of models, all requests, one kind of them. */
const PLACES = [
  ...[undefined, undefined, '/', '/', 'sort=lastModified', 'sort=createdAt&direction=-1'],
  ...[
    '/api/datasets?',
    '/leaderboard',
    'task_id=',
    'eval.yaml',
    'cursor=',
    'models-tags',
    'datasets-tags',
  ],
];
const TOKEN = 'hf_soakSOAKsoakSOAK';
/** No script takes nearly so long. */
const SCRIPT_MS = 180_000;

type Rows = Map<string, unknown[]>;
type Outcome = 'same' | 'said' | 'refused';

interface Setting {
  folder: string;
  data: string;
  datasets: string;
  /** Of all models. */
  ids: readonly string[];
}

export const part: SoakPart = {
  about: 'scripts of a misbehaving Hub: the same tables, or what is missing is said, or exit ≠ 0',
  async run(seed) {
    const { folder, remove } = await temporaryFolder();
    const datasets = await writeBenchmarks(folder);
    const setting = { folder, datasets, ...fewModels(folder) };
    const sound = await startHub(setting);
    const clean = (await crawl(path.join(folder, 'clean'), sound.url)).rows;
    await sound.close();

    const counts = { same: 0, said: 0, refused: 0 };
    const failures: string[] = [];
    for (let at = 0; at < SCRIPTS; at += 1) {
      const script = drawScript(seededRandom(seed * 1000 + at), setting.ids);
      const hub = await startHub({ ...setting, ...script });
      const storage = path.join(folder, String(at));
      try {
        counts[await outcomeOf(hub, storage, { clean, setting })] += 1;
      } catch (error) {
        failures.push(`script ${at}: ${String(error)}: ${JSON.stringify(script)}`);
      }
      await hub.close();
    }
    await remove();
    const { same, said, refused } = counts;
    return { counts: `${same} the same, ${said} said, ${refused} refused`, failures };
  },
};

/** @throws {Error} for what must not be */
async function outcomeOf(
  hub: HubReplica,
  storage: string,
  { clean, setting: { ids } }: { clean: Rows; setting: Setting },
): Promise<Outcome> {
  const { report, rows } = await crawl(storage, hub.url);
  const { exitCode, error } = report;
  if (exitCode === 0) {
    if (isDeepStrictEqual(tables(rows), tables(clean))) return 'same';
    if (isCountedOut(report)) return 'said';
    refuseSilent(rows, clean, ids);
    return 'said';
  }
  if (exitCode === 1 || error === undefined) throw new Error(`exit ${exitCode}`);
  // It goes on where it stopped, once the Hub is well.
  hub.setFaults([]);
  const again = await crawl(storage, hub.url);
  if (again.report.exitCode !== 0) throw new Error(`again: exit ${again.report.exitCode}`);
  if (!isCountedOut(again.report)) refuseSilent(again.rows, clean, ids);
  return 'refused';
}

/** The run warns that the Hub counts more models than its list had. */
const isCountedOut = ({ sources }: RunReport): boolean =>
  (sources['models'] as { warnings?: string } | undefined)?.warnings !== undefined;

async function crawl(storage: string, endpoint: string) {
  const settings = {
    ...{ storage, endpoint, sources: 'models,tags,benchmarks', pageSize: 10, to: 'jsonl' },
    ...{ compress: 'none', timeout: 2 },
  };
  const run = runInProcess(settings, { env: { HF_TOKEN: TOKEN } });
  const { report, log } = await inTime(run);
  if (JSON.stringify([report, log]).includes(TOKEN) || holds(storage, TOKEN)) {
    throw new Error('the token is stored or printed');
  }
  const rows =
    report.folder === null ? new Map<string, unknown[]>() : await tableRows(report.folder);
  return { report, rows };
}

function fewModels(folder: string) {
  const shipped = gunzipSync(readFileSync('demo/data/models.jsonl.gz')).toString();
  const lines = shipped.trimEnd().split('\n');
  const few = lines.filter((_, at) => at % 10 === 0);
  const data = path.join(folder, 'models.jsonl');
  writeFileSync(data, few.join('\n'));
  // The replica's own file of models.
  return { data, ids: few.map((line) => (JSON.parse(line) as { id: string }).id) };
}

function drawScript(random: () => number, ids: readonly string[]) {
  const below = (count: number): number => Math.floor(random() * count);
  const faults = Array.from({ length: 1 + below(4) }, (): Fault => {
    const kind = KINDS[below(KINDS.length)] ?? '500';
    // That a list lacks records in its middle is told of the one whose records the Hub counts.
    const place = kind === 'lost-records' ? undefined : PLACES[below(PLACES.length)];
    const times = random() < 0.15 ? 99 : 1 + below(3);
    return {
      ...{ kind, at: 1 + below(place === '/' ? 40 : 8), resetSeconds: below(2) },
      // What waits for its time is not met without an end.
      times: kind === 'hang' || kind === 'drip' ? Math.min(times, 3) : times,
      record: (['null', 'string', 'no-id'] as const)[below(3)] ?? 'null',
      when: random() < 0.5 ? 'before' : 'during',
      ...(place !== undefined && { path: place }),
    };
  });
  const some = (): string[] => (random() < 0.15 ? [ids[below(ids.length)] ?? ''] : []);
  return { faults, brokenIds: some(), garbledIds: some(), overloadIds: some() };
}

const ABOUT = new Set(['missed', 'rejects', 'repairs']);

const tables = (rows: Rows) => [...rows].filter(([name]) => !ABOUT.has(name));

/** @throws {Error} for rows that are not those of a sound Hub, nor of anything that `missed` names */
function refuseSilent(rows: Rows, clean: Rows, ids: readonly string[]): void {
  const idsIn = (table: string): string[] =>
    (rows.get(table) ?? []).map((row) => String((row as { id: unknown }).id)); // rows of ours have one
  const said = idsIn('missed');
  const known = new Set([...idsIn('core_model'), ...said]);
  const lost = ids.filter((id) => !known.has(id));
  if (lost.length > 0) throw new Error(`${lost.length} models are gone in silence`);
  for (const [name, found] of tables(rows)) {
    const wanted = (clean.get(name) ?? []).map(textOf);
    const is = found.map(textOf);
    const others = [
      ...is.filter((row) => !wanted.includes(row)),
      ...wanted.filter((row) => !is.includes(row)),
    ];
    const silent = others.find((row) => !said.some((id) => row.includes(id)));
    if (silent !== undefined)
      throw new Error(`${name} differs in silence: ${silent.slice(0, 200)}`);
  }
}

const textOf = (row: unknown): string => JSON.stringify(row);

function holds(folder: string, text: string): boolean {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.some(
    (file) => file.isFile() && readFileSync(path.join(file.parentPath, file.name)).includes(text),
  );
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('hangs')), SCRIPT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
