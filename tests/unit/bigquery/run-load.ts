import { loadBigquery } from '../../../src/export/bigquery/load.ts';
import { readManifest } from '../../../src/export/manifest.ts';

// A process of its own, so that a test can kill it and measure its memory: EXPORT ENDPOINT PROJECT.
const [exportDir = '', endpoint = '', project = ''] = process.argv.slice(2);
const clock = {
  nowMs: () => Date.now(),
  // The double's jobs go on as they are asked for: waiting would only make the test slow.
  sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
};
const manifest = await readManifest(exportDir);
const baseMb = process.resourceUsage().maxRSS / 1024;
const { outcome, sequence } = await loadBigquery(
  { clock },
  { manifest, exportDir },
  { project, endpoint },
);
const maxMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ outcome, sequence, baseMb, maxMb })}\n`);
