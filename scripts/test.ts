import { spawnSync } from 'node:child_process';
import { ensureBrowser } from '../src/crawlers/browser.ts';

/** `npm test`: makes sure of a browser, then runs the unit and the browser tests. */
const { executablePath } = await ensureBrowser({
  env: process.env,
  log: (message) => process.stderr.write(`${message}\n`),
});
const projects = ['--project', 'unit', '--project', 'browser'];
const { status } = spawnSync('playwright', ['test', ...projects, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, CRAWLEE_DEFAULT_BROWSER_PATH: executablePath, TZ: 'UTC' },
});
process.exit(status ?? 1);
