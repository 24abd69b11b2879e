import type { Readable, Writable } from 'node:stream';
import { fromSystemError, systemCode } from '../errors.ts';
import type { Clock } from './serve/schedule.ts';

/** A stream for people or machines; the process's own say whether they are a terminal. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

/** What the command line touches of the process that it runs in; `main.ts` gives the real one. */
export interface Io {
  stdin: Readable;
  /** Results. */
  stdout: Output;
  /** Log, progress and failures. */
  stderr: Output;
  env: NodeJS.ProcessEnv;
  /** Where the command was given: folder of the settings file. */
  folder: string;
  /** Of `serve`. @default the system's */
  clock?: Clock;
  /** Aborted by SIGINT or SIGTERM, whose name is the reason: take no new work. */
  signal: AbortSignal;
  /** Aborted some time later: drop what is in flight too. */
  kill: AbortSignal;
}

/** Its reader has seen enough: a command that only writes ends there, and has not failed. */
export class ReaderGone extends Error {}

/**
 * Writes and waits for a slow reader, so that no answer piles up in memory.
 *
 * @throws {ReaderGone} and of a file {EtlError} `STORAGE_FULL`
 */
export async function write(stream: Output, text: string): Promise<void> {
  const error = await new Promise<unknown>((resolve) => stream.write(text, resolve));
  if (error === undefined || error === null) return;
  if (/^(?:EPIPE|ERR_STREAM_DESTROYED)$/.test(systemCode(error) ?? '')) throw new ReaderGone();
  throw fromSystemError(error, 'writing to stdout');
}

/** @see https://no-color.org */
export const hasColour = ({ stderr, env }: Pick<Io, 'stderr' | 'env'>): boolean =>
  stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
