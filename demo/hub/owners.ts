import { createHash } from 'node:crypto';
import { errorReply, jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Entry } from './store.ts';

/** An owner of that many repositories is an organisation here, of fewer a user: the records do not tell. */
const LEAST_OF_ORGANIZATION = 3;

interface Owned {
  models: number;
  datasets: number;
  spaces: number;
}

/** What is listed, by kind. */
export type Listed = Readonly<Record<keyof Owned, readonly Entry[]>>;

/**
 * Answers `GET /api/organizations/{x}/overview` and `GET /api/users/{x}/overview`: invented figures in
 * the Hub's shape, the same ones each time; 404 for the other kind and for who owns nothing.
 *
 * @param gone owners that nobody knows of any more, though they are listed
 */
export function createOwners(
  listed: Listed,
  gone: readonly string[],
): (path: string) => Reply | undefined {
  let owners: ReadonlyMap<string, Owned> | undefined;
  return (path) => {
    const [, kind, text = ''] =
      /^\/api\/(organizations|users)\/([^/]+)\/overview$/.exec(path) ?? [];
    if (kind === undefined) return undefined;
    const name = decodeURIComponent(text);
    owners ??= ownersOf(listed);
    const owned = gone.includes(name) ? undefined : owners.get(name);
    if (owned === undefined || kind !== kindOf(owned)) {
      return errorReply(404, `This ${kind === 'users' ? 'user' : 'organization'} does not exist`);
    }
    const overview = kind === 'users' ? userOf(name, owned) : organizationOf(name, owned);
    return jsonReply(200, JSON.stringify(overview));
  };
}

function ownersOf(listed: Listed): Map<string, Owned> {
  const owners = new Map<string, Owned>();
  for (const kind of ['models', 'datasets', 'spaces'] as const) {
    for (const { id } of listed[kind]) {
      const [name = '', rest] = id.split('/');
      if (rest === undefined) continue;
      const owned = owners.get(name) ?? { models: 0, datasets: 0, spaces: 0 };
      owned[kind] += 1;
      owners.set(name, owned);
    }
  }
  return owners;
}

const kindOf = ({ models, datasets, spaces }: Owned): 'organizations' | 'users' =>
  models + datasets + spaces >= LEAST_OF_ORGANIZATION ? 'organizations' : 'users';

/** A number that is the same for a name each time. */
const figureOf = (name: string, below: number): number =>
  createHash('sha1').update(name).digest().readUInt32BE() % below;

const commonOf = (name: string, { models, datasets, spaces }: Owned) => ({
  avatarUrl: `https://cdn-avatars.huggingface.co/v1/invented/${encodeURIComponent(name)}.png`,
  fullname: name.replaceAll(/[-_]+/g, ' '),
  numModels: models,
  numDatasets: datasets,
  numSpaces: spaces,
  numPapers: figureOf(name, 40),
  numFollowers: figureOf(name, 5000),
  isFollowing: false,
});

const organizationOf = (name: string, owned: Owned) => ({
  ...commonOf(name, owned),
  name,
  type: 'org',
  details: `Invented: what ${name} says of itself`,
  isVerified: figureOf(name, 2) === 0,
  // The Hub names a plan only where there is one.
  ...(figureOf(name, 3) === 0 && { plan: 'team' }),
  numUsers: 1 + figureOf(name, 200),
});

const userOf = (name: string, owned: Owned) => ({
  ...commonOf(name, owned),
  user: name,
  type: 'user',
  isPro: figureOf(name, 4) === 0,
  createdAt: new Date(Date.UTC(2022, 2, 3) + figureOf(name, 1000) * 86_400_000).toISOString(),
  orgs: figureOf(name, 2) === 0 ? [{ name: 'invented', fullname: 'Invented', avatarUrl: '' }] : [],
  numDiscussions: figureOf(name, 90),
  numUpvotes: figureOf(name, 50),
  numLikes: figureOf(name, 300),
  numFollowing: figureOf(name, 30),
});
