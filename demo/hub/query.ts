import { decodeCursor } from './cursor.ts';
import type { Order, Position } from './cursor.ts';
import { MODEL_DETAIL_DEFAULTS, MODEL_DETAIL_EXPANDS } from './listing.ts';
import type { Listing } from './listing.ts';

/** What a request for a page of a list asks for. */
export interface ListQuery extends Order {
  limit: number;
  /** Fields of each record beside `_id` and `id`, in the order of the answer. */
  fields: readonly string[];
  filters: readonly string[];
  author: string | null;
  search: string | null;
  pipelineTag: string | null;
  after: Position | null;
  /** The understood parameters in the `Link`'s spelling, without the cursor. */
  echo: readonly (readonly [string, string])[];
}

/** A sentence for the body of a 400. */
export interface BadQuery {
  error: string;
}

const KNOWN = [
  'search',
  'author',
  'filter',
  'pipeline_tag',
  'sort',
  'direction',
  'limit',
  'full',
  'cardData',
  'config',
  'expand',
];

/** Reads the query of a list request; parameters that the Hub does not know are ignored. */
export function parseListQuery(
  listing: Listing,
  parameters: URLSearchParams,
  pageLimit: number,
): ListQuery | BadQuery {
  const echo = readEcho(parameters);
  const values = (name: string): string[] =>
    echo.filter(([key]) => key === name).map(([, value]) => value);
  const first = (name: string): string | null => values(name)[0] ?? null;

  const expands = values('expand');
  const badExpand = describeBadExpand(expands, listing.expands);
  if (badExpand !== undefined) return { error: badExpand };
  const sort = listing.sorts.find((it) => it === (first('sort') ?? 'trendingScore'));
  if (sort === undefined) {
    return { error: `Unknown sort "${first('sort')}". It may be: ${listing.sorts.join(', ')}.` };
  }
  const direction = first('direction') ?? '-1';
  if (direction !== '1' && direction !== '-1') return { error: 'direction must be 1 or -1.' };
  const limit = first('limit') ?? String(pageLimit);
  if (!/^[1-9]\d{0,8}$/.test(limit)) return { error: 'limit must be a positive integer.' };

  const order: Order = { sort, direction: direction === '1' ? 1 : -1 };
  const cursor = parameters.get('cursor');
  const after = cursor === null ? null : decodeCursor(order, cursor);
  if (after === undefined) return { error: 'The cursor does not belong to this list.' };
  return {
    ...order,
    limit: Math.min(Number(limit), pageLimit),
    fields: chooseFields(listing, expands, (flag) => first(flag) === 'true'),
    filters: values('filter'),
    author: first('author'),
    search: first('search'),
    pipelineTag: first('pipeline_tag'),
    after,
    echo,
  };
}

/** Fields of a single model by its query, or the sentence of a 400. */
export function parseDetailFields(parameters: URLSearchParams): readonly string[] | BadQuery {
  const expands = [...parameters]
    .filter(([name]) => name === 'expand' || name === 'expand[]')
    .map(([, value]) => value);
  const error = describeBadExpand(expands, MODEL_DETAIL_EXPANDS);
  if (error !== undefined) return { error };
  return expands.length > 0 ? [...new Set(expands)] : MODEL_DETAIL_DEFAULTS;
}

function readEcho(parameters: URLSearchParams): [string, string][] {
  return [...parameters]
    .map(([name, value]): [string, string] => [name === 'expand[]' ? 'expand' : name, value])
    .filter(([name]) => KNOWN.includes(name));
}

function describeBadExpand(
  expands: readonly string[],
  valid: readonly string[],
): string | undefined {
  const bad = expands.find((it) => !valid.includes(it));
  if (bad === undefined) return undefined;
  return `"${bad}" cannot be expanded here. These can: ${valid.join(', ')}.`;
}

function chooseFields(
  listing: Listing,
  expands: readonly string[],
  isOn: (flag: string) => boolean,
): readonly string[] {
  if (expands.length > 0) {
    return listing.expands.filter((it) => expands.includes(it) && !listing.silent.includes(it));
  }
  const full = isOn('full') ? listing.full : [];
  const flags = ['cardData', 'config'].filter(isOn);
  return [...new Set([...listing.defaults, ...full, ...flags])];
}
