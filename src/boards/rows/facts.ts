import type { BoardColumn, BoardDefinition } from '../definition.ts';
import { rowsOfRecords } from '../records.ts';
import { columnValue, identityOf, numbered, tableRow } from '../table.ts';
import { isObject, numberOf } from '../values.ts';
import type { NumberForm } from '../form.ts';
import type { BoardSnapshot, ShownRow } from '../snapshot.ts';

/** What rows of any board need of its definition. */
export type BoardFacts = Pick<BoardDefinition, 'identity' | 'repeats' | 'records' | 'columns'>;

/** What a board without a definition gives: no scores, each row as it was shown. */
const UNKNOWN: BoardFacts = { identity: () => '', columns: [] };

/** A row of a snapshot, loaded or shown or both. */
export interface Item {
  position: number;
  entryId: string;
  record: unknown;
  /** What the page loaded: the same, or where its rows are made of records, that record. */
  source: unknown;
  shown: ShownRow | undefined;
}

/**
 * The facts that the crawl found out of a page that nobody described: the snapshot carries them as
 * data. Total: what is no such data gives a board without scores.
 */
export function inferredFacts({ inferred }: BoardSnapshot): BoardFacts {
  if (!isObject(inferred) || !Array.isArray(inferred['columns'])) return UNKNOWN;
  const given: unknown[] = inferred['columns'];
  const columns = given.flatMap(columnFrom);
  const names: unknown[] = Array.isArray(inferred['identity']) ? inferred['identity'] : [];
  const identity = columns.filter(({ name }) => names.includes(name));
  return {
    identity: (row) => identityOf(row, identity),
    repeats: inferred['repeats'] === true,
    columns,
  };
}

const KINDS = ['text', 'number', 'percent', 'boolean', 'date', 'model'] as const;

function columnFrom(value: unknown): BoardColumn[] {
  if (!isObject(value)) return [];
  const { header, name, score, unit, lowerIsBetter } = value;
  const form = formFrom(value['form']);
  const kind = KINDS.find((it) => it === value['kind']);
  if (typeof header !== 'string' || typeof name !== 'string' || kind === undefined) return [];
  return [
    {
      header,
      name,
      kind,
      score: score === true,
      ...(typeof unit === 'string' && { unit }),
      ...(typeof lowerIsBetter === 'boolean' && { lowerIsBetter }),
      ...(form && { form }),
      value: (row) => columnValue(row, { header, kind, form }),
    },
  ];
}

function formFrom(value: unknown): NumberForm | undefined {
  if (!isObject(value) || !isObject(value['factors'])) return undefined;
  const factors = Object.entries(value['factors']).flatMap(([unit, factor]): [string, number][] =>
    typeof factor === 'number' ? [[unit, factor]] : [],
  );
  const loaded = numberOf(value['loaded']);
  return {
    decimal: value['decimal'] === ',' ? ',' : '.',
    factors: Object.fromEntries(factors),
    ...(loaded !== null && { loaded }),
  };
}

/** The rows of a snapshot with their identities, in the board's order of loading. */
export function itemsOf(facts: BoardFacts, { loaded, shown }: BoardSnapshot): Item[] {
  const { records } = facts;
  const given: unknown[] = loaded ?? shown.map(tableRow);
  const rows = records && loaded ? rowsOfRecords(records, loaded) : given;
  const plain = rows.map((row) => attempt(() => facts.identity(row)) ?? '');
  const identities = facts.repeats === true ? numbered(plain) : plain;
  const shownById = new Map(shown.map((row) => [row.identity, row]));
  return rows.map((record, position) => {
    const identity = identities[position] ?? '';
    const seen = loaded === null ? shown[position] : shownById.get(identity);
    // A row that was only shown, of a board that nobody knows any more, has the crawl's identity.
    const entryId = (identity === '' && loaded === null ? seen?.identity : identity) ?? '';
    const source = given[position];
    return { position, entryId: entryId.toWellFormed(), record, source, shown: seen };
  });
}

/** Total also over a definition's functions, which trust the payload. */
export const attempt = <Value>(read: () => Value): Value | undefined => {
  try {
    return read();
  } catch {
    // A row that its definition cannot read is a reject, told by its caller.
    return undefined;
  }
};
