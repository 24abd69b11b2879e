import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

export interface LogOptions {
  level: string;
  format: 'pretty' | 'json';
  redact: (text: string) => string;
  write: (text: string) => void;
}

/**
 * The program's log, to stderr: fixed sentences with facts as fields. Every line passes the redactor,
 * so that no token is ever printed, whatever object was logged.
 */
export function createLog({ level, format, redact, write }: LogOptions): Logger {
  const sink = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      write(redact(String(chunk)));
      done();
    },
  });
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, sink);
  const stream = pretty({
    destination: sink,
    colorize: false,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    singleLine: true,
    sync: true,
  });
  return pino(options, stream);
}

/** Tokens of the Hub by their look, whoever's they are. */
const TOKEN_LIKE = /\b(?:hf|api_org)_[A-Za-z0-9_]{8,}/g;

/** Replaces the given secret, and whatever looks like a token of the Hub, in a text. */
export function createRedactor(secret: string | undefined): (text: string) => string {
  return (text) => {
    const known = secret === undefined ? text : text.replaceAll(secret, '[redacted]');
    return known.replace(TOKEN_LIKE, '[redacted]');
  };
}
