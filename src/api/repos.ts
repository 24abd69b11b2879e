import { EtlError } from '../errors.ts';
import type { HubClient } from './client.ts';
import { AttemptError, type Answer } from './retry.ts';

/** What the Hub lists in the same way: one page after the other, with the fields that are asked for. */
export const REPO_KINDS = ['models', 'datasets', 'spaces'] as const;
export type RepoKind = (typeof REPO_KINDS)[number];

/** Under which name a list of what changed is kept. */
export const catchupOf = (kind: RepoKind) =>
  kind === 'models' ? ('catchup' as const) : (`catchup-${kind}` as const);

/** Under which name records are kept that were asked for one by one. */
export const singlesOf = (kind: RepoKind) =>
  kind === 'models' ? ('singles' as const) : (`singles-${kind}` as const);

interface RepoFields {
  /** Every field that the list gives. */
  all: readonly string[];
  /** Those of them that make pages large. */
  heavy: readonly string[];
  /** Those that move while neither the revision nor the date of the last change does, and the two. */
  light: readonly string[];
  /** Accepted without effect, or by single repositories only: no news when the probe names them. */
  others: readonly string[];
}

const LIGHT = 'author createdAt disabled lastModified likes private sha trendingScore';

/**
 * The fields of each list.
 *
 * @see https://huggingface.co/docs/huggingface_hub/package_reference/hf_api `list_models`, `list_datasets`, `list_spaces`
 */
export const LIST_FIELDS: Readonly<Record<RepoKind, RepoFields>> = {
  models: {
    all: words(
      'author baseModels cardData config createdAt disabled downloads downloadsAllTime evalResults gated gguf inferenceProviderMapping lastModified library_name likes model-index pipeline_tag private safetensors sha siblings tags transformersInfo trendingScore widgetData xetEnabled',
    ),
    heavy: words('siblings gguf widgetData'),
    light: words(`${LIGHT} downloads downloadsAllTime gated`),
    others: words('spaces mask_token inference resourceGroup childrenModelCount usedStorage'),
  },
  datasets: {
    all: words(
      'author cardData citation createdAt description disabled downloads downloadsAllTime gated lastModified likes mainSize paperswithcode_id private sha siblings tags trendingScore xetEnabled',
    ),
    heavy: words('siblings description citation'),
    light: words(`${LIGHT} downloads downloadsAllTime gated`),
    others: words('resourceGroup usedStorage'),
  },
  spaces: {
    all: words(
      'author cardData createdAt datasets disabled lastModified likes models private region runtime sdk sha siblings subdomain tags trendingScore xetEnabled',
    ),
    heavy: words('siblings'),
    light: words(`${LIGHT} runtime`),
    others: words('resourceGroup usedStorage'),
  },
};

function words(text: string): string[] {
  return text.split(' ');
}

/** Where a record stands in a list, oldest first: texts that sort as the Hub does; null without a date. */
export function placeOf(record: unknown): string | null {
  const { createdAt, _id } = Object(record) as { createdAt?: unknown; _id?: unknown };
  return typeof createdAt === 'string' && typeof _id === 'string' ? `${createdAt} ${_id}` : null;
}

interface RepoListQuery {
  kind: RepoKind;
  sort: 'createdAt' | 'lastModified';
  /** 1 ascending, -1 descending. */
  direction: 1 | -1;
  expands: readonly string[];
  pageSize: number;
  filter?: string | undefined;
  author?: string | undefined;
}

/**
 * Path and query of the first page of a list. `createdAt` ascending is the one order in which nothing
 * moves while it is read: new repositories land at the end.
 */
export function repoListPath(query: RepoListQuery): string {
  const parameters = new URLSearchParams({
    limit: String(query.pageSize),
    sort: query.sort,
    direction: String(query.direction),
  });
  if (query.filter !== undefined) parameters.append('filter', query.filter);
  if (query.author !== undefined) parameters.append('author', query.author);
  for (const name of query.expands) parameters.append('expand[]', name);
  return `/api/${query.kind}?${parameters.toString()}`;
}

/** A path within an address, or an id as one. */
export const encodedPath = (path: string): string =>
  path.split('/').map(encodeURIComponent).join('/');

/** Path of one repository; others of its own follow it. */
export const repoPath = (kind: RepoKind, id: string): string => `/api/${kind}/${encodedPath(id)}`;

/** The same page, asked for in another size: the cursor does not depend on it. */
export function withPageSize(path: string, pageSize: number): string {
  return edit(path, (parameters) => parameters.set('limit', String(pageSize)));
}

