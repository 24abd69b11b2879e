import type { REMOVAL_ANSWERS } from '../tables/repo-events.ts';
import type { Manifest } from './manifest.ts';

/** A finished export of an earlier run. */
export interface ReleaseBefore {
  folder: string;
  manifest: Manifest;
}

/** A repository that is no longer listed. */
export interface Removed {
  kind: 'models' | 'datasets' | 'spaces';
  _id: string;
  /** Its last name. */
  id: string;
}

/** What the Hub says of a repository that the list lacks: `alive` is an alarm, for it has it still. */
export type RemovalAnswer = (typeof REMOVAL_ANSWERS)[number] | 'alive';

/** Asks the Hub for repositories one by one; the answers by `_id`, of those that gave one. */
export type ConfirmRemoved = (
  removed: readonly Removed[],
) => Promise<ReadonlyMap<string, RemovalAnswer>>;
