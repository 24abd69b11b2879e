/** What the texts around a table say of its size. */
export interface StatedSize {
  total: number | null;
  /** A range such as `1–25 of 330`: the table shows a part. */
  range: { first: number; last: number } | null;
}

const N = String.raw`(\d[\d,. \u00a0]*)`;
const WHAT = '(?:rows?|entries|results?|records?|models?|systems?|submissions?|items?)';
const RANGE = new RegExp(
  String.raw`^(?:showing |displaying |rows? |results? )?${N}\s?(?:-|–|—|to)\s?${N}(?: ?of ?| ?\/ ?)(?:about )?${N}(?: ${WHAT})?\.?$`,
  'i',
);
const PART = new RegExp(
  String.raw`^(?:showing |displaying )?(?:the )?(?:first |top )?${N}(?: of | \/ )${N}(?: ${WHAT})?\.?$`,
  'i',
);
const TOTAL = new RegExp(
  String.raw`^(?:total(?: ${WHAT})?:? ?|showing |displaying |all )?${N}(?: ${WHAT})\.?$`,
  'i',
);
const TOTAL_NAMED = new RegExp(
  String.raw`^(?:total(?: ${WHAT})?|number of ${WHAT}|${WHAT}): ?${N}$`,
  'i',
);

const parse = (text: string | undefined): number => Number((text ?? '').replaceAll(/[^\d]/g, ''));

/**
 * The number of rows that short texts around a table state. Where several texts state one, that which
 * differs from `rows` counts: in doubt a table is not whole. Pure.
 */
export function statedSize(notes: readonly string[], rows: number): StatedSize {
  const size: StatedSize = { total: null, range: null };
  const take = (total: number): void => {
    if (size.total === null || size.total === rows) size.total = total;
  };
  for (const note of notes) {
    const range = RANGE.exec(note);
    const part = PART.exec(note);
    const total = TOTAL.exec(note) ?? TOTAL_NAMED.exec(note);
    if (range) {
      const [first, last] = [parse(range[1]), parse(range[2])];
      if (first <= last) size.range ??= { first, last };
      take(parse(range[3]));
    } else if (part) take(parse(part[2]));
    else if (total) take(parse(total[1]));
  }
  return size;
}

/**
 * How many rows there are, by what a page states and loaded; null where it says nothing. Of two numbers
 * that of other rows than there are counts: in doubt a table is not whole. Pure.
 *
 * @param counts `hidden` of the `loaded` rows are known not to be shown
 */
export function totalOf(
  { total }: StatedSize,
  counts: { rows: number; loaded: number | null; hidden: number },
): number | null {
  const { rows, loaded, hidden } = counts;
  if (hidden > 0 && (total === null || total === rows)) return loaded;
  return loaded === null || loaded === rows + hidden ? (total ?? loaded) : loaded;
}
