import { z } from 'zod';
import { req, reqBool, str, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { lastPart, repoName, sameName } from './repo-names.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the derived repository.'),
  _id: req('Its id that survives renames.'),
  base_model: req(
    'Name of the model that it was made from: as the Hub resolved it, else as stated, without address and blanks. Join by base_model_id where it is not null: names differ in capitals and change.',
  ),
  base_model_id: str(
    'Id of that model, where the Hub resolved it or the release holds a model of that name (or of the name that it was renamed to). Null for models that are gone, private, misspelt, or renamed before this crawl (see aliases).',
  ),
  relation: str(
    'How it was made: adapter, finetune, merge, quantized, or what the Hub has added since. Null when nobody says.',
  ),
  sources: strs('Who states the edge: hub (resolved), tag, card.'),
  stated_as: strs(
    'Other spellings under which the model itself states this base: a former name, another case, an address.',
  ),
  is_self: reqBool('Whether the model names itself. Leave such edges out of counts.'),
});

/** An edge of lineage. */
export type Edge = Omit<z.output<typeof row>, 'id' | '_id'>;

export const baseModels = defineTable({
  name: 'base_models',
  description:
    'One row is an edge of lineage: a model and one that it was made from. What the Hub resolved, tags and the card say of one base is one row, under the name that the Hub uses; `sources` says who states it. Texts that can be no repository (local paths, "None", sentences) give no row: see model_card.base_model. A model without rows was trained from scratch, or does not say.',
  origin: 'model',
  row,
  key: ['_id', 'base_model'],
  project: (model) => {
    const { id, _id } = model;
    return edgesOf(model).map((edge) => ({ id, _id, ...edge }));
  },
});

const TAG = 'base_model:';
const RELATION = /^[a-z][a-z_-]{0,30}$/;
/** Never names of models, where a tag was cut off. */
const RELATIONS = new Set(['adapter', 'finetune', 'merge', 'quantized', 'distill']);

/** What somebody says of a base. */
interface Said {
  source: 'hub' | 'tag' | 'card';
  stated: string;
  id?: string | null;
  relation: string | null;
}

/** Every base that a model states, once. */
export function edgesOf(model: RawModel): Edge[] {
  const edges = new Map<string, Edge>();
  const hub = model.baseModels ?? { relation: null, models: [] };
  for (const { id, _id, relation } of hub.models) {
    add(edges, { source: 'hub', stated: id ?? '', id: _id, relation: relation ?? hub.relation });
  }
  for (const { id } of model.tags) {
    if (id?.startsWith(TAG) === true) addTag(edges, id.slice(TAG.length));
  }
  for (const card of model.cardData) addCard(edges, card);
  const found = [...edges.values()];
  for (const edge of found) edge.is_self = isSelf(edge, model);
  return found;
}

const isSelf = (edge: Edge, { id, _id }: RawModel): boolean =>
  edge.base_model_id === _id || sameName(edge.base_model) === sameName(id);

function add(edges: Map<string, Edge>, said: Said): void {
  const name = repoName(said.stated);
  if (name === null) return;
  const key = sameName(name);
  const edge = edges.get(key) ?? {
    ...{ base_model: name, base_model_id: null, relation: null },
    ...{ sources: [], stated_as: [], is_self: false },
  };
  edges.set(key, edge);
  state(edge, said);
}

function state(edge: Edge, { source, stated, id, relation }: Said): void {
  edge.base_model_id ??= id ?? null;
  edge.relation ??= relation;
  if (!edge.sources.includes(source)) edge.sources.push(source);
  if (stated !== edge.base_model && !edge.stated_as.includes(stated)) edge.stated_as.push(stated);
}

/** `base_model:org/name`, or `base_model:finetune:org/name` with any relation. */
function addTag(edges: Map<string, Edge>, tag: string): void {
  if (RELATIONS.has(tag)) return;
  const colon = tag.indexOf(':');
  const relation = tag.slice(0, Math.max(colon, 0));
  const stated = tag.slice(colon + 1);
  const isTyped = RELATION.test(relation) && repoName(stated) !== null;
  add(edges, {
    source: 'tag',
    ...(isTyped ? { stated, relation } : { stated: tag, relation: null }),
  });
}

/**
 * The Hub's tags say what it made of the names in the card. What is left over on both sides is the same
 * model under two names: first those that have the last part of the name in common (a new owner, a name
 * of one word as of old), then the rest in order, if they are equally many.
 */
function addCard(edges: Map<string, Edge>, card: RawModel['cardData'][number]): void {
  const own = new Set(card.tags);
  const isOpen = ({ base_model: name, sources }: Edge): boolean =>
    !sources.includes('card') && !own.has(TAG + name);
  const said = card.base_model.map((stated) => {
    return { source: 'card' as const, stated, relation: card.base_model_relation };
  });
  const isKnown = ({ stated }: Said): boolean => edges.has(sameName(repoName(stated) ?? ''));
  const known = said.filter(isKnown);
  const names = new Set(said.filter((it) => !isKnown(it) && repoName(it.stated) !== null));
  for (const it of known) add(edges, it);
  for (const it of names) {
    const last = lastPart(repoName(it.stated) ?? '');
    const alike = [...edges.values()].filter((edge) => lastPart(edge.base_model) === last);
    const [edge, ...others] = alike.filter(isOpen);
    if (edge === undefined || others.length > 0) continue;
    state(edge, it);
    names.delete(it);
  }
  const open = [...edges.values()].filter(isOpen);
  for (const [at, it] of [...names].entries()) {
    const edge = open.length === names.size ? open[at] : undefined;
    if (edge === undefined) add(edges, it);
    else state(edge, it);
  }
}
