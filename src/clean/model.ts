import { packedTotal } from '../tables/quantization.ts';
import { rawModel } from '../tables/raw-model.ts';
import type { RawModel } from '../tables/raw-model.ts';
import { createCleaner, type CleanContext } from './cleaner.ts';
import type { Refusal } from './identity.ts';
import { modelPlan } from './model-plan.ts';
import { gated } from './normalise/hub.ts';
import type { Repair } from './rules.ts';

export { MAX_RECORD_BYTES, type CleanContext } from './cleaner.ts';
export type { Repair, RepairRule } from './rules.ts';
export { REPAIR_RULES } from './rules.ts';
export type { TagEntry } from './tags.ts';

export type Cleaned = { ok: true; model: RawModel; repairs: Repair[] } | Refusal;

export const modelCleaner = createCleaner<RawModel>(rawModel, modelPlan, {
  before: gated,
  after: (model) => {
    if (model.safetensors !== null) model.safetensors.packed_total ??= packedTotal(model);
  },
});

/** A clean model, see `createCleaner`. */
export function cleanModel(value: unknown, context: CleanContext): Cleaned {
  const cleaned = modelCleaner(value, context);
  return cleaned.ok ? { ok: true, model: cleaned.record, repairs: cleaned.repairs } : cleaned;
}
