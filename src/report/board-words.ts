import { count } from './format.ts';
import type { BoardChange, BoardReading } from './input.ts';

/** `+12 added, −3 removed, 40 scores revised` */
export const changesText = ({ added, removed, revised }: BoardChange): string =>
  added + removed + revised === 0
    ? 'nothing has changed'
    : `+${count(added)} added, −${count(removed)} removed, ${count(revised)} scores revised`;

/** What speaks for the rows being those of the page. */
export function howChecked({
  status,
  loaded,
  rows,
  shownChecked,
}: Pick<BoardReading, 'status' | 'loaded' | 'rows' | 'shownChecked'>): string {
  if (status === 'drifted' || status === 'failed') return 'nothing taken';
  if (status === 'loaded_only') return 'as loaded: the page showed its own error';
  if (shownChecked === 0) return 'all that the source counts';
  if (status === 'at_rest')
    return 'every row that the page shows, with nothing to compare them with';
  if (loaded === null) return 'every row read from the page';
  const all = shownChecked >= rows ? 'all' : count(shownChecked);
  return `${all} compared with the page`;
}
