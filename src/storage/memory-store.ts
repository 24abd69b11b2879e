import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type {
  KeyValueStoreClient,
  KeyValueStoreClientListOptions,
  KeyValueStoreRecord,
} from '@crawlee/types';

interface Stored {
  value: unknown;
  contentType: string | undefined;
}

interface Store {
  createdAt: Date;
  modifiedAt: Date;
  records: Map<string, Stored>;
}

/**
 * Key-value stores that live as long as the process: nothing of ours is kept in one. Crawlee's own in memory are
 * gone in its version 4.
 */
export function createMemoryStores(): (name: string) => KeyValueStoreClient {
  const stores = new Map<string, Store>();
  return (name) => {
    const now = new Date();
    const store = stores.get(name) ?? { createdAt: now, modifiedAt: now, records: new Map() };
    stores.set(name, store);
    return createClient(name, store, () => stores.delete(name));
  };
}

function createClient(name: string, store: Store, drop: () => void): KeyValueStoreClient {
  const { records, createdAt } = store;
  return {
    get: () => {
      const { modifiedAt } = store;
      return Promise.resolve({ id: name, name, createdAt, modifiedAt, accessedAt: modifiedAt });
    },
    update: () => Promise.reject(new Error('a store of this storage cannot be renamed')),
    delete: () => Promise.resolve(drop()),
    listKeys: (options = {}) => Promise.resolve(listKeys(records, options)),
    recordExists: (key) => Promise.resolve(records.has(key)),
    getRecord: (key) => {
      const stored = records.get(key);
      return Promise.resolve(stored && recordOf(key, stored));
    },
    async setRecord({ key, value, contentType }) {
      const given: unknown = value;
      const whole = given instanceof Readable ? await buffer(given) : given;
      records.set(key, { value: whole, contentType });
      store.modifiedAt = new Date();
    },
    deleteRecord: (key) => {
      records.delete(key);
      return Promise.resolve();
    },
  };
}

/** Crawlee gives JSON as its text and wants the value back. */
function recordOf(key: string, { value, contentType }: Stored): KeyValueStoreRecord {
  const isJson = contentType?.includes('json') === true && typeof value === 'string';
  const whole: unknown = isJson ? JSON.parse(value) : value;
  return { key, value: whole, ...(contentType === undefined ? {} : { contentType }) };
}

function listKeys(
  records: Map<string, Stored>,
  { limit = 1000, exclusiveStartKey, prefix = '' }: KeyValueStoreClientListOptions,
) {
  const after = [...records.keys()]
    .filter((key) => key.startsWith(prefix) && (exclusiveStartKey ?? '') < key)
    .sort();
  const keys = after.slice(0, limit);
  const isTruncated = after.length > limit;
  const last = keys.at(-1);
  const size = (value: unknown): number =>
    typeof value === 'string' || value instanceof Uint8Array ? Buffer.byteLength(value) : 0;
  return {
    limit,
    isTruncated,
    count: keys.length,
    ...(exclusiveStartKey === undefined ? {} : { exclusiveStartKey }),
    ...(isTruncated && last !== undefined ? { nextExclusiveStartKey: last } : {}),
    items: keys.map((key) => ({ key, size: size(records.get(key)?.value) })),
  };
}
