import { z } from 'zod';
import { PUBLISH, type Publish } from '../tables/publish.ts';

const text = z.string().min(1);

export const BoardLicence = z.strictObject({
  /** SPDX id; null where there is none. */
  id: text.nullable(),
  /** The licence, and of what it is where that is not the rows themselves. */
  name: text,
  publish: z.enum(PUBLISH),
  /** Address of the licence or the terms. */
  terms: z.httpUrl().optional(),
  /** The line that whoever publishes rows must give. */
  citation: text.optional(),
});
export type BoardLicence = z.infer<typeof BoardLicence>;

/** What anyone may publish, whoever he is; a use that must not be commercial is not anyone's. */
const FOR_ALL: readonly Publish[] = ['open', 'attribution', 'share_alike'];
export const mayBePublished = ({ publish }: Pick<BoardLicence, 'publish'>): boolean =>
  FOR_ALL.includes(publish);

const KNOWN = {
  'Apache-2.0': 'open',
  'CC-BY-4.0': 'attribution',
  'CC-BY-NC-4.0': 'non_commercial',
  'CC-BY-SA-4.0': 'share_alike',
  MIT: 'open',
} as const satisfies Record<string, Publish>;

/** A licence that is known by its SPDX id. @param of what it is of, where that is not the rows themselves */
export const licensed = (
  id: keyof typeof KNOWN,
  { of, ...more }: { of?: string; terms?: string; citation?: string } = {},
): BoardLicence => ({
  id,
  name: of === undefined ? id : `${id} (${of})`,
  publish: KNOWN[id],
  ...more,
});

/** The licence of a board as data; nothing is known of one that is a name alone. */
export const licenceOf = (licence: BoardLicence | string = 'not stated'): BoardLicence =>
  typeof licence === 'string' ? { id: null, name: licence, publish: 'unknown' } : licence;
