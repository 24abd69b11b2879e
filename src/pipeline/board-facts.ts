import path from 'node:path';
import type { BoardOutcome } from '../crawlers/board-crawl.ts';
import type { BoardFacts, BoardFound } from './state.ts';

/** What a run keeps of a board's reading: all but the rows. */
export function factsOfOutcome(outcome: BoardOutcome, storageDir: string): BoardFacts {
  const { status, stated, loaded, shownChecked, rows, seconds, warnings } = outcome;
  const { url, renderer, evidence, error } = outcome;
  const found = foundIn(outcome);
  return {
    status,
    stated,
    loaded,
    shownChecked,
    rows,
    seconds,
    warnings,
    url,
    renderer,
    ...(found && { found }),
    ...(evidence !== undefined && { evidence: path.relative(storageDir, evidence) }),
    ...(error && { error: { code: error.code, message: error.message } }),
  };
}

/** Undefined for a board that is described, or a page that could not be read. */
function foundIn({ inferred, tables = [] }: BoardOutcome): BoardFound | undefined {
  if (inferred === undefined) return undefined;
  const { columns, identity, repeats = false } = inferred;
  return {
    model: columns.find(({ kind }) => kind === 'model')?.header ?? '',
    identity: columns.filter(({ name }) => identity.includes(name)).map(({ header }) => header),
    repeats,
    columns: columns.map(({ header, name, kind, score, unit, lowerIsBetter }) => ({
      header,
      name,
      kind,
      score: score ?? false,
      unit: unit ?? null,
      lowerIsBetter: lowerIsBetter ?? null,
    })),
    tables,
  };
}
