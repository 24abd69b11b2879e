import type { z } from 'zod';
import { benchmarks } from '../tables/benchmarks.ts';
import { columnsOf } from '../tables/columns.ts';
import { conform } from './conform.ts';
import { identified } from './identity.ts';
import type { Refusal } from './identity.ts';
import { gated } from './normalise/hub.ts';
import type { Repair } from './rules.ts';
import { shapeOf } from './shape.ts';
import { createSink } from './sink.ts';

/** A row of the table `benchmarks`. */
export type Benchmark = z.output<typeof benchmarks.row>;

type CleanedBenchmark = { ok: true; row: Benchmark; repairs: Repair[] } | Refusal;

/** Longest text of a row, in UTF-16 units: descriptions are cut by the Hub long before. */
const LONGEST = 65_536;

/** What the list does not tell of a benchmark: its `eval.yaml` and leaderboards do. */
export type BenchmarkFacts = Pick<
  Benchmark,
  'evaluation_framework' | 'tasks' | 'default_task' | 'entries'
>;

const UNKNOWN: BenchmarkFacts = {
  evaluation_framework: null,
  tasks: [],
  default_task: null,
  entries: null,
};

/** Columns that are ours: a key of the same name in a record is kept in extra, as any unknown one. */
const OURS = new Set(['licenses', ...Object.keys(UNKNOWN)]);

const shape = shapeOf(columnsOf(benchmarks).filter(({ name }) => !OURS.has(name)));

const LICENSE = 'license:';

/**
 * A row of `benchmarks` from one element of the Hub's list of datasets. Total, as `cleanModel` is.
 *
 * @param factsOf what is known of it beside the list, by its name
 */
export function cleanBenchmark(
  value: unknown,
  factsOf: (id: string) => BenchmarkFacts = () => UNKNOWN,
): CleanedBenchmark {
  const known = identified(value);
  if (!known.ok) return known;
  const sink = createSink(LONGEST);
  // conform gives the shape of the columns: tests hold it against the zod object.
  const listed = conform(shape, gated(known.record), sink) as Omit<Benchmark, keyof BenchmarkFacts>;
  const licenses = listed.tags.filter((it) => it.startsWith(LICENSE));
  const row: Benchmark = {
    ...listed,
    ...factsOf(listed.id),
    licenses: licenses.map((it) => it.slice(LICENSE.length)),
  };
  return { ok: true, row, repairs: sink.repairs };
}
