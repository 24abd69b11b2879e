import { join } from 'node:path';
import { EtlError } from '../errors.ts';
import { digestFile, orMissing } from '../storage/files.ts';
import type { Manifest } from './manifest.ts';

/**
 * Checks each table file of an export against the bytes and the hash that the manifest states.
 *
 * @throws {EtlError} `CHECK_REFUSED` for a file that is missing or differs.
 */
export async function verifyFiles(
  manifest: Pick<Manifest, 'tables'>,
  exportDir: string,
): Promise<void> {
  for (const { files } of Object.values(manifest.tables)) {
    for (const file of files) {
      const found = await orMissing(digestFile(join(exportDir, file.path)));
      if (found?.bytes === file.bytes && found.sha256 === file.sha256) continue;
      const why = found === undefined ? 'is missing' : 'is not what the manifest says';
      throw new EtlError('CHECK_REFUSED', `${file.path} of the export ${why}`, {
        context: { file: file.path, bytes: found?.bytes, expected: file.bytes },
      });
    }
  }
}
