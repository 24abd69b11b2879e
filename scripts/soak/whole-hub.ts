import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { withDuckdb } from '../../src/export/duckdb/session.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import type { SoakPart } from './part.ts';

const ROOT = path.join(import.meta.dirname, '../..');
/** Of what the Hub has; `SCALE=1` is all of it, which takes an hour of two idle cores and 40 GB. */
const SCALE = Number(process.env['SCALE'] ?? 0.02);
const HUB = { models: 3_200_000, datasets: 1_000_000, spaces: 800_000 };
/** JSONL of records as the list gives them; `MODELS=FILE` and so on give more of them. */
const SHIPPED = Object.fromEntries(
  Object.keys(HUB).map((kind) => [
    kind,
    process.env[kind.toUpperCase()] ?? path.join(ROOT, `demo/data/${kind}.jsonl.gz`),
  ]),
);
const counts = Object.fromEntries(
  Object.entries(HUB).map(([kind, count]) => [kind, Math.round(count * SCALE)]),
) as typeof HUB;

/** Which DuckDB takes a day's run to, the export before it 700. */
const MOST_MB = 1300;

interface Day {
  minutes: number;
  /** Of the process that runs, and what the Hub sent. */
  peakMb: number;
  sent: { bytes: Record<string, number>; requests: number };
  run: string;
}

/** A whole run of a made-up Hub, and the day after a light one: the right events, and how much each took. */
export const part: SoakPart = {
  about:
    'a made-up Hub as large as the real one (SCALE=1): a full run, and a light one the day after',
  async run() {
    const { folder, remove } = await temporaryFolder();
    const server = spawn(process.execPath, [
      ...[path.join(import.meta.dirname, 'whole-hub/server.ts')],
      ...[SHIPPED, counts].map((it) => JSON.stringify(it)),
    ]);
    server.stderr.pipe(process.stderr);
    try {
      const [port] = (await once(createInterface(server.stdout), 'line')) as [string];
      const url = `http://127.0.0.1:${port}`;
      const full = await runDay(folder, url);
      await fetch(`${url}/day`, { method: 'POST' });
      const light = await runDay(folder, url);
      const failures = await faultsOf(folder, light.run);
      const shareOf = (kind: string | null): number => bytesOf(light, kind) / bytesOf(full, kind);
      const shares = [...Object.keys(HUB), null].map(
        (kind) => `${(100 * shareOf(kind)).toFixed(0)} % of the bytes of ${kind ?? 'all'}`,
      );
      if (shareOf(null) > 0.5) failures.push('the light run had more than half of the bytes');
      const most = Math.max(full.peakMb, light.peakMb);
      if (most > MOST_MB) failures.push(`a run held ${most} MB`);
      return {
        counts: `${Object.values(counts).join(' + ')}: ${[full, light].map(told).join('; light: ')}; ${shares.join(', ')}`,
        failures,
      };
    } finally {
      server.kill();
      await remove();
    }
  },
};

const bytesOf = ({ sent }: Day, kind: string | null): number =>
  Object.entries(sent.bytes).reduce(
    (sum, [of, some]) => (of === (kind ?? of) ? sum + some : sum),
    0,
  );

const told = (day: Day): string =>
  `${day.minutes.toFixed(1)} min, ${day.peakMb} MB, ${day.sent.requests} requests, ${(bytesOf(day, null) / 1e9).toFixed(2)} GB`;

async function runDay(folder: string, url: string): Promise<Day> {
  const startedAt = performance.now();
  const args = [
    ...[path.join(ROOT, 'src/main.ts'), 'run', '--sources', 'models,datasets,spaces,tags'],
    ...['--storage', path.join(folder, 'storage'), '--endpoint', url, '--json'],
    ...['--log-level', 'error'],
  ];
  // As the Dockerfile has it.
  const child = spawn(process.execPath, ['--max-semi-space-size=8', ...args], {
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  child.stderr.pipe(process.stderr);
  const peak = watchMemory(child);
  let text = '';
  child.stdout.on('data', (some: Buffer) => (text += some.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the run ended with ${code}: ${text.slice(0, 2000)}`);
  const { run } = JSON.parse(text) as { run: string };
  const sent = (await (await fetch(`${url}/day`)).json()) as Day['sent'];
  return { minutes: (performance.now() - startedAt) / 60_000, peakMb: peak(), sent, run };
}

/** The most that a process held, in MB, as far as its system says. */
function watchMemory({ pid }: ChildProcess): () => number {
  let most = 0;
  const look = (): void => {
    const file = `/proc/${String(pid)}/status`;
    if (!existsSync(file)) return;
    const held = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1];
    most = Math.max(most, Number(held ?? 0));
  };
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    return Math.round(most / 1024);
  };
}

/** Every event by its numbers, against what the server did. */
async function faultsOf(folder: string, run: string): Promise<string[]> {
  const failures: string[] = [];
  const file = path.join(folder, 'storage', 'warehouse', 'hub.duckdb');
  await withDuckdb(file, { readOnly: true, memoryLimit: '1GB' }, async (connection) => {
    const tables = { models: 'model_events', datasets: 'dataset_events', spaces: 'space_events' };
    for (const [kind, table] of Object.entries(tables)) {
      const count = counts[kind as keyof typeof counts];
      const of = (rest: number, every: number): number =>
        Math.floor((count - 1 - rest) / every) + 1;
      const added = Math.ceil((count * 3000) / 3_200_000);
      const expected = {
        added,
        removed: of(7, 3200),
        renamed: of(11, 64_000),
        new_revision: of(3, 50),
      };
      const reader = await connection.runAndReadAll(
        `SELECT event, count(*)::INTEGER AS rows,
          count(*) FILTER (NOT CASE event WHEN 'added' THEN n >= ${count} WHEN 'removed' THEN n % 3200 = 7
            WHEN 'renamed' THEN n % 64000 = 11 WHEN 'new_revision' THEN n % 50 = 3 ELSE false END)::INTEGER AS wrong
        FROM (SELECT event, regexp_extract(id, '-(\\d+)$', 1)::INTEGER AS n FROM huggingface.${table} WHERE run = '${run}')
        GROUP BY event`,
      );
      const rows = reader.getRowObjects() as { event: string; rows: number; wrong: number }[];
      const found = Object.fromEntries(rows.map((it) => [it.event, it.rows]));
      for (const [event, wanted] of Object.entries(expected))
        if ((found[event] ?? 0) !== wanted)
          failures.push(`${table}: ${found[event] ?? 0} ${event}, not ${wanted}`);
      const wrong = rows.filter((it) => it.wrong > 0 || !(it.event in expected));
      failures.push(...wrong.map((it) => `${table}: ${it.wrong || it.rows} ${it.event} are none`));
    }
    const reader = await connection.runAndReadAll(
      `SELECT s.source, s.carried FROM huggingface.runs, unnest(sources) AS t(s) WHERE run = '${run}' AND s.source IN ('models', 'datasets', 'spaces') AND s.carried = 0`,
    );
    failures.push(...reader.getRows().map((it) => `nothing of ${String(it[0])} was carried`));
  });
  return failures;
}
