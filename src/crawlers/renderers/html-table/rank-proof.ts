import { numberOf } from '../../../boards/values.ts';
import type { Difference } from '../../../boards/drift.ts';
import { foldSpace } from '../../../boards/text.ts';
import type { NamedTable } from './table-choice.ts';

const RANK_HEADER = /^(#|№|no\.?|rank|place|pos(ition)?\.?)$/i;
const MEDALS: Partial<Record<string, number>> = { '🥇': 1, '🥈': 2, '🥉': 3 };

function rankOf(text: string): number | null {
  // Nearly all ranks of a long board; the rest takes many times as long.
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const medal = [...text].map((it) => MEDALS[it]).find((it) => it !== undefined);
  const number = medal ?? numberOf(text.replace(/^#\s*/, '').replace(/(st|nd|rd|th)$/, ''));
  return number !== null && Number.isInteger(number) ? number : null;
}

/**
 * What the ranks of a table say against it being whole. Whether ties count once, twice or by
 * intervals: at least as many rows as its rank go down to each, itself among them, unless rows are
 * missing or hidden by a filter. Pure.
 */
export function rankDifferences({ headers, rows }: NamedTable): Difference[] {
  const column = headers.findIndex((header) => RANK_HEADER.test(foldSpace(header)));
  if (column < 0) return [];
  const ranks = rows.flatMap((row) => rankOf(row[column]?.text ?? '') ?? []);
  // Unranked entries are none of our business, a column of other things under such a header is not.
  if (ranks.length < rows.length / 2 || ranks.some((rank) => rank < 0)) return [];
  const fromZero = ranks.includes(0) ? 1 : 0;
  const sorted = ranks.toSorted((a, b) => a - b).map((rank) => rank + fromZero);
  const at = sorted.findIndex((rank, place) => rank > place + 1);
  if (at < 0) return [];
  const found = `rank ${(sorted[at] ?? 0) - fromZero} after ${at} rows`;
  return [{ what: 'ranks', where: headers[column] ?? '', expected: 'no gap', found }];
}
