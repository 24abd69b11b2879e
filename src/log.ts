import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { EtlError } from './errors.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  level: string;
  format: 'pretty' | 'json';
  /** Of what went wrong, where it is for people. @default false */
  colour?: boolean;
  redact: (text: string) => string;
  write: (text: string) => void;
}

/**
 * The program's log, to stderr: fixed sentences with facts as fields. Every line passes the redactor,
 * so that no token is ever printed, whatever object was logged.
 */
export function createLog({ level, format, colour, redact, write }: LogOptions): Logger {
  const sink = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      const text = printable(redact(String(chunk)));
      write(colour === true && format === 'pretty' ? coloured(text) : text);
      done();
    },
  });
  const options = {
    ...{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    serializers: { error: pino.stdSerializers.err },
  };
  if (format === 'json') return pino({ ...options, ...FIELDS }, sink);
  // An expected failure in a line; its stack is for those who look for a fault of ours.
  const error = (it: unknown): unknown =>
    it instanceof EtlError && level !== 'debug'
      ? `${it.message} [${it.code}]`
      : pino.stdSerializers.err(it as Error);
  const stream = pretty({
    destination: sink,
    colorize: false,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,run',
    singleLine: true,
    sync: true,
  });
  return pino({ ...options, serializers: { error } }, stream);
}

/**
 * Fields as collectors read them: `severity` and `message` beside `time`.
 *
 * @see https://cloud.google.com/logging/docs/structured-logging
 */
const FIELDS = {
  messageKey: 'message',
  formatters: {
    level: (label: string) => ({
      severity: label === 'warn' ? 'WARNING' : label.toUpperCase(),
    }),
  },
};

const COLOURS = { WARN: 'yellow', ERROR: 'red', FATAL: 'red' } as const;

/** Coloured by us after the escapes of others are gone. */
const coloured = (line: string): string =>
  line.replace(
    /(?<=^\[[\d:]{8}\] )(?:WARN|ERROR|FATAL)/,
    (it) => inColour(COLOURS[it as keyof typeof COLOURS], it), // as the pattern says
  );

/** Whoever calls it knows that the reader wants colour. */
export const inColour = (colour: 'green' | 'red' | 'yellow', text: string): string =>
  styleText(colour, text, { validateStream: false });

/** Tokens of the Hub by their look, whoever's they are. */
const TOKEN_LIKE = /\b(?:hf|api_org)_[A-Za-z0-9_]{8,}/g;

/** Takes a known secret, and whatever looks like a token of the Hub, out of a text. */
export const createRedactor =
  (withoutSecret: (text: string) => string): ((text: string) => string) =>
  (text) =>
    withoutSecret(text).replace(TOKEN_LIKE, '[redacted]');

// Control characters but tab and line feed, and the marks that turn the direction of writing.
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text with other people's names in it as a terminal may have it: `\u001b` stands for an escape. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`);
