import { spawn, type ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../src/cli/serve/schedule.ts';
import { main } from '../../src/cli/program.ts';

/** What people start: types are taken off once, not in each process. */
const MAIN = fileURLToPath(new URL('../../bin/huggingface-etl.js', import.meta.url));

/** The environment of a command: that of the caller, without a token. */
const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  CRAWLEE_DEFAULT_BROWSER_PATH: process.env['CRAWLEE_DEFAULT_BROWSER_PATH'],
  HF_HUB_DISABLE_IMPLICIT_TOKEN: '1',
  ...env,
});

export interface CliOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Where the configuration file lies. @default one that has none */
  folder?: string;
  /** Its reason is the name of the signal. */
  signal?: AbortSignal;
  kill?: AbortSignal;
  clock?: Clock;
  /** Sees each text of stderr when it is written. */
  onStderr?: (text: string) => void;
  /** Whether stdout is a terminal. @default false */
  isTerminal?: boolean;
}

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line to its end, in this process. */
export async function runCli(
  args: readonly string[],
  { env = {}, stdin = '', folder = '/', isTerminal = false, ...signals }: CliOptions = {},
): Promise<CliResult> {
  const never = new AbortController().signal;
  const [stdout, stderr] = [collector(), collector(signals.onStderr)];
  const code = await main(args, {
    stdin: Readable.from([stdin]),
    stdout: Object.assign(stdout, { isTTY: isTerminal }),
    stderr,
    env: environment(env),
    folder,
    ...(signals.clock && { clock: signals.clock }),
    signal: signals.signal ?? never,
    kill: signals.kill ?? never,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(
  onWrite: (text: string) => void = () => undefined,
): Writable & { text: () => string } {
  const parts: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(part: string, _encoding, done) {
      parts.push(part);
      onWrite(part);
      done();
    },
  });
  return Object.assign(stream, { text: () => parts.join('') });
}

export interface StartedCli {
  child: ChildProcess;
  /** Kills it where it still runs. */
  close: () => Promise<unknown>;
  done: Promise<{
    /** Exit code; null when a signal ended the process. */
    code: number | null;
    signal: NodeJS.Signals | null;
    stdout: string;
    stderr: string;
  }>;
}

/** Starts the command line in a process of its own: what only a process shows needs it. */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): StartedCli {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(env),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const done: StartedCli['done'] = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  const close = (): Promise<unknown> => {
    child.kill('SIGKILL');
    return done;
  };
  return { child, done, close };
}

/** A variable that runs a text in the process, first of all. */
export const preloaded = (text: string): Record<string, string> => ({
  NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(text)}"`,
});

/** The end that a process makes of itself when it has not stopped in time never comes: this machine may be slow. */
export const UNHURRIED = preloaded(`const later = setTimeout; performance.now = () => 0;
globalThis.setTimeout = (work, ms, ...more) => later(work, ms > 4000 ? 6e5 : ms, ...more)`);
