import { oneOf, str } from './fields.ts';

/** What anybody may do with a board's rows, from most to least; `unknown`: nobody says. */
export const PUBLISH = [
  'open',
  'attribution',
  'share_alike',
  'non_commercial',
  'internal_only',
  'unknown',
] as const;
export type Publish = (typeof PUBLISH)[number];

/** What the rows of a board say of what may be done with them. */
export const licenceColumns = {
  licence: str("Licence of the board's rows, as its definition names it. Null before 0.2."),
  publish: oneOf(PUBLISH, 'What anybody may do with the row; unknown: nobody says.'),
};
