import { ERRORS, EtlError } from '../errors.ts';
import { createRedactor } from '../log.ts';

/** Prints a failure as its reader should see it: what happened, its code, what to do. The exit code. */
export function printFailure(error: unknown, json: boolean): number {
  const redact = createRedactor(process.env['HF_TOKEN']?.trim() || undefined);
  const known = error instanceof EtlError;
  const exitCode = known ? error.exitCode : 1;
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'BUG';
  const hint = known ? ERRORS[error.code].hint : 'Please report this, with the lines above.';
  if (!known && error instanceof Error) process.stderr.write(redact(`${error.stack ?? message}\n`));
  process.stderr.write(redact(`huggingface-etl: ${message} [${code}]\n  ${hint}\n`));
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
    process.stdout.write(
      redact(`${JSON.stringify({ ...report, error: { code, message, hint, context } })}\n`),
    );
  }
  return exitCode;
}
