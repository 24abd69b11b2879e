import { field } from '../boards/values.ts';
import { MISSED_REASONS } from '../tables/missed.ts';
import { capturesOf, textOf, timestampOf, type ExportSession } from './export-session.ts';

/** A record that the crawl could not have, or not whole. */
export interface Missed {
  id: string | null;
  source: string;
  reason: string;
  detail: string;
  url: string;
  at: string;
}

/** What the crawl stated as missed. A page that was asked for again after a kill states it once. */
export async function readMissed(session: ExportSession): Promise<Missed[]> {
  const found = new Map<string, Missed>();
  for await (const stored of capturesOf(session, 'missed')) {
    const missed = itemOf(JSON.parse(textOf(stored)));
    const key = JSON.stringify({ ...missed, at: '' });
    if (!found.has(key)) found.set(key, missed);
  }
  return [...found.values()];
}

function itemOf(item: unknown): Missed {
  const text = (name: string): string => {
    const value = field(item, name);
    return typeof value === 'string' ? value.toWellFormed() : '';
  };
  return {
    id: text('id') === '' ? null : text('id'),
    source: text('source'),
    reason: text('reason'),
    detail: text('detail'),
    url: text('url'),
    at: timestampOf(text('at')),
  };
}

/** Rows of the table; a reason that it does not know is told in the detail. */
export const missedRows = (missed: readonly Missed[]): object[] =>
  missed.map(({ reason, detail, ...rest }) => {
    const known = MISSED_REASONS.find((it) => it === reason);
    return known === undefined
      ? { ...rest, reason: 'server_error', detail: `${reason}: ${detail}` }
      : { ...rest, reason: known, detail: detail === '' ? null : detail };
  });

/** Of which list of repositories it was missed; of none, where benchmarks and boards miss things. */
export const missedOf = ({ source }: Missed): 'models' | 'datasets' | 'spaces' | null => {
  if (source === 'catchup' || source === 'singles') return 'models';
  const name = source.replace(/^(?:catchup|singles)-/, '');
  return name === 'models' || name === 'datasets' || name === 'spaces' ? name : null;
};
