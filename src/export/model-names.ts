import {
  UNRESOLVED,
  type NamedModel,
  type ResolvedModel,
  type ResolveModel,
} from '../boards/rows/rows.ts';
import { lastPart, REPO_OR_NAME, sameName } from '../tables/repo-names.ts';
import type { Missed } from './export-missed.ts';
import type { IdSet } from './id-set.ts';

/** A row of `aliases`. */
export interface Alias {
  from_id: string;
  to_id: string;
  _id: string | null;
  how: 'redirect' | 'same_id';
  seen_at: string;
}

/** The models that were missed under one name because the Hub sent us on to another. */
export const redirectsOf = (missed: readonly Missed[]): Alias[] =>
  missed.flatMap(({ id, reason, detail, at }) =>
    reason === 'renamed' && id !== null && REPO_OR_NAME.test(detail)
      ? [{ from_id: id, to_id: detail, _id: null, how: 'redirect' as const, seen_at: at }]
      : [],
  );

/** Each pair of names once, the last that was said of it. */
export function uniqueAliases(aliases: readonly Alias[]): Alias[] {
  const seen = new Map(aliases.map((alias) => [`${alias.from_id} ${alias.to_id}`, alias]));
  return [...seen.values()].filter((alias) => alias.to_id !== '' && alias.to_id !== alias.from_id);
}

/** A model of the release. */
interface Model {
  id: string;
  _id: string;
}

/** What somebody says of names: ids by name. */
type Registry = ReadonlyMap<string, string>;

/** Looks for the models that boards name while the models pass: the names of all are not kept. */
export interface NameSearch {
  /** Is told of every exported model. */
  see: (id: string, _id: string) => void;
  /** The model of that id, capitals aside where they leave one; only of ids that were asked for. */
  find: (id: string) => Model | undefined;
  /** The one model that has the name, of an owner that begins with the organisation. */
  findOwned: (name: string, organization: string) => Model | undefined;
}

/** What tells two owners apart: letters and digits. */
const ownerKey = (text: string): string =>
  sameName(text.normalize('NFKC')).replaceAll(/[^\p{L}\p{N}]/gu, '');

/** A shorter one begins too many owners. */
const SHORTEST_OWNER = 3;

/** A name without its owner; blanks, dashes and underscores are one. */
const bareKey = (name: string): string => lastPart(name.trim()).replaceAll(/[\s_-]+/g, '-');

/** @param asked every name of every board */
export function searchNames(asked: readonly NamedModel[], registry: Registry): NameSearch {
  const byId = new Map<string, Model[]>();
  const owners = new Map<string, Map<string, Model[]>>();
  for (const { name, linked, stated, organizations } of asked) {
    const known = registry.get(name);
    for (const id of [name, ...linked, ...stated, ...(known === undefined ? [] : [known])]) {
      byId.set(sameName(id), []);
    }
    for (const owner of organizations.map(ownerKey)) {
      if (owner.length < SHORTEST_OWNER) continue;
      const ofName = owners.get(bareKey(name)) ?? new Map<string, Model[]>();
      owners.set(bareKey(name), ofName.set(owner, []));
    }
  }
  return {
    see(id, _id) {
      const model = { id, _id };
      const known = byId.get(sameName(id));
      known?.push(model);
      if (owners.size === 0) return;
      for (const [owner, models] of owners.get(bareKey(id)) ?? []) {
        const isOwned = id.includes('/') && ownerKey(id.split('/', 1)[0] ?? '').startsWith(owner);
        // Two are as many as a hundred: none is meant for certain.
        if (!isOwned || models.length > 1) continue;
        models.push(model);
        if (known === undefined) byId.set(sameName(id), [model]);
      }
    },
    find(id) {
      const models = byId.get(sameName(id)) ?? [];
      return models.find((it) => it.id === id) ?? only(models);
    },
    findOwned: (name, organization) =>
      only(owners.get(bareKey(name))?.get(ownerKey(organization)) ?? []),
  };
}

