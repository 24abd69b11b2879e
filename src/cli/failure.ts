import { withoutToken } from '../api/token.ts';
import { EtlError } from '../errors.ts';
import { createRedactor, inColour, printable } from '../log.ts';
import { hasColour, type Io } from './io.ts';

/** A failure as its reader should see it: what happened, its code, what to do. */
export const failureText = (it: { message: string; code: string; hint: string }): string =>
  `huggingface-etl: ${it.message} [${it.code}]\n  ${it.hint}\n`;

/** The same, its first line red for who wants colour. */
export const shownFailure = (io: Pick<Io, 'stderr' | 'env'>, text: string): string =>
  hasColour(io) ? text.replace(/^.*/, (line) => inColour('red', line)) : text;

/** What is said of a failure; of what is none of ours, that it is a bug. */
export function failureFacts(error: unknown) {
  if (error instanceof EtlError) {
    const { exitCode, code, message, hint, context } = error;
    return { exitCode, code, message, hint, context };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'Please report this, with the lines above.';
  return { exitCode: 1, code: 'BUG', message, hint, context: {} };
}

/** Prints what ended a command; the exit code. */
export function printFailure(io: Io, error: unknown, json: boolean): number {
  const { stdout, stderr, env } = io;
  const redact = createRedactor(withoutToken(env['HF_TOKEN']?.trim()));
  const { exitCode, ...facts } = failureFacts(error);
  const { message } = facts;
  if (!(error instanceof EtlError) && error instanceof Error)
    stderr.write(printable(redact(`${error.stack ?? message}\n`)));
  stderr.write(shownFailure(io, printable(redact(failureText(facts)))));
  if (json) {
    const report = {
      run: null,
      status: 'failed',
      exitCode,
      sources: {},
      tables: {},
      warehouse: null,
    };
    stdout.write(redact(`${JSON.stringify({ ...report, error: facts })}\n`));
  }
  return exitCode;
}
