import path from 'node:path';
import type { BoardOutcome } from '../crawlers/board-crawl.ts';
import { BoardFacts } from './state.ts';

/** What a run keeps of a board's reading. */
export function factsOfOutcome(outcome: BoardOutcome, storageDir: string): BoardFacts {
  const { evidence, error } = outcome;
  return BoardFacts.parse({
    ...outcome,
    found: foundIn(outcome),
    evidence: evidence === undefined ? undefined : path.relative(storageDir, evidence),
    error: error && {
      ...{ code: error.code, message: error.message },
      since: error.context['since'] ?? undefined,
    },
  });
}

/** Undefined for a board that is described, or a page that could not be read. */
function foundIn({ inferred, tables = [] }: BoardOutcome) {
  if (inferred === undefined) return undefined;
  const { columns, identity, repeats = false } = inferred;
  return {
    model: columns.find(({ kind }) => kind === 'model')?.header ?? '',
    identity: columns.filter(({ name }) => identity.includes(name)).map(({ header }) => header),
    ...{ repeats, columns, tables },
  };
}
