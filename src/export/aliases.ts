import { REPO_OR_NAME } from '../tables/repo-names.ts';
import type { Missed } from './export-missed.ts';

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
