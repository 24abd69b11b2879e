import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as library from '../../../src/library/index.ts';
import { exportRun } from '../../../src/export/export.ts';
import { tables } from '../../../src/tables/index.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { inputOf, readRows, realModels, writePages } from '../export/captured.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');

const HEADERS = [
  ...['Rank', 'Overall Acc', 'Model', 'Model Link', 'Total Cost ($)', 'Latency Mean (s)'],
  ...['Non-Live AST Acc', 'Live Acc', 'Multi Turn Acc', 'Web Search Acc', 'Memory Acc'],
  ...['Relevance Detection', 'Irrelevance Detection', 'Organization', 'License'],
];
const MODELS = 60;

/** A board that we follow, as its file is: ten scores a model. */
const BFCL = [
  HEADERS.join(','),
  ...Array.from({ length: MODELS }, (_, at) =>
    HEADERS.map((header) => {
      if (header === 'Rank') return at + 1;
      if (/Acc|Detection/.test(header)) return `${(90.5 - at).toFixed(2)}%`;
      return /Cost|Latency/.test(header) ? 1.5 + at : `${header.toLowerCase()}-${at}`;
    }).join(','),
  ),
].join('\n');

test('what is public, and no more', () => {
  expect(Object.keys(library).sort()).toEqual(['EtlError', 'crawlBoard', 'openRelease', 'tables']);
  expect(Object.values(library.tables)).toEqual(tables);
  expect(Object.keys(library.tables)).toEqual(tables.map(({ name }) => name));
});

test('a release is read row by row, whole, and what was changed in it is refused', async ({
  folder,
}) => {
  await writePages(folder, 'models', [{ records: await realModels() }]);
  for (const compress of ['none', 'gzip', 'zstd'] as const) {
    const out = join(folder, compress);
    const manifest = await exportRun(inputOf(folder, { models: 'models' }), { out, compress });
    const release = await library.openRelease(out);
    expect(release.manifest).toEqual(manifest);
    for (const table of tables) {
      const rows: unknown[] = [];
      for await (const row of release.rows(table.name as library.TableName)) {
        if (table.name !== 'raw_model' || rows.length < 50) table.row.parse(row);
        rows.push(row);
      }
      const lines = await readRows(out, manifest, table.name);
      expect(rows, table.name).toMatchObject(lines);
    }
    const [file] = manifest.tables['usage']?.files ?? [];
    await writeFile(join(out, file?.path ?? ''), 'x');
    await expect(library.openRelease(out)).rejects.toMatchObject({ code: 'CHECK_REFUSED' });
  }
});

/** A folder with the package as `npm install` leaves it, but for what it depends on, which is ours. */
async function install(folder: string): Promise<string> {
  const made = join(folder, 'package');
  await mkdir(made);
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    await cp(join(ROOT, file), join(made, file));
  }
  await cp(join(ROOT, 'bin'), join(made, 'bin'), { recursive: true });
  const outDir = join(made, 'dist');
  await run(process.execPath, [
    tsc,
    '-p',
    join(ROOT, 'tsconfig.build.json'),
    '--noCheck',
    '--outDir',
    outDir,
  ]);
  await run('npm', ['pack', '--ignore-scripts', '--offline'], { cwd: made });
  const app = join(folder, 'app');
  const modules = join(app, 'node_modules/huggingface-etl');
  await mkdir(modules, { recursive: true });
  const { version } = JSON.parse(await readFile(join(made, 'package.json'), 'utf8')) as {
    version: string;
  };
  const tarball = join(made, `huggingface-etl-${version}.tgz`);
  await run('tar', ['xzf', tarball, '-C', modules, '--strip-components=1']);
  await symlink(join(ROOT, 'node_modules'), join(modules, 'node_modules'));
  await symlink(join(ROOT, 'node_modules/@types'), join(app, 'node_modules/@types'));
  return app;
}

test('the example of README compiles and runs against the package as it is installed', async ({
  folder,
  serve,
}) => {
  const app = await install(folder);
  await writePages(folder, 'models', [{ records: await realModels() }]);
  const out = join(app, 'exports/models');
  await exportRun(inputOf(folder, { models: 'models' }), { out, compress: 'zstd' });
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, code = ''] = /## As a library\n\n```ts\n(.*?)```/s.exec(readme) ?? [];
  const at = await serve((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/csv' }).end(BFCL),
  );
  // The one change: the board is served here.
  const example = code.replace(
    "{ storage: 'storage' }",
    `{ storage: 'storage', url: '${at}/b.csv' }`,
  );
  expect(example).not.toBe(code);
  await writeFile(join(app, 'package.json'), '{"type":"module"}');
  await writeFile(join(app, 'example.ts'), example);
  await writeFile(join(app, 'other.ts'), "import 'huggingface-etl/dist/src/errors.js';\n");
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
  await run(process.execPath, [tsc, ...flags, '--types', 'node', 'example.ts'], { cwd: app });

  const { stdout } = await run(process.execPath, ['example.ts'], { cwd: app });
  expect(stdout).toMatch(/^boards.*: not asked for$/m);
  expect(stdout).toMatch(/^\d+ models have a size$/m);
  expect(stdout).toMatch(new RegExp(`^${MODELS * 10} scores$`, 'm'));
  const program = join(app, 'node_modules/huggingface-etl/bin/huggingface-etl.js');
  expect((await run(process.execPath, [program])).stdout).toMatch(/^Usage: huggingface-etl/);
  const other = run(process.execPath, ['other.ts'], { cwd: app });
  await expect(other).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});
