import { cleanBenchmark } from '../clean/benchmarks.ts';
import { parsePage } from '../clean/parse-page.ts';
import { capturesOf, checkCounts, writeReject, type ExportSession } from './export-session.ts';
import type { SourceCounts } from './manifest.ts';

/** Longest text of a rejected record. */
const MAX_REJECT_TEXT = 10_000;

/**
 * The official benchmarks, from the captures of their list. What is in the other captures of the
 * dataset, the leaderboard of each, stays raw.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`
 */
export async function exportBenchmarks(session: ExportSession): Promise<SourceCounts | null> {
  const dataset = session.input.datasets.benchmarks ?? null;
  if (dataset === null) return null;
  const counts: SourceCounts = { listed: 0, exported: 0, duplicates: 0, rejected: 0 };
  const seen = new Set<string>();
  for await (const { capture, n } of capturesOf(session, dataset)) {
    if (capture.source !== 'benchmarks') continue;
    for (const [position, record] of parsePage(capture.body).entries()) {
      counts.listed += 1;
      const cleaned = cleanBenchmark(record);
      if (!cleaned.ok) {
        counts.rejected += 1;
        const { reason, detail } = cleaned;
        const text = (JSON.stringify(record) ?? 'null').slice(0, MAX_REJECT_TEXT).toWellFormed();
        const pointer = { dataset, n, position };
        await writeReject(session, { reason, detail, pointer, record: text });
      } else if (seen.has(cleaned.row._id)) {
        counts.duplicates += 1;
      } else {
        seen.add(cleaned.row._id);
        counts.exported += 1;
        await session.output.write('benchmarks', [cleaned.row]);
      }
    }
  }
  checkCounts('benchmarks', counts);
  return counts;
}
