import { withoutBadges } from '../../boards/form.ts';
import type { TableCell } from '../../boards/table.ts';
import { isRankHeader } from '../../boards/text.ts';
import { attempt } from '../../boards/values.ts';
import type { Difference } from '../../boards/drift.ts';
import type { NamedTable } from './choose.ts';
import type { Entries } from './entries.ts';
import { isSelection, spread } from './selection.ts';
import { isNumeric, SCALES, shows, type Values } from './entry-values.ts';

/** Data that a page got for its table. */
export interface TablePayload {
  url: string;
  /** Entries in it. */
  length: number;
  /** Entries that there are, by a number beside them; 0 where there is none. */
  stated: number;
  /** Where the table shows something else. */
  differences: Difference[];
  /** Not all entries are shown, and those that are were chosen: they are not the first of an order. */
  isSelection: boolean;
}

/** Rows that decide which value a column shows. */
const TELLING_ROWS = 40;
/** So much must agree before two things are taken for the same. */
const MOST = 0.8;

/** A column and the value that it shows of each entry. */
interface Shown {
  column: number;
  path: string;
  scale: number;
  /** Rows that show something else. */
  wrong: ReadonlySet<number>;
}

/**
 * Finds what a page loaded for a table: an array of objects, most of which the rows name, with the
 * numbers that they show. Meaning is found by values: a column shows the path that
 * agrees with nearly all of its cells; where a few do not, the page contradicts itself. Of several
 * such arrays the nearest in length counts. Pure and total.
 */
export function findPayload(table: NamedTable, loaded: readonly Entries[]): TablePayload | null {
  let best: TablePayload | null = null;
  const distance = (length: number): number => Math.abs(length - table.rows.length);
  for (const { url, items, stated, values } of loaded) {
    if (items.length < MOST * table.rows.length) continue;
    if (best !== null && distance(items.length) >= distance(best.length)) continue;
    const compared = compare(table, values());
    if (compared !== null) best = { url, length: items.length, stated, ...compared };
  }
  return best;
}

/** Whether data may be a part of more, by its address or its number. */
export const mayBeBatch = ({ url, length }: TablePayload): boolean =>
  [5, 8, 12].some((size) => length % size === 0) ||
  /[?&](?:start|offset|skip|limit|page|per_?page|(?:page_?)?size|cursor|take|length)=/i.test(url);

/** What a table shows of entries; null when these are not its entries. */
function compare(
  table: NamedTable,
  entries: readonly Values[],
): Pick<TablePayload, 'differences' | 'isSelection'> | null {
  const naming = namingColumn(table, entries);
  if (!naming) return null;
  const places = pairUp(table, naming, entries);
  const paired = places.filter((place) => place !== null).length;
  if (paired < MOST * table.rows.length) return null;
  const shown = shownColumns(table, places, entries);
  const numeric = shown.filter(({ path }) => entries.some((it) => isNumeric(it.get(path))));
  if (numeric.length === 0) return null;
  const diff: Difference[] = [];
  table.rows.forEach((row, at) => {
    const entry = entries[places[at] ?? -1];
    const where = `row ${at}`;
    if (!entry) {
      const found = row[naming.column]?.text ?? '';
      diff.push({ what: 'row', where, expected: 'an entry of the loaded data', found });
      return;
    }
    for (const { column, path, wrong } of shown) {
      if (!wrong.has(at)) continue;
      const header = table.headers[column] ?? '';
      const [expected, found] = [String(entry.get(path)), row[column]?.text ?? ''];
      // A rank that is left blank is that of the row above.
      if (found === '' && isRankHeader(header)) continue;
      diff.push({ what: 'cell', where: `${where}, ${header}`, expected, found });
    }
  });
  return { differences: diff, isSelection: isSelection(table, { places, shown, entries }) };
}

interface Naming {
  column: number;
  places: ReadonlyMap<string, readonly number[]>;
}

