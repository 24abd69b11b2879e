import type { Normalise } from '../conform.ts';
import { isRecord } from '../json-text.ts';
import { each } from './each.ts';

const RELATIONS = ['adapter', 'finetune', 'merge', 'quantized'];

/** `{relation, models}`; also a bare list of models, and `{finetune: […]}`. */
export const baseModels: Normalise = (value) => {
  if (Array.isArray(value)) {
    const isBare =
      value.length > 0 &&
      value.every((it) => typeof it === 'string' || (isRecord(it) && !('models' in it)));
    return isBare ? { models: value as unknown[] } : value;
  }
  if (!isRecord(value) || 'models' in value) return value;
  const [relation, ...others] = RELATIONS.filter((key) => Object.hasOwn(value, key));
  if (relation === undefined || others.length > 0 || 'relation' in value) return value;
  const rest = Object.entries(value).filter(([key]) => key !== relation);
  return { ...Object.fromEntries(rest), relation, models: value[relation] };
};

/** A model that is a text is its name. */
export const baseModelList: Normalise = each((value) =>
  typeof value === 'string' ? { id: value } : value,
);
