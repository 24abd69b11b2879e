/** Opens a storage, says so, and holds it until stdin ends; says the code when it cannot. */
import { writeSync } from 'node:fs';
import { EtlError } from '../../../src/errors.ts';
import { openStorage } from '../../../src/storage/storage-folder.ts';

const [dir = ''] = process.argv.slice(2);
try {
  const storage = await openStorage(dir, { command: 'crawl models' });
  writeSync(1, 'open\n');
  process.stdin.resume().once('end', storage.close);
} catch (error) {
  if (!(error instanceof EtlError)) throw error;
  writeSync(1, `${error.code}\n`);
  process.stdin.destroy();
}