/** The same page with just these fields. */
export function withExpands(path: string, expands: readonly string[]): string {
  return edit(path, (parameters) => {
    parameters.delete('expand');
    parameters.delete('expand[]');
    for (const name of expands) parameters.append('expand[]', name);
  });
}

/** The record that a list ends with: the first one of the same list in the other direction. */
export const lastOfList = (path: string): string =>
  edit(path, (parameters) => {
    parameters.set('limit', '1');
    parameters.set('direction', parameters.get('direction') === '1' ? '-1' : '1');
    parameters.delete('cursor');
    // With `expand`, what `full` does is not known.
    for (const name of ['full', 'expand[]']) parameters.delete(name);
    parameters.append('expand[]', 'createdAt');
  });

/** The opaque cursor of a page; null for the first. */
export function cursorOf(path: string): string | null {
  return new URL(path, 'http://hub.invalid').searchParams.get('cursor');
}

/** The page of a cursor that was sent before; '' for the first one. */
export const withCursor = (path: string, cursor: string): string =>
  edit(path, (parameters) =>
    cursor === '' ? parameters.delete('cursor') : parameters.set('cursor', cursor),
  );

function edit(path: string, change: (parameters: URLSearchParams) => void): string {
  const url = new URL(path, 'http://hub.invalid');
  change(url.searchParams);
  return url.pathname + url.search;
}

/** What the Hub itself says about its fields, against what we ask for. */
export interface ExpandDrift {
  /** Fields that we ask for and the Hub no longer knows. */
  removed: string[];
  /** Fields that the Hub knows and we do not. */
  added: string[];
  /** False when the answer named no set that could be read: then nothing is known. */
  readable: boolean;
  /** The Hub's own clock, from its `Date` header. */
  serverTime: string | undefined;
}

/**
 * Asks for a field that does not exist and reads the valid set out of the Hub's own refusal (400), so
 * that a field that comes or goes is news at the start of a run and not a hole in a table.
 *
 * @throws {EtlError} HTTP_…, AUTH_… when the Hub does not answer at all; HTTP_NOT_JSON when it is none
 */
export async function probeExpands(
  client: HubClient,
  kind: RepoKind,
  signal?: AbortSignal,
): Promise<ExpandDrift> {
  // No such field exists: the Hub refuses it and names the valid ones.
  const path = `/api/${kind}?limit=1&expand[]=__probe__`;
  const answer = await client.retrying(() => probeOnce(client, path, signal));
  const { status, headers, url, body } = answer;
  const time = serverTime(headers['date']);
  if (status === 400) return { ...readExpandSet(body.toString('utf8'), kind), serverTime: time };
  if (/\bjson\b/i.test(headers['content-type'] ?? '')) {
    return { removed: [], added: [], readable: false, serverTime: time };
  }
  throw new EtlError('HTTP_NOT_JSON', `GET ${url} answered with a page, not with JSON`);
}

/** Here a refusal is the answer. */
async function probeOnce(client: HubClient, path: string, signal?: AbortSignal): Promise<Answer> {
  try {
    return await client.attempt(path, signal);
  } catch (error) {
    const refused = error instanceof AttemptError ? error.failure.answer : undefined;
    if (refused?.status === 400) return refused;
    throw error;
  }
}

/** Some times what the Hub's own refusal has. */
const LONGEST_REFUSAL = 16_000;

/**
 * Reads the valid fields out of the text of a 400, whatever its wording: a list of names, quoted or
 * not, parted by commas or bars. What stands in that list and is not known to us is new.
 */
export function readExpandSet(text: string, kind: RepoKind): Omit<ExpandDrift, 'serverTime'> {
  const { all, others } = LIST_FIELDS[kind];
  const known = new Set([...all, ...others]);
  const named = new Set(
    text
      .slice(0, LONGEST_REFUSAL)
      .split(/[,|]/)
      .flatMap((it, at, parts) => [
        // Beside a comma or a bar stands a name of the list.
        ...(at > 0 ? [wordAt(it, 0)] : []),
        ...(at < parts.length - 1 ? [wordAt(it, -1)] : []),
      ]),
  );
  const removed = all.filter((name) => !named.has(name));
  // The text must name most of what we know, else it is some other refusal.
  if (removed.length > all.length / 2) return { removed: [], added: [], readable: false };
  const added = [...named].filter(
    (name) => !known.has(name) && name !== '__probe__' && name !== '',
  );
  return { removed, added, readable: true };
}

const wordAt = (text: string, at: 0 | -1): string =>
  text
    .split(/[^\w-]/)
    .filter((it) => !['', 'or', 'and'].includes(it))
    .at(at) ?? '';

function serverTime(date: string | undefined): string | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
