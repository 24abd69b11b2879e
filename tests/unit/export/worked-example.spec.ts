import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { queryDuckdb } from '../../../src/export/duckdb.ts';
import { readManifest } from '../../../src/export/manifest.ts';
import { readRows, realModels, withTemporaryFolder, writePages } from './captured.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** The code blocks of a section of CONTRIBUTING.md, in order. */
async function codeOf(section: string): Promise<string[]> {
  const text = await readFile(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const [, body = ''] = text.split(`\n## ${section}\n`);
  const [part = ''] = body.split('\n## ');
  return [...part.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** The sources once more, with the table of the example in them. */
async function sourcesWithExample(folder: string): Promise<void> {
  const [file = '', line = ''] = await codeOf('Add a table');
  const [, name = ''] = /export const (\w+) = defineTable/.exec(file) ?? [];
  await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  await mkdir(join(folder, 'tests/unit/export'), { recursive: true });
  for (const script of ['captured.ts', 'run-export.ts']) {
    const path = join('tests/unit/export', script);
    await cp(join(ROOT, path), join(folder, path));
  }
  for (const path of ['package.json', 'tsconfig.json'])
    await cp(join(ROOT, path), join(folder, path));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'src/tables/file-types.ts'), file);
  const index = join(folder, 'src/tables/index.ts');
  const text = await readFile(index, 'utf8');
  await writeFile(
    index,
    `${line}${text.replace('  runs,\n};', `  runs,\n  file_types: ${name},\n};`)}`,
  );
}

const LOAD = `
import { buildDuckdb } from './src/export/duckdb.ts';
import { readManifest } from './src/export/manifest.ts';
const [exportDir, path] = process.argv.slice(2);
await buildDuckdb({ manifest: await readManifest(exportDir), exportDir, path });
`;

/** What the table should hold, said from the records as sent. */
function expectedRows(records: readonly string[]): string[] {
  return records.flatMap((text) => {
    const {
      id,
      _id,
      siblings = [],
    } = JSON.parse(text) as {
      id: string;
      _id: string;
      siblings?: { rfilename: string }[];
    };
    const ends = siblings.map(({ rfilename }) => {
      const name = rfilename.slice(rfilename.lastIndexOf('/') + 1).toLowerCase();
      return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
    });
    return [...new Set(ends)].map((file_type) =>
      JSON.stringify({
        id,
        _id,
        file_type,
        file_count: ends.filter((it) => it === file_type).length,
      }),
    );
  });
}

test('the table of CONTRIBUTING compiles, and its rows are in JSONL and DuckDB', async () => {
  await withTemporaryFolder(async (folder) => {
    await sourcesWithExample(folder);
    const config = { extends: './tsconfig.json', include: ['src/tables/index.ts'] };
    await writeFile(join(folder, 'tsconfig.example.json'), JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', join(folder, 'tsconfig.example.json')]);

    const records = (await realModels()).slice(0, 100);
    const storage = join(folder, 'storage');
    await writePages(storage, 'models', [{ records }]);
    const [out, database] = [join(folder, 'out'), join(folder, 'hub.duckdb')];
    const load = join(folder, 'load.ts');
    await writeFile(load, LOAD);
    const exporting = join(folder, 'tests/unit/export/run-export.ts');
    await run(process.execPath, [exporting, storage, out, '0']);
    await run(process.execPath, [load, out, database]);

    const rows = await readRows(out, await readManifest(out), 'file_types');
    const expected = expectedRows(records);
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.map((row) => JSON.stringify(row))).toEqual(expected);
    const loaded = await queryDuckdb(database, 'SELECT * FROM huggingface.file_types');
    expect(loaded.map((row) => JSON.stringify(row)).sort()).toEqual(expected.sort());
  });
});