/** What a cell may be called elsewhere: its text, without badges or up to a space, or its link's path. */
function callsOf({ text, link = '' }: TableCell): string[] {
  const path = /^https?:\/\/[^/]+\/([^?#]+)/.exec(link)?.[1];
  const bare = withoutBadges(text);
  const words = bare.split(' ').slice(0, 12);
  const parts = words.map((_word, at) => words.slice(0, words.length - at).join(' '));
  return [
    text,
    bare,
    ...(path === undefined ? [] : [attempt(() => decodeURI(path)) ?? path]),
    ...parts,
  ].filter((it) => it !== '');
}

/** The column whose cells name entries, by the value that they have in them. */
function namingColumn(table: NamedTable, entries: readonly Values[]): Naming | null {
  const rows = spread(table.rows.length, TELLING_ROWS).map((at) => table.rows[at] ?? []);
  const paths = new Set(
    spread(entries.length, TELLING_ROWS).flatMap((at) =>
      [...(entries[at] ?? [])].filter(([, it]) => typeof it === 'string').map(([path]) => path),
    ),
  );
  let best: (Naming & { hits: number }) | null = null;
  for (const path of paths) {
    const places = placesBy(entries, path);
    // A value that few entries have for themselves, such as a licence, names none.
    if (places.size < entries.length / 2) continue;
    for (const column of table.headers.keys()) {
      const hits = rows.filter((row) =>
        callsOf(row[column] ?? { text: '' }).some((call) => places.has(call)),
      ).length;
      const isBetter =
        best === null || hits > best.hits || (hits === best.hits && places.size > best.places.size);
      if (hits >= MOST * rows.length && isBetter) best = { column, places, hits };
    }
  }
  return best;
}

function placesBy(entries: readonly Values[], path: string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  entries.forEach((entry, place) => {
    const value = entry.get(path);
    if (typeof value !== 'string') return;
    const known = places.get(value);
    if (known) known.push(place);
    else places.set(value, [place]);
  });
  return places;
}

/**
 * The entry of each row, each entry once: of several with one name that which most columns show, by what
 * rows with a name of their own say of the columns; else the first one that is left.
 */
function pairUp(
  table: NamedTable,
  { column, places }: Naming,
  entries: readonly Values[],
): (number | null)[] {
  const taken = new Set<number>();
  const left = (call: string): number[] => places.get(call)?.filter((it) => !taken.has(it)) ?? [];
  const named = (at: number): number[] => {
    const cell = table.rows[at]?.[column] ?? { text: '' };
    // Mostly the text is it, and what else it may be called takes a while to put together.
    const found = left(cell.text);
    if (found.length > 0) return found;
    return left(callsOf(cell).find((call) => left(call).length > 0) ?? '');
  };
  const pairs: (number | null)[] = [...table.rows.keys()].map((at) => {
    const [only, ...others] = named(at);
    if (only === undefined || others.length > 0) return null;
    taken.add(only);
    return only;
  });
  if (!pairs.includes(null)) return pairs;
  const shown = shownColumns(table, pairs, entries);
  return pairs.map((pair, at) => {
    if (pair !== null) return pair;
    const agreeing = (place: number): number =>
      shown.filter((it) => isShownBy(table.rows[at], entries[place], it)).length;
    const [best] = named(at).toSorted((a, b) => agreeing(b) - agreeing(a));
    if (best === undefined) return null;
    taken.add(best);
    return best;
  });
}

/** Whether a row shows a value of an entry; null where the entry has none. */
function isShownBy(
  row: readonly TableCell[] | undefined,
  entry: Values | undefined,
  { column, path, scale }: Omit<Shown, 'wrong'>,
): boolean | null {
  const value = entry?.get(path);
  return value === undefined ? null : shows(row?.[column]?.text ?? '', value, scale);
}

/** For each column the value that it shows, where one agrees with nearly all of its cells. */
function shownColumns(
  table: NamedTable,
  places: readonly (number | null)[],
  entries: readonly Values[],
): Shown[] {
  const pairs = table.rows.flatMap((row, at) => {
    const entry = entries[places[at] ?? -1];
    return entry ? [{ row, entry, at }] : [];
  });
  const telling = spread(pairs.length, TELLING_ROWS).flatMap((at) => pairs[at] ?? []);
  const paths = new Set(telling.flatMap(({ entry }) => [...entry.keys()]));
  const agreeing = (among: typeof pairs, as: Omit<Shown, 'wrong'>) => {
    const wrong = new Set<number>();
    let seen = 0;
    for (const { row, entry, at } of among) {
      const isShown = isShownBy(row, entry, as);
      if (isShown === null) continue;
      seen += 1;
      if (!isShown) wrong.add(at);
    }
    return { ...as, wrong, share: seen < among.length / 4 ? 0 : 1 - wrong.size / seen };
  };
  return [...table.headers.keys()].flatMap((column) => {
    const likely = [...paths]
      .flatMap((path) => SCALES.map((scale) => ({ column, path, scale })))
      .filter((it) => agreeing(telling, it).share >= MOST);
    const ranked = likely
      .map((it) => agreeing(pairs, it))
      .filter(({ share }) => share >= MOST)
      .sort((a, b) => b.share - a.share);
    return ranked.slice(0, 1);
  });
}
