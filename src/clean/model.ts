import { columnsOf } from '../tables/columns.ts';
import { packedTotal } from '../tables/quantization.ts';
import { rawModel } from '../tables/raw-model.ts';
import type { RawModel } from '../tables/raw-model.ts';
import type { ModelContext } from '../tables/table.ts';
import { conform } from './conform.ts';
import { identified } from './identity.ts';
import type { Refusal } from './identity.ts';
import type { JsonRecord } from './json-text.ts';
import { modelPlan } from './model-plan.ts';
import { gated } from './normalise/hub.ts';
import type { Repair } from './rules.ts';
import { shapeOf } from './shape.ts';
import { createSink } from './sink.ts';
import type { TagEntry } from './tags.ts';

export type { Repair, RepairRule } from './rules.ts';
export { REPAIR_RULES } from './rules.ts';
export type { TagEntry } from './tags.ts';

/** What cleaning knows beside the record. Nothing else: no clock, no I/O. */
export interface CleanContext extends ModelContext {
  /** The vocabulary of tags, by id; see `cleanTags`. Empty when it was not crawled. */
  tags: ReadonlyMap<string, TagEntry>;
}

export type Cleaned = { ok: true; model: RawModel; repairs: Repair[] } | Refusal;

/** Largest row, in bytes of JSON. Warehouses take more; nothing real comes near. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Lengths that texts of a too large record are cut to, one after the other, in UTF-16 units. */
const CUTS = [Infinity, 65_536, 1_024];

/** JSON can write one UTF-16 unit in six bytes (`\u0001`): below a sixth of the limit nothing is measured. */
const SURELY_SMALL = MAX_RECORD_BYTES / 8;

/**
 * A clean record from one element of a page, as `parsePage` gave it. Total: any value gives an
 * answer, never a throw. What was changed is in `repairs`; what has no column is in `params` and
 * `extra`; so each scalar of the input is found in the record, or its SHA-256 where it was cut.
 */
export function cleanModel(value: unknown, context: CleanContext): Cleaned {
  const known = identified(value);
  if (!known.ok) return known;
  for (const longest of CUTS) {
    const { model, repairs, size } = conformed(known.record, context, longest);
    if (size < SURELY_SMALL || bytesOf(model) <= MAX_RECORD_BYTES)
      return { ok: true, model, repairs };
  }
  return {
    ok: false,
    reason: 'too_large',
    detail: `more than ${MAX_RECORD_BYTES} bytes after cutting texts`,
  };
}

const shape = shapeOf(columnsOf(rawModel), modelPlan);

function conformed(value: JsonRecord, context: CleanContext, longest: number) {
  const sink = createSink(longest, context.tags);
  // conform gives the shape of the columns: tests hold it against the zod object.
  const model = conform(shape, gated(value), sink) as RawModel;
  if (model.safetensors !== null) model.safetensors.packed_total ??= packedTotal(model);
  return { model, repairs: sink.repairs, size: sink.size };
}

const bytesOf = (model: RawModel): number => Buffer.byteLength(JSON.stringify(model));
