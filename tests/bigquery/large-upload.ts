// How much memory an upload takes, and whether it survives lost connections. By hand, for it takes a
// minute: `node tests/bigquery/large-upload.ts [MEGABYTES …]`, 30 300 by default.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, zstdCompressSync } from 'node:zlib';
import { formatManifest, type Manifest, type TableEntry } from '../../src/export/manifest.ts';
import { bigquerySchema, type BigQueryField } from '../../src/tables/bigquery.ts';
import { tableNamed } from '../../src/tables/index.ts';
import { asObject, type Json } from './problem.ts';
import { startBigqueryDouble } from './server.ts';

const LOAD = new URL('../unit/bigquery/run-load.ts', import.meta.url).pathname;
const CONNECTIONS_LOST = 10;
/** About two megabytes: each a frame of its own, as the files of an export have them. */
const BLOCK_ROWS = 10_000;
const PACKING = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

const TABLES = ['usage', 'core_model', 'parameters', 'tags'];

/** A row that satisfies a table: noise where a text is needed, so that it does not pack to nothing. */
function rowOf(fields: readonly BigQueryField[], number: number): Record<string, unknown> {
  const noise = createHash('md5').update(String(number)).digest('hex');
  const values: Record<string, unknown> = {
    STRING: noise,
    INTEGER: number,
    FLOAT: number / 7,
    BOOLEAN: true,
    TIMESTAMP: '2026-11-01T10:00:00.000Z',
    DATE: '2026-11-01',
  };
  const cells = fields.flatMap(({ name, type, mode }) => {
    if (mode === 'REPEATED') return [[name, []] as const];
    return type in values ? [[name, values[type]] as const] : [];
  });
  return Object.fromEntries(cells);
}

async function writeTable(folder: string, name: string, bytesWanted: number): Promise<TableEntry> {
  const table = tableNamed(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const fields = bigquerySchema(table);
  const hash = createHash('sha256');
  let rows = 0;
  let bytes = 0;
  function* blocks() {
    while (bytes < bytesWanted) {
      const lines = Array.from({ length: BLOCK_ROWS }, () => {
        rows += 1;
        return `${JSON.stringify(rowOf(fields, rows))}\n`;
      });
      const block = Buffer.from(lines.join(''));
      hash.update(block);
      bytes += block.length;
      yield zstdCompressSync(block, PACKING);
    }
  }
  const path = `${name}.jsonl.zst`;
  const target = createWriteStream(join(folder, path));
  await pipeline(Readable.from(blocks()), target);
  const packed = await readFile(join(folder, path));
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const file = { path, rows, bytes: packed.length, sha256 };
  return { rows, bytes, sha256: hash.digest('hex'), files: [file] };
}

async function writeExport(folder: string, megabytes: number, names: readonly string[]) {
  const tables: Manifest['tables'] = {};
  for (const name of names) {
    tables[name] = await writeTable(folder, name, (megabytes * 1e6) / names.length);
  }
  const manifest: Manifest = {
    format: 1,
    run: `large${megabytes}`,
    startedAt: '2026-11-01T09:00:00.000Z',
    finishedAt: '2026-11-01T11:00:00.000Z',
    version: '0.1.0',
    endpoint: 'http://127.0.0.1',
    sources: {},
    tables,
    rejects: { rows: 0, bytes: 0, sha256: '', files: [] },
    repairs: {},
  };
  await writeFile(join(folder, 'manifest.json'), formatManifest(manifest));
  return Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
}

export interface Measured {
  /** Connections that were cut, and pieces that were begun. */
  lost: number;
  sent: number;
  /** Load jobs that there were, and rows that came out of them. */
  jobs: number;
  rows: number;
  wanted: number;
  seconds: number;
  /** Of the loading process: before its first request, and at its highest. */
  baseMb: number;
  maxMb: number;
  outcome: string;
}

/** Loads tables of that size in a process of its own, with ten lost connections. */
export async function measureUpload(
  megabytes: number,
  names: readonly string[],
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'etl-large-'));
  const double = await startBigqueryDouble({ keepRows: false });
  try {
    const wanted = await writeExport(folder, megabytes, names);
    const pieces = Math.ceil(megabytes / 8.4);
    let sent = 0;
    let lost = 0;
    double.onRequest = ({ method, query }) => {
      if (method !== 'PUT' || !query.includes('upload_id')) return undefined;
      sent += 1;
      const isTime = sent > (lost * pieces) / (CONNECTIONS_LOST + 1) && sent % 2 === 1;
      if (!isTime || lost >= CONNECTIONS_LOST) return undefined;
      lost += 1;
      return { cutAt: (lost % 4) * 300_000 + 100_000 };
    };
    const started = Date.now();
    const child = spawn(process.execPath, [LOAD, folder, double.url, double.project], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // A failure stands in its own words on stderr.
    let output = '';
    for await (const text of child.stdout as AsyncIterable<Buffer>) output += text.toString();
    const loads = double.jobs().filter(({ configuration }) => 'load' in configuration);
    const loaded = loads.map(({ statistics }) => Number(outputRows(statistics)));
    return {
      // Printed by run-load.ts.
      ...(JSON.parse(output) as Pick<Measured, 'baseMb' | 'maxMb' | 'outcome'>),
      seconds: (Date.now() - started) / 1000,
      rows: loaded.reduce((sum, count) => sum + count, 0),
      ...{ wanted, lost, sent, jobs: loads.length },
    };
  } finally {
    await double.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function outputRows(statistics: Json): unknown {
  const load = statistics['load'];
  return load === undefined ? 0 : asObject(load, 'load')['outputRows'];
}

if (import.meta.main) {
  const sizes = process.argv.slice(2).map(Number);
  for (const megabytes of sizes.length === 0 ? [30, 300] : sizes) {
    for (const names of [['usage'], TABLES]) {
      const measured = await measureUpload(megabytes, names);
      process.stdout.write(
        `${megabytes} MB, ${names.length} tables: ${JSON.stringify(measured)}\n`,
      );
    }
  }
}
