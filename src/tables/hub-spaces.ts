import { z } from 'zod';
import { spaceCard, spaceList } from './space-record.ts';
import { licenseColumns, licenseIn } from './model-licenses.ts';
import { extra, nothingOf, observedAt } from './repo-columns.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({ ...spaceList, ...licenseColumns, ...spaceCard, extra, ...observedAt });

const NO_CARD = nothingOf(spaceCard);

export const hubSpaces = defineTable<typeof row, 'space'>({
  name: 'hub_spaces',
  description:
    'One row is a Space of the Hub, with what the Hub lists, how it ran, and what its card states. Its popularity over time: space_usage.',
  origin: 'space',
  row,
  key: ['_id'],
  project: ({ cardData, extra: rest, ...fields }, { readAt }) => {
    const stated = cardData ?? NO_CARD;
    const licence = licenseIn(fields.tags, stated);
    return [{ ...fields, ...licence, ...stated, extra: rest, observed_at: readAt }];
  },
});
