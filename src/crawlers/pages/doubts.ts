import type { Difference } from '../../boards/drift.ts';
import { isRankHeader } from '../../boards/text.ts';
import { mayChoose } from '../../boards/controls.ts';
import { rankOf } from '../../boards/form.ts';
import type { NamedTable } from './choose.ts';
import { hasRoom, type Surroundings } from './inside/around.ts';
import { nameOf, nextTurn, type Turn } from './pager.ts';
import type { TablePayload } from './payload.ts';
import type { StatedSize } from './stated.ts';

const ROWS =
  '(?:rows?|models?|entries|results?|records?|systems?|submissions?|items?|data|leaderboard|rankings?|table|list)';
/** `Show all 60 models`, and not `View full changelog`. */
const MORE_ROWS = new RegExp(
  String.raw`^\W*(?:show|view|see|load|display|expand)\s(?:(?:\d+\s)?(?:all|more|(?:the )?(?:full|entire|complete)|remaining|the rest)(?:\s(?:of|the|\d+|${ROWS}))*|\d+\s(?:more|${ROWS}))[^\p{L}\p{N}]*$`,
  'iu',
);
const MORE = /^\W*(?:expand(?: all| table| leaderboard)?|\d+ more(?: \w+)?|more)\W*$/i;

const MORE_ELSEWHERE =
  /更多|もっと|더 ?보기|^(?:mehr|weitere)\s|(?:afficher|voir|charger)\s(?:\S+\s)?plus|(?:ver|mostrar|cargar|carregar)\s(?:\S+\s)?(?:más|mais)|(?:mostra|carica)\s(?:\S+\s)?altr|(?:показать|загрузить)\s(?:ещё|еще|больше)|daha fazla|xem thêm|więcej|meer (?:laden|tonen|weergeven)|المزيد|muat lebih/i;
const MORE_MARK = /\b(?:load|show|view|see)[-_]?more\b/i;

/** `Page 1 of 33`, whatever leads to the others. */
const FIRST_OF_PAGES = /^page:? ?1 ?(?:of|\/) ?(?:[2-9]|[1-9]\d+)$/i;

/** A table with what stands around it. */
interface Beside {
  around: Surroundings;
}

/** The control that shows more rows of a table, if there is one. */
export const moreControl = ({ around }: Beside): Turn | undefined =>
  around.controls
    .map((control, at): Turn => ({ at, control }))
    .find(({ control: { label, marks, disabled } }) => {
      const says = [MORE_ROWS, MORE, MORE_ELSEWHERE].some((it) => it.test(label));
      return !disabled && (says || MORE_MARK.test(marks));
    });

/** What a table says of its size besides its rows. */
export interface TableSize extends NamedTable, Beside {
  /** Rows that its role states; null where it states none. */
  statedRows: number | null;
  /** Rows in the document, heads included. */
  drawnRows: number;
  /** Height that no row with a text accounts for: room for rows that are not drawn. */
  spacePx: number;
  rowPx: number;
  /** Set when all of its pages were read. */
  pages?: unknown;
}

/** What keeps rows of a table from who looks on, whatever was loaded for it. Pure. */
export const veils = ({ around }: Beside): Difference[] =>
  (around.veils ?? []).map((text) => none('rows for other readers', text));

/** What makes it doubtful that the rows of a table are all, where no data says so. Pure. */
export function partialities(table: TableSize, size: StatedSize): Difference[] {
  const { rows, spacePx, statedRows, drawnRows } = table;
  const diff: Difference[] = [];
  if (hasRoom(table)) diff.push(none('pixels of rows that are not drawn', spacePx));
  if (statedRows !== null && statedRows > drawnRows) {
    diff.push({ what: 'aria-rowcount', expected: `${drawnRows}`, found: `${statedRows}` });
  }
  const more = moreControl(table);
  if (more) diff.push(none('control for more rows', nameOf(more.control)));
  diff.push(...table.around.larger.map((label) => none('link to a larger table', label)));
  if (table.pages !== undefined) return diff;
  const next = nextTurn(table.around.controls, 1);
  if (next) diff.push(none('control for more pages', nameOf(next.control)));
  const counter = table.around.notes.find((note) => FIRST_OF_PAGES.test(note));
  if (counter !== undefined) diff.push(none('other pages', counter));
  const { range } = size;
  if (range && range.last - range.first + 1 !== (size.total ?? rows.length)) {
    diff.push(none('page of rows', `${range.first} to ${range.last}`));
  }
  return diff;
}

/** A filter that a page starts with hides a few rows; a page of rows, or a preview, hides most. */
const MOST_HIDDEN = 0.1;

/**
 * How many of the loaded rows a page hides: where its controls chose those that it shows, or it says
 * itself how many it shows of how many; 0 where neither is known. Pure.
 */
export function hiddenRows(
  { around, rows }: Beside & Pick<NamedTable, 'rows'>,
  payload: Pick<TablePayload, 'length' | 'isSelection'> | null,
): number {
  const loaded = payload?.length ?? 0;
  const mayHide = around.states.some((it) => mayChoose(it) && !/^(?:all|any)\b/i.test(it.value));
  if (payload?.isSelection === true && mayHide) return loaded - rows.length;
  const says = around.notes.some((note) => {
    const numbers = note.match(/\d[\d,.\u00a0\u202f]*/g) ?? [];
    const [shown, all, ...more] = numbers.map((it) => Number(it.replaceAll(/\D/g, '')));
    return more.length === 0 && shown === rows.length && all === loaded;
  });
  const hidden = loaded - rows.length;
  return says && hidden > 0 && hidden <= MOST_HIDDEN * loaded ? hidden : 0;
}

/** Something that should not be there. */
export const none = (what: string, found: string | number): Difference => ({
  what,
  expected: 'none',
  found: String(found),
});

/**
 * What the ranks of a table say against it being whole. Whether ties count once, twice or by
 * intervals: at least as many rows as its rank go down to each, itself among them, unless rows are
 * missing or hidden by a filter: `hidden` of them are known. Pure.
 */
export function rankDifferences({ headers, rows }: NamedTable, hidden = 0): Difference[] {
  const column = headers.findIndex(isRankHeader);
  if (column < 0) return [];
  // A blank beside ranks is a tie with the row above.
  let above: number | null = null;
  const ranks = rows.flatMap((row) => {
    const text = row[column]?.text ?? '';
    above = text === '' ? above : rankOf(text);
    return above ?? [];
  });
  // Unranked entries are none of our business, a column of other things under such a header is not.
  if (ranks.length < rows.length / 2 || ranks.some((rank) => rank < 0)) return [];
  const fromZero = ranks.includes(0) ? 1 : 0;
  const sorted = ranks.toSorted((a, b) => a - b).map((rank) => rank + fromZero);
  const at = sorted.findIndex((rank, place) => rank > place + 1 + hidden);
  if (at < 0) return [];
  const found = `rank ${(sorted[at] ?? 0) - fromZero} after ${at} rows`;
  return [{ what: 'ranks', where: headers[column] ?? '', expected: 'no gap', found }];
}
