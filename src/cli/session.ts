import { mkdirSync } from 'node:fs';
import { withoutToken } from '../api/token.ts';
import { readSettings, strayVariables, type Config, type Origins } from '../config.ts';
import { createLog, createRedactor, printable, type Logger } from '../log.ts';
import { EtlError } from '../errors.ts';
import type { ReportListener } from '../pipeline/crawl-stage.ts';
import type { RunReport } from '../pipeline/report.ts';
import { failureText, shownFailure } from './failure.ts';
import { hasColour, type Io } from './io.ts';
import { createProgress, type Progress } from './progress.ts';
import { packageVersion } from './version.ts';

/** What the command line gave, by the names of the settings. */
export type Flags = Readonly<Record<string, unknown>>;

/** A command that runs: its settings, log, output, signals. */
export interface Session extends Pick<Io, 'env' | 'signal' | 'kill'> {
  config: Config;
  origins: Origins;
  log: Logger;
  /** Logs what the report of a run says too. */
  listener: ReportListener;
  /** A person reads log and results in one place: what the summary says is then not logged before. */
  isReadTogether: boolean;
  version: string;
  /** A text as stdout may have it: without tokens, on a terminal without control characters. */
  shown: (text: string) => string;
  progress: Progress;
  /** To stdout: results. */
  print: (text: string) => void;
  /** The same, as the reader wants it: for a machine with `--json`, else for a person. */
  answer: (json: object, text: string) => void;
  /** To stderr: a failure that does not end the command. */
  complain: (failure: Parameters<typeof failureText>[0]) => void;
  /** To stderr: a line for people, which is no failure. */
  hint: (text: string) => void;
  /** The exit code that a signal asked for, once it came. */
  interrupted: () => 130 | 143 | undefined;
  close: () => void;
}

/** Flags that are no settings. */
const NO_SETTINGS = new Set(['replay', 'as', 'source', 'licence', 'since', 'until']);

/**
 * @throws {EtlError} CONFIG_INVALID
 */
export function openSession(io: Io, flags: Flags): Session {
  const { env, folder, signal, kill } = io;
  const settings = Object.fromEntries(
    Object.entries(flags).filter(([name]) => !NO_SETTINGS.has(name)),
  );
  const { config, origins } = readSettings({ flags: settings, env, folder });
  makeTemporaryFolders(env);
  const redact = createRedactor(withoutSecrets(config));
  const shown = (text: string): string =>
    io.stdout.isTTY === true ? printable(redact(text)) : redact(text);
  const { format, level, live, isReadTogether } = waysToTell(config, io);
  const write = (text: string): void => void io.stderr.write(text);
  const colour = hasColour(io);
  const log = createLog({ level, format, colour, redact, write: (text) => progress.above(text) });
  const progress = createProgress({
    live,
    columns: io.stderr.columns ?? 100,
    write,
    log,
    now: () => Date.now(),
  });
  const stray = strayVariables(env);
  if (stray.length > 0) log.warn({ variables: stray }, 'variables that are no setting: misspelt?');
  const onSignal = (): void =>
    log.warn({ signal: String(signal.reason) }, 'stopping: what is in flight is still saved');
  signal.addEventListener('abort', onSignal);
  const exitCode = () => (signal.reason === 'SIGINT' ? 130 : 143);
  const print = (text: string): void => void io.stdout.write(shown(text));
  return {
    ...{ config, origins, env, log, shown, progress, signal, kill, isReadTogether },
    listener: {
      onWarning: (facts, sentence) => log.warn(facts, sentence),
      onFailure: (facts, sentence) => log.error(facts, sentence),
    },
    version: packageVersion(),
    print,
    answer: (json, text) => print(config.json ? `${JSON.stringify(json)}\n` : text),
    complain: (failure) => write(shownFailure(io, printable(redact(failureText(failure))))),
    hint: (text) => write(`huggingface-etl: ${text}\n`),
    interrupted: () => (signal.aborted ? exitCode() : undefined),
    close() {
      progress.close();
      signal.removeEventListener('abort', onSignal);
    },
  };
}

/** The same session for a command that ends with `answerReport`: a person hears of everything once. */
export const withSummary = (session: Session): Session =>
  session.isReadTogether
    ? {
        ...session,
        listener: {
          onWarning: () => undefined,
          onFailure: (facts, sentence) => {
            // The summary lacks the stack of a bug.
            if (!(facts.error instanceof EtlError)) session.listener.onFailure(facts, sentence);
          },
        },
      }
    : session;

/** Prints the report of a run: its summary, and what to do where it failed. */
export function answerReport(session: Session, report: RunReport, text: string): void {
  const { error } = report;
  session.progress.close();
  if (session.config.json || !session.config.quiet) session.answer(report, text);
  if (error === undefined) return;
  if (session.isReadTogether && text.includes(error.message)) session.hint(error.hint);
  else session.complain(error);
}

/** How log, progress and results reach their reader. */
function waysToTell({ logFormat, logLevel, quiet, json }: Config, { stdout, stderr }: Io) {
  const isTerminal = stderr.isTTY === true;
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && isTerminal);
  const level = quiet && /^(?:info|debug)$/.test(logLevel) ? 'warn' : logLevel;
  return {
    format: isPretty ? ('pretty' as const) : ('json' as const),
    level,
    live: isTerminal && isPretty && level !== 'silent' && !quiet,
    isReadTogether: isPretty && stdout.isTTY === true && !json && !quiet,
  };
}

/** Whoever knows the address of a notice can send one. */
function withoutSecrets({ token, notify = '', heartbeat = '' }: Config): (text: string) => string {
  const addresses = [notify.slice(notify.indexOf('http')), heartbeat].filter((it) => it !== '');
  const withoutHubToken = withoutToken(token);
  return (text) =>
    addresses.reduce((rest, it) => rest.replaceAll(it, '[redacted]'), withoutHubToken(text));
}

/** A session for the time of `work`, which gives the exit code. */
export async function withSession(
  io: Io,
  flags: Flags,
  work: (session: Session) => number | Promise<number>,
): Promise<number> {
  const session = openSession(io, flags);
  try {
    return await work(session);
  } catch (error) {
    // What a signal stopped has not failed.
    const interrupted = session.interrupted();
    if (interrupted === undefined) throw error;
    const level = error instanceof EtlError ? 'warn' : 'debug';
    session.log[level]({ error: String(error) }, 'stopped');
    return interrupted;
  } finally {
    session.close();
  }
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
