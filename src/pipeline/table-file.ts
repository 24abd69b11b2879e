import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { formatOf } from '../boards/file-source.ts';
import { dataOf, FormatError } from '../crawlers/file-formats.ts';
import { EtlError, systemCode } from '../errors.ts';

/**
 * The rows of a file of the user's: CSV, TSV, JSON, JSONL or Parquet, by its name.
 *
 * @param flag that names the file: what is refused says so
 * @throws {EtlError} CONFIG_INVALID for a file that is none
 */
export async function readTable(
  file: string,
  flag: string,
): Promise<{ rows: unknown[]; sha256: string }> {
  const format = formatOf(file);
  if (format === null || format === 'zip' || format === 'html') {
    throw refused(flag, `${file} is no CSV, TSV, JSON, JSONL or Parquet, by its name`);
  }
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw refused(flag, `${file} cannot be read: ${systemCode(cause) ?? String(cause)}`, cause);
  });
  const rows = await dataOf(format, bytes).catch((cause: unknown) => {
    if (!(cause instanceof FormatError)) throw cause;
    throw refused(flag, `${file} ${cause.message}`, cause);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { rows: Array.isArray(rows) ? rows : [], sha256 };
}

/** That a file which a flag names is not what the flag is for. */
export const refused = (flag: string, why: string, cause?: unknown): EtlError =>
  new EtlError('CONFIG_INVALID', `${flag}: ${why}`, { cause });
