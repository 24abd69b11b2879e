import type { z } from 'zod';
import { benchmarks } from '../tables/benchmarks.ts';
import { columnsOf } from '../tables/columns.ts';
import { compileConform } from './conform.ts';
import { identified } from './identity.ts';
import type { Refusal } from './identity.ts';
import { gated } from './normalise/gated.ts';
import type { Repair } from './rules.ts';
import { createSink } from './sink.ts';

/** A row of the table `benchmarks`. */
export type Benchmark = z.output<typeof benchmarks.row>;

export type CleanedBenchmark = { ok: true; row: Benchmark; repairs: Repair[] } | Refusal;

/** Longest text of a row, in UTF-16 units: descriptions are cut by the Hub long before. */
const LONGEST = 65_536;

const conform = compileConform(columnsOf(benchmarks), {
  spelled: {},
  aliases: {},
  single: new Set(),
  normalise: {},
  replace: {},
});

/** A row of `benchmarks` from one element of the Hub's list of datasets. Total, as `cleanModel` is. */
export function cleanBenchmark(value: unknown): CleanedBenchmark {
  const known = identified(value);
  if (!known.ok) return known;
  const sink = createSink(LONGEST, new Map());
  // conform gives the shape that it was compiled from: tests hold it against the zod object.
  const row = conform(gated(known.record), sink) as Benchmark;
  return { ok: true, row, repairs: sink.repairs };
}
