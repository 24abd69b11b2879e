import type { BenchmarkCaptures } from './export-benchmarks.ts';
import type { SourceFacts } from './manifest.ts';
import type { Output } from './output.ts';
import {
  compareResults,
  type BenchmarkAgreement,
  type StatedResult,
} from '../boards/rows/check-benchmarks.ts';
import type { BoardResult } from '../boards/rows/hub-benchmarks.ts';

const TABLE = 'eval_results';

/** An output that remembers what models state of benchmarks which have a leaderboard. */
export interface WatchedOutput extends Output {
  /** Null when the run has no models, or leaves the table out: then there is nothing to compare. */
  compare: (
    results: readonly BoardResult[],
    isRead: (model: string) => boolean,
  ) => BenchmarkAgreement | null;
}

/**
 * Watches the lines of `eval_results` on their way into the file, so that the captures of the models
 * are read only once. Results of other data sets are passed over: memory grows with the boards.
 */
export function watchResults(output: Output, { last }: BenchmarkCaptures): WatchedOutput {
  const stated: StatedResult[] = [];
  return {
    ...output,
    async append(table, lines, rows) {
      if (table === TABLE && last.size > 0) stated.push(...resultsIn(lines, last));
      await output.append(table, lines, rows);
    },
    compare: (results, isRead) =>
      output.names.includes(TABLE) && results.length > 0
        ? compareResults(results, stated, isRead)
        : null,
  };
}

function resultsIn(lines: Uint8Array, benchmarks: ReadonlyMap<string, unknown>): StatedResult[] {
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString('utf8');
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    // Written by us from the table's own definition a moment ago.
    const row = JSON.parse(line) as StatedResult;
    if (!benchmarks.has(row.benchmark ?? '')) return [];
    const { id, benchmark, task_ids, filename, pull_request, value_text } = row;
    return [{ id, benchmark, task_ids, filename, pull_request, value_text }];
  });
}

/** The comparison as facts of the manifest's source `benchmarks`. */
export const agreementFacts = (agreement: BenchmarkAgreement | null): SourceFacts => {
  if (agreement === null) return {};
  const { compared, differ, notOnBoard, notStated, withoutBoard, warnings } = agreement;
  return {
    resultsCompared: compared,
    resultsDiffer: differ,
    resultsNotOnBoard: notOnBoard,
    resultsNotStated: notStated,
    resultsWithoutBoard: withoutBoard,
    warnings: warnings.length === 0 ? null : warnings.join('; '),
  };
};
