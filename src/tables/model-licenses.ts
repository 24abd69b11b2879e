import { z } from 'zod';
import { oneOf, req, reqOneOf, str, strs } from './fields.ts';
import { FAMILIES, licenseNamed, type Family } from './license-families.ts';
import type { RawModel } from './raw-model.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  license: str(
    "The licence to count: the Hub's id where the text is one in any spelling, else the text as stated. Null when none is stated, and when several are.",
  ),
  spdx_id: str('The same in the SPDX list. Null where that has none, or the licence is not known.'),
  family: reqOneOf(
    FAMILIES,
    'What it lets people do; see table license_families. `unknown` also when none is stated: that is no permission.',
  ),
  license_basis: oneOf(
    ['tag', 'card', 'license_name', 'several'],
    'Where license is from: the tag, which the Hub made of the card; the card, where there is no tag; license_name, where the other two say `other` or nothing and the name is known; several: more than one is stated. Null when none is.',
  ),
  license_typed: strs('Licences as the card states them.'),
  license_tagged: strs('Licences among the tags, without `license:`.'),
  license_name: str('Name of a licence that is not in the list of the Hub, as the card states it.'),
  license_link: str('Address or file of the text of the licence, as the card states it.'),
});

type Row = z.output<typeof row>;

export const modelLicenses = defineTable({
  name: 'model_licenses',
  description:
    'One row is a model and the licence that it states, as typed, as tagged and resolved; every model has one. What an author states need not hold: a child cannot be freer than its base (view lineage), and data sets have licences of their own.',
  origin: 'model',
  row,
  key: ['_id'],
  project: ({ id, _id, tags, cardData }) => {
    const typed = unique(cardData.flatMap(({ license }) => license));
    const first = (field: 'license_name' | 'license_link'): string | null =>
      cardData.find((card) => card[field] !== null)?.[field] ?? null;
    const license_name = first('license_name');
    const tagged = taggedWith(namesOf(tags), TAG);
    return [
      {
        id,
        _id,
        ...resolved(typed, tagged, license_name),
        license_typed: typed,
        license_tagged: tagged,
        license_name,
        license_link: first('license_link'),
      },
    ];
  },
});

/** The licence of a data set or a Space. */
export const licenseColumns = {
  license: str(
    'The licence to count, resolved as in model_licenses. Null when none is stated, and when several are.',
  ),
  license_family: reqOneOf(FAMILIES, 'What it lets people do: see table license_families.'),
};

/** The licence to count, by tags and card. */
export function licenseIn(
  tags: readonly string[],
  card: { license_typed: string[]; license_name: string | null },
): { license: string | null; license_family: Family } {
  const { license_typed: typed, license_name } = card;
  const { license, family } = resolved(unique(typed), taggedWith(tags, TAG), license_name);
  return { license, license_family: family };
}

/** Tags of a model as the Hub has them. */
export const namesOf = (tags: RawModel['tags']): string[] => tags.flatMap(({ id }) => id ?? []);

/** What stands behind a prefix in tags, each once. */
export const taggedWith = (tags: readonly string[], prefix: string): string[] =>
  unique(tags.flatMap((tag) => (tag.startsWith(prefix) ? [tag.slice(prefix.length)] : [])));

const TAG = 'license:';

const unique = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((it) => it.trim() !== '')),
];

/** Ids that say no more than that there may be a licence. */
const VAGUE = new Set<string | undefined>(['other', 'unknown', undefined]);

const idOf = (text: string): string => licenseNamed(text)?.license ?? text;

type Resolved = Pick<Row, 'license' | 'spdx_id' | 'family' | 'license_basis'>;

function resolved(
  typed: readonly string[],
  tagged: readonly string[],
  name: string | null,
): Resolved {
  const license_basis = tagged.length > 0 ? 'tag' : 'card';
  const ids = unique((license_basis === 'tag' ? tagged : typed).map(idOf));
  const [only, ...others] = ids;
  if (others.length > 0) return severalOf(ids);
  const named = VAGUE.has(only) ? licenseNamed(name ?? '') : undefined;
  if (named !== undefined) return { ...factsOf(named.license), license_basis: 'license_name' };
  if (only === undefined) return { ...factsOf(null), license_basis: null };
  return { ...factsOf(only), license_basis };
}

function factsOf(license: string | null): Omit<Resolved, 'license_basis'> {
  const { spdx_id, family } = licenseNamed(license ?? '') ?? { spdx_id: null, family: 'unknown' };
  return { license, spdx_id, family };
}

/** Of several, the family is told where all have the same. */
function severalOf(ids: readonly string[]): Resolved {
  const families = new Set(ids.map(familyOf));
  const [family = 'unknown'] = families.size === 1 ? families : [];
  return { license: null, spdx_id: null, family, license_basis: 'several' };
}

const familyOf = (license: string): Family => licenseNamed(license)?.family ?? 'unknown';
