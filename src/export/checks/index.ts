import { boardRows } from './board-rows.ts';
import type { Check } from './check.ts';
import { coverage } from './coverage.ts';
import { empty } from './empty.ts';
import { freshness } from './freshness.ts';
import { references } from './references.ts';
import { required } from './required.ts';
import { rowDrop } from './row-drop.ts';
import { rowMean } from './row-mean.ts';
import { schema } from './schema.ts';
import { scoreRange } from './score-range.ts';
import { uniqueKey } from './unique-key.ts';
import { valueRange } from './value-range.ts';

/** Every check, in the order of docs/warehouses.md. A new check is its file and its line here. */
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
  freshness,
];
