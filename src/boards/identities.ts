import { createHash } from 'node:crypto';
import { differs, type Difference } from './drift.ts';
import type { BoardDefinition } from './definition.ts';
import { numbered } from './table.ts';

/** Hash of a board's identities, whatever their order: how a frozen board is known again. */
export const identitiesSha256 = (identities: readonly string[]): string =>
  createHash('sha256').update(identities.toSorted().join('\n')).digest('hex');

/** That each row has an identity of its own, that they are enough, and those of a frozen board. */
export function checkIdentities(
  definition: BoardDefinition,
  identities: readonly string[],
): Difference[] {
  const diff: Difference[] = [];
  const rows = identities.length;
  const nameless = identities.filter((identity) => identity === '').length;
  const distinct = new Set(identities).size;
  if (nameless > 0) diff.push(differs('rows without identity', 0, nameless));
  if (distinct !== rows) diff.push(differs('distinct identities of rows', rows, distinct));
  if (rows < definition.minimumRows) {
    diff.push(differs('rows', `at least ${definition.minimumRows}`, rows));
  }
  const { frozen } = definition;
  if (!frozen) return diff;
  if (rows !== frozen.rows) {
    diff.push(differs(`rows, frozen since ${frozen.since}`, frozen.rows, rows));
  } else if (identitiesSha256(identities) !== frozen.identitiesSha256) {
    const found = identitiesSha256(identities);
    diff.push(differs('sha256 of the frozen identities', frozen.identitiesSha256, found));
  }
  return diff;
}

/** The identity of each row; repeated ones numbered where the board repeats itself. */
export function identitiesOf(definition: BoardDefinition, rows: readonly unknown[]): string[] {
  const identities = rows.map((row) => definition.identity(row));
  return definition.repeats === true ? numbered(identities) : identities;
}
