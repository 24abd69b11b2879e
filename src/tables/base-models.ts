import { z } from 'zod';
import { req, str, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { defineTable } from './table.ts';

interface Edge {
  base_model: string;
  base_model_id: string | null;
  relation: string | null;
  sources: string[];
}

const TAG = 'base_model:';
const RELATIONS = new Set(['adapter', 'finetune', 'merge', 'quantized']);

export const baseModels = defineTable({
  name: 'base_models',
  description:
    'One row is an edge of lineage: a model and one that it was made from. Edges that the Hub resolved, tags and the card are merged by name; `sources` says which of them state it.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the derived repository.'),
    _id: req('Its id that survives renames.'),
    base_model: req('Name of the model that it was made from, as stated.'),
    base_model_id: str('Id of that model, where the Hub resolved it.'),
    relation: str('adapter, finetune, merge or quantized; null when nobody says.'),
    sources: strs('Who states the edge: hub, tag, card.'),
  }),
  key: ['_id', 'base_model'],
  since: '0.1.0',
  project: (model) => {
    const { id, _id } = model;
    return [...edgesOf(model).values()].map((edge) => ({ id, _id, ...edge }));
  },
});

function edgesOf({ baseModels: hub, tags, cardData }: RawModel): Map<string, Edge> {
  const edges = new Map<string, Edge>();
  const add = (
    source: string,
    name: string,
    known: { id?: string | null; relation?: string | null },
  ) => {
    if (name === '') return;
    const edge = edges.get(name) ?? {
      base_model: name,
      base_model_id: null,
      relation: null,
      sources: [],
    };
    edge.base_model_id ??= known.id ?? null;
    edge.relation ??= known.relation ?? null;
    if (!edge.sources.includes(source)) edge.sources.push(source);
    edges.set(name, edge);
  };
  for (const base of hub?.models ?? []) {
    add('hub', base.id ?? '', { id: base._id, relation: hub?.relation ?? null });
  }
  for (const { id } of tags) if (id?.startsWith(TAG) === true) addTag(id.slice(TAG.length), add);
  for (const card of cardData) {
    for (const name of card.base_model) add('card', name, { relation: card.base_model_relation });
  }
  return edges;
}

/** `base_model:org/name` or `base_model:finetune:org/name`. */
function addTag(
  tag: string,
  add: (source: string, name: string, known: { relation: string | null }) => void,
): void {
  const colon = tag.indexOf(':');
  const relation = tag.slice(0, Math.max(colon, 0));
  if (RELATIONS.has(relation)) add('tag', tag.slice(colon + 1), { relation });
  else add('tag', tag, { relation: null });
}
