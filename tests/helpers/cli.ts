import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface CliResult {
  /** Exit code; null when a signal ended the process. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartedCli {
  child: ChildProcess;
  done: Promise<CliResult>;
}

/** Starts the command line in a process of its own, without the caller's token. */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): StartedCli {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CRAWLEE_DEFAULT_BROWSER_PATH: process.env['CRAWLEE_DEFAULT_BROWSER_PATH'],
      HF_HUB_DISABLE_IMPLICIT_TOKEN: '1',
      ...env,
    },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const done = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return { child, done };
}

/** Runs the command line to its end. */
export const runCli = (
  args: readonly string[],
  env?: Record<string, string>,
  cwd?: string,
): Promise<CliResult> => startCli(args, env, cwd).done;