const only = <Value>(values: readonly Value[]): Value | undefined =>
  values.length === 1 ? values[0] : undefined;

interface Known {
  search: NameSearch;
  registry: Registry;
  /** Renames, and the ids of all models, for what a model is called now. */
  aliases: readonly Alias[];
  ids: IdSet;
  /** Every name of every board, for what one says of the names of others. */
  asked: readonly NamedModel[];
  /** The release has all models: what it has once, the Hub has once. */
  isWhole: boolean;
}

/** What a rule found: several models are a doubt, none leaves the name to the next rule. */
interface Finding {
  method: ResolvedModel['method'];
  confidence: number;
  ids: readonly string[];
}

/**
 * Finds the model that a board means, by the first of the rules of table `board_models` that says
 * anything. Where that says two things the name stays unresolved.
 */
export function resolver(known: Known): ResolveModel {
  const nameNow = renames(known);
  const elsewhere = statedElsewhere(known.asked);
  return (model) => {
    for (const { method, confidence, ids } of findings(known, model, { nameNow, elsewhere })) {
      const now = new Map(ids.map((id) => nameNow(id)).map((it) => [sameName(it.id), it]));
      const [found, ...others] = [...now.values()];
      if (found === undefined) continue;
      if (others.length > 0) return UNRESOLVED;
      if (found.isRenamed) return { modelId: found.id, _id: found._id, ...RENAMED };
      return { modelId: found.id, _id: found._id, method, confidence };
    }
    return UNRESOLVED;
  };
}

const RENAMED = { method: 'alias', confidence: 0.9 } as const;

/** In the order of their weight. */
function* findings(
  { search, registry, isWhole }: Known,
  { name, linked, stated, organizations }: NamedModel,
  { nameNow, elsewhere }: { nameNow: NameNow; elsewhere: ReadonlyMap<string, readonly string[]> },
): Generator<Finding, void> {
  const own = search.find(name);
  const ids = own === undefined ? [] : [own.id];
  const pointed = [...linked, ...stated];
  if (own?.id === name) yield { method: 'exact', confidence: 1, ids: [...ids, ...pointed] };
  if (pointed.length > 0) yield { method: 'link', confidence: 1, ids: [...pointed, ...ids] };
  yield { method: 'exact', confidence: 0.95, ids };
  if (nameNow(name).isRenamed) yield { ...RENAMED, ids: [name] };
  yield { method: 'alias', confidence: 0.85, ids: elsewhere.get(name) ?? [] };
  // A registry also names models that are not on the Hub: only the release says which of them are.
  const registered = search.find(registry.get(name) ?? '');
  if (registered !== undefined) yield { method: 'registry', confidence: 0.8, ids: [registered.id] };
  if (!isWhole || name.includes('/')) return;
  const owned = organizations.map((it) => search.findOwned(name, it));
  yield { method: 'alias', confidence: 0.7, ids: owned.flatMap((it) => it?.id ?? []) };
}

/** What boards that state ids say of names: theirs, and the others that they have for them. */
function statedElsewhere(asked: readonly NamedModel[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { name, stated, others } of asked) {
    if (stated.length === 0) continue;
    for (const text of [name, ...others]) ids.set(text, [...(ids.get(text) ?? []), ...stated]);
  }
  return ids;
}

/** What a model is called now, as the release has it. */
type NameNow = (id: string) => { id: string; _id: string | null; isRenamed: boolean };

function renames({ aliases, ids, search }: Known): NameNow {
  const now = new Map(aliases.map((alias) => [sameName(alias.from_id), alias]));
  const found = ids.find(new Set(aliases.map(({ to_id }) => sameName(to_id))));
  return (id: string) => {
    const alias = now.get(sameName(id));
    if (alias === undefined) {
      const model = search.find(id);
      return { id: model?.id ?? id, _id: model?._id ?? null, isRenamed: false };
    }
    const { to_id } = alias;
    const _id = alias._id ?? found.get(sameName(to_id)) ?? null;
    return { id: to_id, _id, isRenamed: true };
  };
}
