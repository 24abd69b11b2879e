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
