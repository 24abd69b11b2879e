import { answerDetail, usedStorage } from './details.ts';
import { parseDetailFields } from './query.ts';
import { errorReply, jsonReply, textReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { splitFields } from './json-fields.ts';
import { readTags, renderEntry } from './store.ts';
import type { Entry, Store } from './store.ts';

/** Renames that were recorded on the Hub: old id → the id that it answers now. */
export const RENAMES: Readonly<Record<string, string>> = {
  't5-small': 'google-t5/t5-small',
  'bert-base-uncased': 'google-bert/bert-base-uncased',
  'meta-llama/Meta-Llama-3.1-8B': 'meta-llama/Llama-3.1-8B',
  'meta-llama/Meta-Llama-3.1-8B-Instruct': 'meta-llama/Llama-3.1-8B-Instruct',
  'runwayml/stable-diffusion-v1-5': 'stable-diffusion-v1-5/stable-diffusion-v1-5',
};

/** Owners that took over the models of one word. */
const HEIRS = [
  'openai-community',
  'google-bert',
  'google-t5',
  'FacebookAI',
  'distilbert',
  'albert',
  'xlnet',
  'almanach',
];

export interface ModelRequest {
  /** Path behind `/api/models/`, still encoded: the id, perhaps with `/revision/{rev}`, `/treesize/{rev}`, `/scan`. */
  rest: string;
  /** With its `?`, or empty. */
  search: string;
  hasToken: boolean;
}

/** Answers `GET /api/models/{id}` and what is below it; undefined when the path is of another kind. */
export function answerModel(store: Store, request: ModelRequest): Reply | undefined {
  const match = /^([^/]+(?:\/[^/]+?)?)((?:\/(revision|treesize|scan)(?:\/([^/]+))?)?)$/.exec(
    request.rest,
  );
  if (match === null) return undefined;
  const [, name = '', suffix = '', part = 'revision', rev = 'main'] = match;
  const id = decode(name);
  const entry = store.byId.get(findId(store, id) ?? '');
  if (entry === undefined) return missingReply(request.hasToken);
  if (entry.id !== id) return redirectReply(entry.id, suffix, request.search);
  const revision = decode(rev);
  const isKnown = ['main', 'HEAD', readSha(entry)].some((it) => it === revision);
  if (!isKnown) return errorReply(404, `Invalid rev id: ${revision}`, 'RevisionNotFound');
  if (part !== 'revision') return answerDetail(entry, part);
  const fields = parseDetailFields(new URLSearchParams(request.search));
  if ('error' in fields) return errorReply(400, fields.error);
  return jsonReply(200, renderDetail(store, entry, fields));
}

const readSha = ({ line }: Entry): unknown => JSON.parse(splitFields(line).get('sha') ?? 'null');

/** What the Hub says of a repository that is missing, private or hidden. */
export function missingReply(hasToken: boolean): Reply {
  if (hasToken) return errorReply(404, 'Repository not found', 'RepoNotFound');
  return errorReply(401, 'Invalid username or password.');
}

function redirectReply(target: string, suffix: string, search: string): Reply {
  const path = target.split('/').map(encodeURIComponent).join('/');
  const Location = `/api/models/${path}${suffix}${search}`;
  return textReply(307, `Temporary Redirect. Redirecting to ${Location}`, { Location });
}

/** The id under which the Hub answers what was asked for. */
function findId(store: Store, id: string): string | undefined {
  const renamed = RENAMES[id];
  if (renamed !== undefined) return renamed;
  if (!id.includes('/')) {
    const heir = HEIRS.map((owner) => `${owner}/${id}`).find((it) => store.byId.has(it));
    if (heir !== undefined) return heir;
  }
  return store.byId.has(id) ? id : store.byLowerId.get(id.toLowerCase())?.id;
}

function renderDetail(store: Store, entry: Entry, names: readonly string[]): string {
  const fields = splitFields(entry.line);
  const extra = new Map<string, string>();
  const mapping = fields.get('inferenceProviderMapping');
  if (mapping !== undefined) extra.set('inferenceProviderMapping', providersByName(mapping));
  if (!fields.has('usedStorage')) extra.set('usedStorage', String(usedStorage(entry)));
  if (!fields.has('childrenModelCount')) {
    extra.set('childrenModelCount', JSON.stringify(countChildren(store, entry, names)));
  }
  const plain = names.filter((name) => !extra.has(name));
  const added = names.flatMap((name) => {
    const value = extra.get(name);
    return value === undefined ? [] : `,${JSON.stringify(name)}:${value}`;
  });
  return `${renderEntry(entry, plain).slice(0, -1)}${added.join('')}}`;
}

function providersByName(list: string): string {
  const providers: unknown = JSON.parse(list);
  if (!Array.isArray(providers)) return list;
  const byName = new Map<string, unknown>();
  for (const item of providers as unknown[]) {
    if (typeof item !== 'object' || item === null || !('provider' in item)) continue;
    // `_id`, `performance` and `type` are seen on the list only.
    const { provider, status, providerId, task, isModelAuthor } = item as Record<string, unknown>;
    byName.set(String(provider), { status, providerId, task, isModelAuthor });
  }
  return JSON.stringify(Object.fromEntries(byName));
}

const RELATIONS = ['adapter', 'merge', 'quantized', 'finetune'] as const;

function countChildren(
  store: Store,
  { id }: Entry,
  names: readonly string[],
): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(RELATIONS.map((it) => [it, 0]));
  if (!names.includes('childrenModelCount')) return counts;
  for (const entry of store.entries) {
    if (!entry.line.includes('base_model:')) continue;
    const tags = readTags(entry);
    for (const relation of RELATIONS) {
      if (tags.includes(`base_model:${relation}:${id}`)) {
        counts[relation] = (counts[relation] ?? 0) + 1;
      }
    }
  }
  return counts;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a broken escape names nothing, so the lookup fails as for any unknown id
  }
}
