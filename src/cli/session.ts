import { mkdirSync } from 'node:fs';
import { readConfig, type Config } from '../config.ts';
import { createLog, type Logger } from '../log.ts';
import { createRedactor } from '../log.ts';
import { createProgress, type Progress } from './progress.ts';
import { packageVersion } from './version.ts';

/** What the command line gave, by the names of the settings. */
export type Flags = Readonly<Record<string, unknown>>;

/** What a command needs of the process: settings, log, output, signals. */
export interface Session {
  config: Config;
  log: Logger;
  version: string;
  redact: (text: string) => string;
  progress: Progress;
  /** To stdout: results. */
  print: (text: string) => void;
  /** Aborted by SIGINT or SIGTERM: take no new work. */
  signal: AbortSignal;
  /** Aborted three seconds later: drop what is in flight too. */
  kill: AbortSignal;
  interrupted: () => 130 | 143 | undefined;
  close: () => void;
}

/** Milliseconds after a signal until what is in flight is dropped, and until the process just ends. */
const KILL_AFTER_MS = 3000;
const EXIT_AFTER_MS = 4800;

/** Flags that are no settings. */
const NO_SETTINGS = new Set(['replay', 'as']);

/**
 * @throws {EtlError} CONFIG_INVALID
 */
export function openSession(flags: Flags): Session {
  const settings = Object.fromEntries(
    Object.entries(flags).filter(([name]) => !NO_SETTINGS.has(name)),
  );
  const config = readConfig({ flags: settings, env: process.env, folder: process.cwd() });
  makeTemporaryFolders(process.env);
  const redact = createRedactor(config.token);
  const terminal = process.stderr.isTTY === true;
  const pretty = config.logFormat === 'pretty' || (config.logFormat === 'auto' && terminal);
  const write = (text: string): void => void process.stderr.write(text);
  const level = config.logLevel;
  const format = pretty ? 'pretty' : 'json';
  const log = createLog({ level, format, redact, write: (text) => progress.above(text) });
  const progress = createProgress({
    live: terminal && pretty && level !== 'silent',
    columns: process.stderr.columns ?? 100,
    write,
    log,
    now: () => Date.now(),
  });
  const signals = listenToSignals(log);
  return {
    config,
    log,
    version: packageVersion(),
    redact,
    progress,
    print: (text) => void process.stdout.write(redact(text)),
    ...signals,
    close() {
      progress.close();
      signals.close();
    },
  };
}

/**
 * In a container with a read-only root the folders for temporary files are in the storage volume,
 * where nobody has made them yet; the browser wants both.
 */
function makeTemporaryFolders(env: NodeJS.ProcessEnv): void {
  for (const folder of [env['TMPDIR'], env['HOME']]) {
    if (folder === undefined || folder === '') continue;
    try {
      mkdirSync(folder, { recursive: true });
    } catch {
      // Whoever needs it says so; most commands do not.
    }
  }
}

function listenToSignals(log: Logger) {
  const soft = new AbortController();
  const hard = new AbortController();
  let code: 130 | 143 | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (code !== undefined) return hard.abort();
    code = name === 'SIGINT' ? 130 : 143;
    log.warn({ signal: name }, 'stopping: what is in flight is still saved');
    soft.abort();
    setTimeout(() => hard.abort(), KILL_AFTER_MS).unref();
    setTimeout(() => process.exit(code), EXIT_AFTER_MS).unref();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: soft.signal,
    kill: hard.signal,
    interrupted: () => code,
    close() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
