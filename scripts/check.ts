import { spawn } from 'node:child_process';

/** `npm run check`: what must hold before a commit besides the tests, side by side, one verdict. */
const CHECKS: Record<string, string[]> = {
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['eslint', '--max-warnings', '0', '.'],
  rooms: ['depcruise', '--output-type', 'err', 'src', 'demo'],
  types: ['tsc', '--noEmit'],
  docs: [process.execPath, 'scripts/docs.ts', '--check'],
  licences: [process.execPath, 'scripts/licences.ts'],
};

async function run(name: string, [command = '', ...args]: string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const ok = await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${name}\n`);
  if (!ok) process.stdout.write(Buffer.concat(output));
  return ok;
}

const chosen = process.argv.slice(2);
const names = Object.keys(CHECKS).filter((name) => chosen.length === 0 || chosen.includes(name));
const results = await Promise.all(names.map((name) => run(name, CHECKS[name] ?? [])));
process.exit(results.every(Boolean) ? 0 : 1);
