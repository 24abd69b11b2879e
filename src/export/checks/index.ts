import type { Check } from './check.ts';
import { references } from './references.ts';
import { boardRows, empty, freshCrawl, freshModels, rowDrop, rowMean } from './rows.ts';
import { schema } from './schema.ts';
import { coverage, required, scoreRange, uniqueKey, valueRange } from './values.ts';

/** Every check, in the order of their results. A new check is one more of this kind, and its line here. */
export const checks: readonly Check[] = [
  schema,
  empty,
  rowDrop,
  rowMean,
  boardRows,
  uniqueKey,
  required,
  coverage,
  references,
  valueRange,
  scoreRange,
  freshCrawl,
  freshModels,
];
