import { z } from 'zod';
import { isMissing, numberOf } from './values.ts';

/** How the cells of a column write their numbers. */
export const NumberForm = z.strictObject({
  /** What stands before decimals; the others separate thousands. */
  decimal: z.enum(['.', ',']),
  /** What follows the numbers, and what a number is multiplied by for it: `{ ms: 0.001, s: 1 }`. */
  factors: z.record(z.string(), z.number()),
  /** What a loaded value is multiplied by: 100 for a share that is shown in percent. @default 1 */
  loaded: z.number().exactOptional(),
});
export type NumberForm = z.infer<typeof NumberForm>;

/** What all cells of a column, taken together, are. */
export type ColumnForm =
  | {
      kind: 'number';
      /** Null where each cell is read alike without. */
      form: NumberForm | null;
      unit: string | null;
      /** Cells that say something, and no number. */
      unread: string[];
    }
  /** It has numbers, and more than one meaning; `why` is a clause of a sentence. */
  | { kind: 'undecided'; why: string }
  /** What is loaded is not what is shown, on the row of `text`. */
  | { kind: 'contradicted'; text: string; value: number }
  | { kind: 'text' };

export interface FormCell {
  text: string;
  value?: unknown;
}

/** So many of the given cells must be numbers before the column is one of numbers. */
const MOST = 0.9;

/** A number as it is written: nothing of it is decided yet. */
interface Written {
  sign: string;
  /** With what separates decimals and thousands. */
  digits: string;
  exponent: string;
  /** What follows: `%`, `ms`, `/ 10`; '' for nothing. */
  unit: string;
  currency: string;
}

