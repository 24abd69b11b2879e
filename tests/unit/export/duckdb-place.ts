import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
import type { Manifest } from '../../../src/export/manifest.ts';
import {
  capture,
  inputOf,
  snapshotOf,
  tinyModel,
  withTemporaryFolder,
  writeDataset,
  writePages,
} from './captured.ts';

export interface Exported {
  manifest: Manifest;
  exportDir: string;
}

const dayOf = (number: number): string => `2026-11-${String(number).padStart(2, '0')}`;

/**
 * The export of day `number` of a month: `number` stands in every row of models and boards, and there
 * are as many models. All days are of one board.
 */
export async function tinyRelease(
  folder: string,
  number: number,
  run = `r${number}`,
): Promise<Exported> {
  const storage = join(folder, 'storage', run);
  await rm(storage, { recursive: true, force: true });
  const fetchedAt = `${dayOf(number)}T10:00:00.000Z`;
  // A counter that the Hub corrects: it falls from day 6 on.
  const fields = { likes: number, downloadsAllTime: number * (10 - number) };
  const records = Array.from({ length: number }, (_, at) => tinyModel(at, fields));
  const board = snapshotOf([{ id: 'e1', model: { name: 'owner/model-0' } }]);
  await writePages(storage, `models-${run}`, [{ records, fetchedAt }]);
  await writeDataset(storage, `boards-${run}`, [
    capture('boards/open-llm', JSON.stringify(board), { fetchedAt }),
  ]);
  const exportDir = join(folder, 'exports', run);
  const input = inputOf(
    storage,
    { models: `models-${run}`, boards: `boards-${run}` },
    {
      run,
      startedAt: `${dayOf(number)}T09:00:00.000Z`,
      finishedAt: `${dayOf(number)}T11:00:00.000Z`,
    },
  );
  return { exportDir, manifest: await exportRun(input, { out: exportDir, compress: 'none' }) };
}

/** Rows and their sum of hashes, a table: the same for the same contents in any order. */
export async function fingerprint(path: string): Promise<string> {
  const tables = await queryDuckdb(
    path,
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'huggingface' ORDER BY 1`,
  );
  const names = tables.map(({ table_name: name }) => name as string); // a VARCHAR
  const counts = names.map(
    (name) =>
      `SELECT '${name}' AS name, count(*) AS n, sum(hash(t)) AS content FROM huggingface."${name}" AS t`,
  );
  return JSON.stringify(await queryDuckdb(path, `${counts.join(' UNION ALL ')} ORDER BY 1`));
}

export interface Warehouse {
  folder: string;
  /** Of the file that readers open; its folder holds nothing else. */
  path: string;
}

export const withPlace = (work: (place: Warehouse) => Promise<void>): Promise<void> =>
  withTemporaryFolder((folder) => work({ folder, path: join(folder, 'warehouse', 'hub.duckdb') }));

/** Everything in the folder of a warehouse. */
export const filesOf = async (path: string): Promise<string[]> =>
  (await readdir(dirname(path), { recursive: true })).sort();

const SCRIPT = fileURLToPath(new URL('run-load.ts', import.meta.url));

export interface Ended {
  /** Null when it was killed. */
  code: number | null;
  steps: string[];
}

/**
 * Runs `load EXPORT PATH` or `rollback RUN PATH` in a process of its own, which kills itself before a
 * step, or is killed after some milliseconds.
 */
export async function runLoad(
  args: readonly [command: 'load' | 'rollback', what: string, path: string],
  kill: { atStep?: string; afterMs?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [SCRIPT, ...args, kill.atStep ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const timer =
    kill.afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, steps: text.split('\n').filter((line) => line !== '') };
}
