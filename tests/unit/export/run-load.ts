import { buildDuckdb } from '../../../src/export/duckdb.ts';
import { readManifest } from '../../../src/export/manifest.ts';

// A process of its own, so that a test can kill it: EXPORT PATH.
const [exportDir = '', path = ''] = process.argv.slice(2);
await buildDuckdb({ manifest: await readManifest(exportDir), exportDir, path });
