import { withoutToken } from '../api/token.ts';
import { ERRORS, EtlError } from '../errors.ts';
import { createRedactor, printable } from '../log.ts';
import type { Io } from './io.ts';

/** A failure as its reader should see it: what happened, its code, what to do. */
export const failureText = (it: { message: string; code: string; hint: string }): string =>
  `huggingface-etl: ${it.message} [${it.code}]\n  ${it.hint}\n`;

/** Prints what ended a command; the exit code. */
export function printFailure({ stdout, stderr, env }: Io, error: unknown, json: boolean): number {
  const redact = createRedactor(withoutToken(env['HF_TOKEN']?.trim()));
  const known = error instanceof EtlError;
  const exitCode = known ? error.exitCode : 1;
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'BUG';
  const hint = known ? ERRORS[error.code].hint : 'Please report this, with the lines above.';
  if (!known && error instanceof Error)
    stderr.write(printable(redact(`${error.stack ?? message}\n`)));
  stderr.write(printable(redact(failureText({ message, code, hint }))));
  if (json) {
    const report = {
      run: null,
      status: 'failed',
      exitCode,
      sources: {},
      tables: {},
      warehouse: null,
    };
    const context = known ? error.context : {};
    stdout.write(
      redact(`${JSON.stringify({ ...report, error: { code, message, hint, context } })}\n`),
    );
  }
  return exitCode;
}
