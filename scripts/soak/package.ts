import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import type { SoakPart } from './part.ts';
import { moreOf } from './specs.ts';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');

const example = moreOf('the example of README', ['tests/unit/library/package.spec.ts'], {
  SOAK: '1',
});

export const part: SoakPart = {
  about:
    'what `npm install` of the packed package brings, from the registry: its licences, its demo, the example of README',
  async run(seed) {
    const { folder, remove } = await temporaryFolder();
    const failures: string[] = [];
    try {
      await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
      const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
      await writeFile(path.join(folder, 'package.json'), '{"private":true}');
      await run('npm', ['install', '--ignore-scripts', `./${tarball}`], { cwd: folder });
      const licences = [path.join(ROOT, 'scripts/licences.ts'), folder];
      const { stdout } = await run(process.execPath, licences).catch((error: unknown) => {
        failures.push((error as { stderr: string }).stderr);
        return error as { stdout: string };
      });
      const program = path.join(folder, 'node_modules/.bin/huggingface-etl');
      await run(process.execPath, [program, 'demo'], { cwd: folder, maxBuffer: 2 ** 26 });
      const ran = await example.run(seed);
      failures.push(...ran.failures);
      return { counts: `${stdout.trim()}; ${ran.counts}`, failures };
    } finally {
      await remove();
    }
  },
};
