import { createHash } from 'node:crypto';
import type {
  QueueOperationInfo,
  RequestOptions,
  RequestQueueClient,
  RequestQueueInfo,
  RequestSchema,
} from '@crawlee/types';

interface Entry {
  id: string;
  /** The request as JSON: what its owner does to it later changes nothing here. */
  json: string;
  isHandled: boolean;
  /** Until then nobody else is given the request, in milliseconds since 1970. */
  lockedUntil: number;
}

interface Queue {
  createdAt: Date;
  modifiedAt: Date;
  requests: Map<string, Entry>;
  /** Ids of the requests that are not handled yet, in their order. */
  pending: string[];
}

/**
 * Request queues that live as long as the process: a crawl resumes by its captures. Crawlee's own goes through
 * all that were handled for each request, and `--details` makes 300,000 of them.
 */
export function createMemoryQueues(): (name: string) => RequestQueueClient {
  const queues = new Map<string, Queue>();
  return (name) => {
    const now = new Date();
    const queue = queues.get(name) ?? newQueue(now);
    queues.set(name, queue);
    return createClient(name, queue, () => queues.delete(name));
  };
}

const newQueue = (now: Date): Queue => ({
  createdAt: now,
  modifiedAt: now,
  requests: new Map(),
  pending: [],
});

function createClient(name: string, queue: Queue, drop: () => void): RequestQueueClient {
  const { requests } = queue;
  const head = (limit: number) => ({
    limit,
    queueModifiedAt: queue.modifiedAt,
    hadMultipleClients: false,
  });
  const locked = (id: string): Entry => {
    const entry = requests.get(id);
    if (entry === undefined || entry.isHandled) throw new Error(`request ${id} is not pending`);
    return entry;
  };
  return {
    get: () => Promise.resolve(infoOf(name, queue)),
    update: () => Promise.reject(new Error('a queue of this storage cannot be renamed')),
    delete: () => Promise.resolve(drop()),
    listHead: ({ limit = 100 } = {}) =>
      Promise.resolve({ ...head(limit), items: pendingOf(queue, limit).map(itemOf) }),
    listAndLockHead: ({ limit = 25, lockSecs }) => {
      const now = Date.now();
      const free = pendingOf(queue, limit, (it) => it.lockedUntil <= now);
      for (const entry of free) entry.lockedUntil = now + lockSecs * 1000;
      const queueHasLockedRequests = queue.pending.length > 0;
      return Promise.resolve({
        ...head(limit),
        lockSecs,
        queueHasLockedRequests,
        items: free.map(itemOf),
      });
    },
    addRequest: (request, options) => Promise.resolve(add(queue, request, options)),
    batchAddRequests: (added, options) =>
      Promise.resolve({
        processedRequests: added.map((request) => ({
          uniqueKey: request.uniqueKey,
          ...add(queue, request, options),
        })),
        unprocessedRequests: [],
      }),
    getRequest: (id) => Promise.resolve(requestOf(requests.get(id))),
    updateRequest: (request, options) => Promise.resolve(update(queue, request, options)),
    deleteRequest: (id) => {
      requests.delete(id);
      setPending(queue, id, undefined);
      return Promise.resolve();
    },
    prolongRequestLock: (id, { lockSecs, forefront }) => {
      const entry = locked(id);
      entry.lockedUntil = Date.now() + lockSecs * 1000;
      if (forefront === true) setPending(queue, id, 'front');
      return Promise.resolve({ lockExpiresAt: new Date(entry.lockedUntil) });
    },
    deleteRequestLock: (id, { forefront } = {}) => {
      locked(id).lockedUntil = 0;
      if (forefront === true) setPending(queue, id, 'front');
      return Promise.resolve();
    },
  };
}

const requestOf = (entry: Entry | undefined): RequestOptions | undefined =>
  // Written here as an object.
  entry && (JSON.parse(entry.json) as RequestOptions);

function itemOf(entry: Entry) {
  const { id, json } = entry;
  const request = JSON.parse(json) as RequestSchema;
  return { ...request, id, retryCount: request.retryCount ?? 0, method: request.method ?? 'GET' };
}

/** Crawlee reckons ids in the same way. @see https://github.com/apify/crawlee/blob/v3.18.1/packages/core/src/storages/utils.ts */
const idOf = (uniqueKey: string): string =>
  createHash('sha256').update(uniqueKey).digest('base64').replaceAll(/[+/=]/g, '').slice(0, 15);

function pendingOf(queue: Queue, limit: number, isWanted?: (entry: Entry) => boolean): Entry[] {
  const found: Entry[] = [];
  for (const id of queue.pending) {
    const entry = queue.requests.get(id);
    if (entry !== undefined && isWanted?.(entry) !== false) found.push(entry);
    if (found.length === limit) break;
  }
  return found;
}

/** Puts an id to its place among the pending ones, or nowhere. */
function setPending(queue: Queue, id: string, place: 'front' | 'end' | undefined): void {
  const at = queue.pending.indexOf(id);
  if (at !== -1) queue.pending.splice(at, 1);
  if (place === 'front') queue.pending.unshift(id);
  if (place === 'end') queue.pending.push(id);
  queue.modifiedAt = new Date();
}

function add(
  queue: Queue,
  request: RequestSchema,
  { forefront = false }: RequestOptions = {},
): QueueOperationInfo {
  const id = idOf(request.uniqueKey);
  const known = queue.requests.get(id);
  if (known !== undefined) {
    return { requestId: id, wasAlreadyPresent: true, wasAlreadyHandled: known.isHandled };
  }
  put(queue, { ...request, id }, forefront ? 'front' : 'end');
  return { requestId: id, wasAlreadyPresent: false, wasAlreadyHandled: false };
}

function update(
  queue: Queue,
  request: RequestSchema & { id: string },
  { forefront = false }: RequestOptions = {},
): QueueOperationInfo {
  const known = queue.requests.get(request.id);
  const wasAlreadyHandled = known?.isHandled === true;
  // One that is asked for again keeps its place.
  const isKept = known !== undefined && !known.isHandled;
  put(queue, request, forefront ? 'front' : isKept ? 'same' : 'end');
  return { requestId: request.id, wasAlreadyPresent: known !== undefined, wasAlreadyHandled };
}

function put(
  queue: Queue,
  request: RequestSchema & { id: string },
  place: 'front' | 'end' | 'same',
): void {
  const { id } = request;
  const isHandled = typeof request.handledAt === 'string';
  queue.requests.set(id, { id, json: JSON.stringify(request), isHandled, lockedUntil: 0 });
  if (isHandled) setPending(queue, id, undefined);
  else if (place !== 'same') setPending(queue, id, place);
}

function infoOf(
  name: string,
  { requests, pending, createdAt, modifiedAt }: Queue,
): RequestQueueInfo {
  const totalRequestCount = requests.size;
  const pendingRequestCount = pending.length;
  return {
    id: name,
    name,
    createdAt,
    modifiedAt,
    accessedAt: modifiedAt,
    totalRequestCount,
    pendingRequestCount,
    handledRequestCount: totalRequestCount - pendingRequestCount,
    hadMultipleClients: false,
  };
}
