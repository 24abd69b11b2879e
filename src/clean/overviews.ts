import { z } from 'zod';
import { authors, overviewColumns } from '../tables/authors.ts';
import { columnsOf } from '../tables/columns.ts';
import { conform } from './conform.ts';
import { isRecord } from './json-text.ts';
import type { Repair } from './rules.ts';
import { shapeOf } from './shape.ts';
import { createSink } from './sink.ts';

const row = z.strictObject({ ...overviewColumns, extra: authors.row.shape.extra });

/** What the Hub says of an owner, as columns of the table `authors`. */
export type Overview = z.output<typeof row>;

/** Longest text, in UTF-16 units: what an owner says of himself is kept in extra. */
const LONGEST = 65_536;

const shape = shapeOf(columnsOf({ ...authors, row, key: [] }), {
  spelled: {
    full_name: 'fullname',
    is_verified: 'isVerified',
    is_pro: 'isPro',
    members: 'numUsers',
    followers: 'numFollowers',
    created_at: 'createdAt',
    organizations: 'orgs',
    'organizations.full_name': 'fullname',
  },
});

/** An overview from the Hub's answer; null for what is none. Total: what has no column is in `extra`. */
export function cleanOverview(value: unknown): { overview: Overview; repairs: Repair[] } | null {
  if (!isRecord(value)) return null;
  const sink = createSink(LONGEST);
  // conform gives the shape of the columns: tests hold it against the zod object.
  const overview = conform(shape, value, sink) as Overview;
  return { overview, repairs: sink.repairs };
}
