import type { Normalise } from '../conform.ts';
import { isRecord } from '../json-text.ts';

/** The list gives providers as a list, the single model as an object by provider. */
export const providers: Normalise = (value) => {
  if (!isRecord(value) || typeof value['provider'] === 'string') return value;
  return Object.entries(value).map(([provider, it]) => {
    if (!isRecord(it)) return { provider, value: it };
    const own = it['provider'] ?? provider;
    return own === provider ? { ...it, provider } : { provider, value: it };
  });
};