const CURRENCIES: Partial<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
};
const NUMBER = /^([+-]?)([$€£¥]?)[≈~#]? ?([+-]?)(\d[\d.,'’ ]*|\.\d+)(e[+-]?\d+)?/i;
const DIGITS = /^(?:\d+(?:[.,]\d+)?|\.\d+|\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?)$/;
const THOUSANDS = /^\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*$/;
/** A unit, marks of notes, and a deviation or a remark: beside these a number stays what it is. */
const AFTER =
  /^(%|‰|[a-zµ]{1,12}(?:\/[a-z]{1,12})?|\/ ?\d{1,9})?[*†‡§¹²³⁴-⁹⁰]{0,5} ?(?:(?:±|\+\/-)[\d.,% ]*|[+-][\d.]+ ?\/ ?[+-][\d.]+|\([^()]*\)|\[[^[\]]*\])?[*†‡§¹²³⁴-⁹⁰]{0,5}$/i;

/** Pictures and flags, which say nothing of a name or a number. */
const BADGES = /[\p{Extended_Pictographic}\p{RI}\u{FE0F}\u{20E3}\u{200D}]/gu;

/** A text without medals, flags and other pictures. */
export const withoutBadges = (text: string): string =>
  text.replaceAll(BADGES, ' ').replaceAll(/ {2,}/g, ' ').trim();

/** What most cells of numbers look like: nothing of them has to be looked for. */
const PLAIN = /^([+-]?)(\d+(?:\.\d+)?)$/;

function writtenIn(cell: string): Written | null {
  const [, sign = '', digits] = PLAIN.exec(cell) ?? [];
  if (digits === undefined) return writtenAround(cell);
  return { sign, digits, exponent: '', currency: '', unit: '' };
}

function writtenAround(cell: string): Written | null {
  const text = withoutBadges(cell)
    .replaceAll(/[\u2212\u2012\u2013]/g, '-')
    .replaceAll(/[\u00A0\u2007\u2009\u202F]/g, ' ');
  const found = NUMBER.exec(text)?.map((it: string | undefined) => it ?? '');
  if (!found) return null;
  const [whole = '', before, currency = '', after, digits = '', exponent = ''] = found;
  const rest = AFTER.exec(text.slice(whole.length).trim());
  if (!rest || !DIGITS.test(digits.trim())) return null;
  const sign = before === '' ? after : before;
  return { sign: sign ?? '', digits: digits.trim(), exponent, currency, unit: rest[1] ?? '' };
}

/** Reasons for which there is no number; they are not another kind of value. */
const REASON =
  /^(?:oom|error|failed|fail|timeout|tbd|tba|pending|n\.?a\.?|not (?:run|tested|available)|unknown|x|✗)$/i;

/** A cell, and the number that it may be. */
interface ReadCell extends FormCell {
  written: Written | null;
}

/**
 * What a column's cells are, decided over all of them: what separates decimals, which units stand for
 * what, whether what is loaded is what is shown. Pure.
 */
export function formOf(header: string, cells: readonly FormCell[]): ColumnForm {
  const read = cells
    .filter(({ text }) => !isMissing(text))
    .map((it): ReadCell => ({ ...it, written: writtenIn(it.text) }));
  const asked = read.filter(({ text, written }) => written || !REASON.test(text.trim()));
  const written = asked.flatMap((it) => it.written ?? []);
  if (written.length < Math.max(1, MOST * asked.length)) return withoutNumbers(asked);
  const decimal = decimalOf(header, written);
  if (decimal === null) {
    const example = written.find(({ digits }) => digits.includes(','))?.digits ?? '';
    return undecided(`the comma of "${example}" may stand before decimals or thousands`);
  }
  const units = unitsOf(header, written);
  if (typeof units === 'string') return undecided(units);
  return numbersOf(read, { decimal, factors: units.factors }, units.unit);
}

/** A number by itself, and not the beginning of a name or a hash. */
const STARTS_WITH_NUMBER = /^[+-]?\d[\d.,]*(?:[\s%/±(]|$)/;

/** Text, unless most cells begin with a number that somebody may want to have. */
function withoutNumbers(cells: readonly ReadCell[]): ColumnForm {
  const other = cells.find((it) => it.written === null)?.text ?? '';
  const numbers = cells.filter((it) => it.written ?? STARTS_WITH_NUMBER.test(it.text));
  return numbers.length > 0 && numbers.length >= cells.length / 2
    ? undecided(`"${other}" is no number`)
    : { kind: 'text' };
}

function numbersOf(cells: readonly ReadCell[], form: NumberForm, unit: string | null): ColumnForm {
  const shown = cells.map((it) => ({ ...it, shown: it.written && valueOf(it.written, form) }));
  const loaded = loadedBy(form, shown);
  if (typeof loaded !== 'number') return { kind: 'contradicted', ...loaded };
  const isPlain = shown.every((it) => numberOf(it.text) === it.shown);
  return {
    kind: 'number',
    form: loaded === 1 && isPlain ? null : { ...form, ...(loaded !== 1 && { loaded }) },
    unit,
    unread: shown.flatMap((it) => (it.shown === null ? [it.text] : [])),
  };
}

const undecided = (why: string): ColumnForm => ({ kind: 'undecided', why });

/** The number of a text in a form; null for another text. */
export function numberIn(text: string, form: NumberForm): number | null {
  const written = writtenIn(text);
  return written && valueOf(written, form);
}

function valueOf(written: Written, { decimal, factors }: NumberForm): number | null {
  const { sign, digits, exponent, unit } = written;
  const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  if (factor === undefined) return null;
  const parts = digits.split(decimal);
  const [whole = '', decimals] = parts.length === 2 ? parts : [parts.join('')];
  // Written in another form: its point, say, is none of thousands.
  if ((/\D/.test(whole) && !THOUSANDS.test(whole)) || /\D/.test(decimals ?? '')) return null;
  const plain = whole.replaceAll(/[.,'’ ]/g, '') + (decimals === undefined ? '' : `.${decimals}`);
  const number = Number(`${sign}${plain}${exponent}`);
  // What is multiplied must not show it: 1.8 * 0.001 is 0.0018, not 0.0018000000000000002.
  return factor === 1 ? number : Number((number * factor).toPrecision(15));
}

/** The number of a cell: what is loaded where that is one, else what is shown. */
export function numberOfCell({ text, value }: FormCell, form: NumberForm): number | null {
  if (typeof value !== 'number') return numberIn(text, form);
  const { loaded = 1 } = form;
  if (!Number.isFinite(value)) return null;
  return loaded === 1 ? value : Number((value * loaded).toPrecision(15));
}

const MEDALS: Partial<Record<string, number>> = { '🥇': 1, '🥈': 2, '🥉': 3 };

/** The rank that a cell states: the number that it begins with, or a medal alone. */
export function rankOf(text: string): number | null {
  // Nearly all ranks of a long board; the rest takes many times as long.
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const bare = withoutBadges(text).replace(/(?<=\d)(?:st|nd|rd|th)\b/, '');
  const number = numberOf(bare) ?? MEDALS[text.replace('\u{FE0F}', '').trim()] ?? null;
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

/** Counts, and scores that are known to be above a thousand: their comma separates thousands. */
const LARGE =
  /\b(?:elo|rating|arena|votes?|battles?|games?|downloads?|likes?|stars?|tokens?|samples?|params?|parameters?|count|number|size|context|vocab\w*)\b/i;

type Mark = '.' | ',';

/** What stands before decimals; null where it cannot be told. */
function decimalOf(header: string, written: readonly Written[]): Mark | null {
  const digits = written.map((it) => it.digits);
  const [point, comma] = [evidenceOf('.', digits), evidenceOf(',', digits)];
  if (comma.decimals && (comma.thousands || point.decimals)) return null;
  if (point.decimals && point.thousands) return null;
  if (comma.decimals || point.thousands) return ',';
  if (!digits.some((it) => it.includes(',')) || comma.thousands) return '.';
  // Three digits behind each comma. Decimals would be as many in each cell.
  const isSure = LARGE.test(header.replaceAll(/[_#]/g, ' ')) || digits.some((it) => it.length < 4);
  return isSure ? '.' : null;
}

/** Whether some number shows that a mark stands before decimals, or between thousands. */
function evidenceOf(mark: Mark, digits: readonly string[]) {
  const other = mark === '.' ? ',' : '.';
  const found = { decimals: false, thousands: false };
  for (const [whole = '', behind, more] of digits.map((it) => it.split(mark))) {
    if (behind === undefined) continue;
    const isLast = whole.includes(other);
    // Where no group of thousands could be; a point is one of decimals by itself.
    const isDecimal = isLast || behind.length !== 3 || !/^[1-9]\d{0,2}$/.test(whole);
    if (more !== undefined || behind.includes(other)) found.thousands = true;
    else if (isDecimal) found.decimals = true;
  }
  return found;
}

const TIMES = { ns: 1e-9, µs: 1e-6, us: 1e-6, ms: 1e-3, s: 1, sec: 1, min: 60, h: 3600 };
const BYTES = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const SCALES = { '': 1, k: 1e3, K: 1e3, M: 1e6, B: 1e9, b: 1e9, G: 1e9, T: 1e12 };

interface Units {
  unit: string | null;
  factors: Record<string, number>;
}

/** What follows the numbers, as factors and one unit; else why that cannot be told. */
function unitsOf(header: string, written: readonly Written[]): Units | string {
  // Nothing is nothing in every unit.
  const given = written.filter(({ digits }) => !/^0+$/.test(digits));
  const found = [...new Set(given.map(({ unit }) => unit))];
  const [first = ''] = found;
  const isBytes = found.includes('B') && /\b(?:memory|disk|file|v?ram)\b/i.test(header);
  const scaled = isBytes ? null : factorsIn(SCALES, found);
  if (scaled) {
    return { unit: currencyOf(given) ?? scaledUnit(header, found), factors: scaled };
  }
  if (found.length > 1) {
    const [times, bytes] = [factorsIn(TIMES, found), factorsIn(BYTES, found)];
    if (times) return { unit: 's', factors: times };
    if (bytes) return { unit: 'bytes', factors: bytes };
    const examples = found.slice(0, 3).map((it) => `"${it}"`);
    return `what follows its numbers differs: ${examples.join(', ')}`;
  }
  if (!first.startsWith('/')) {
    return { unit: first === '%' ? 'percent' : first, factors: { [first]: 1, '': 1 } };
  }
  if (areShares(given)) {
    return { unit: first.replace(/^\/ ?/, 'of '), factors: { [first]: 1 } };
  }
  return 'its cells have two numbers';
}

/** The unit in a header of numbers with these scales: `7` under `#Params (B)` are billions, `7B` are written out. */
function scaledUnit(header: string, scales: readonly string[]): string | null {
  const named = /\(([BMK])\)/.exec(header)?.[1];
  return named !== undefined && scales.every((it) => it === '') ? named : headerUnit(header);
}

/** Factors of these units, when a table has all of them. */
function factorsIn(
  table: Readonly<Record<string, number>>,
  units: readonly string[],
): Record<string, number> | null {
  if (!units.every((it) => Object.hasOwn(table, it))) return null;
  return Object.fromEntries([...units, ''].map((it) => [it, table[it] ?? 1]));
}

/** The currency of all of the numbers. */
function currencyOf(written: readonly Written[]): string | null {
  const [first = '', ...others] = new Set(written.map(({ currency }) => currency));
  return (others.length === 0 ? CURRENCIES[first] : undefined) ?? null;
}

/** `3/10`: so many of a whole, and neither two numbers nor months. */
const areShares = (written: readonly Written[]): boolean =>
  written.every(isShareOfTotal) && !written.every(isMonth);

const isShareOfTotal = ({ digits, unit }: Written): boolean =>
  /^\d+$/.test(digits) && Number(digits) <= Number(unit.replace(/^\/ ?/, ''));

/** `05/2024`: where all are such, it is no share of two thousand. */
const isMonth = ({ digits, unit }: Written): boolean =>
  Number(digits) <= 12 && /^\/ ?(?:19|20)\d\d$/.test(unit);

/** The unit that a header names. */
function headerUnit(header: string): string | null {
  const named = /\((\$|€|£|%|ms|s|seconds|kg|g|wh|kwh|mb|gb)\)/i.exec(header)?.[1];
  if (named !== undefined) return CURRENCIES[named] ?? (named === '%' ? 'percent' : named);
  if (/\bparam(?:eter)?s?\b/i.test(header)) return 'parameters';
  return /\b(?:context|tokens)\b/i.test(header) ? 'tokens' : null;
}

/** Factors between a loaded value and what is shown of it: as it is, percent of a share, `7B` of 7. */
const LOADED_BY = [1, 100, 1e3, 1e6, 1e9, 1e-3, 1e-2, 1e-6, 1e-9];

/** What a loaded number is multiplied by in every row; else a row on which none is right. */
function loadedBy(
  form: NumberForm,
  cells: readonly (ReadCell & { shown: number | null })[],
): number | { text: string; value: number } {
  const pairs = cells.flatMap(({ text, value, written, shown }) => {
    if (typeof value !== 'number' || !written || shown === null) return [];
    return [{ text, value, shown, step: stepOf(written, form) }];
  });
  const isOff = (factor: number) => (it: (typeof pairs)[number]) =>
    Math.abs(it.shown - it.value * factor) > 1.01 * it.step;
  const right = LOADED_BY.find((factor) => !pairs.some(isOff(factor)));
  if (right !== undefined) return right;
  const wrong = LOADED_BY.map((factor) => pairs.filter(isOff(factor)));
  const [fewest] = wrong.sort((a, b) => a.length - b.length);
  return fewest?.[0] ?? 1;
}

/** A unit of the last digit that is shown: a page may round, or cut. */
function stepOf({ digits, exponent, unit }: Written, { decimal, factors }: NumberForm): number {
  const decimals = digits.split(decimal)[1]?.length ?? 0;
  return 10 ** (Number(exponent.slice(1)) - decimals) * (factors[unit] ?? 1);
}
