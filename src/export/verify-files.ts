import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { EtlError, systemCode } from '../errors.ts';
import type { Manifest, TableFile } from './manifest.ts';

/**
 * Checks each table file of an export against the bytes and the hash that the manifest states.
 *
 * @throws {EtlError} `CHECK_REFUSED` for a file that is missing or differs.
 */
export async function verifyFiles(manifest: Manifest, exportDir: string): Promise<void> {
  for (const { files } of Object.values(manifest.tables)) {
    for (const file of files) {
      const found = await digestFile(join(exportDir, file.path));
      if (found?.bytes === file.bytes && found.sha256 === file.sha256) continue;
      const why = found === undefined ? 'is missing' : 'is not what the manifest says';
      throw new EtlError('CHECK_REFUSED', `${file.path} of the export ${why}`, {
        context: { file: file.path, bytes: found?.bytes, expected: file.bytes },
      });
    }
  }
}

/** Bytes and SHA-256 of a file; undefined when it does not exist. */
export async function digestFile(
  path: string,
): Promise<Pick<TableFile, 'bytes' | 'sha256'> | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}
