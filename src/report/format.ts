import type { PlainValue } from '../export/duckdb/values.ts';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
/** Five digits, and what stands before the point whole. */
const SCORE = new Intl.NumberFormat('en', {
  ...{ maximumSignificantDigits: 5, maximumFractionDigits: 0 },
  roundingPriority: 'morePrecision',
});
const BYTES = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumSignificantDigits: 3,
  ...{ style: 'unit', unit: 'byte', unitDisplay: 'narrow' },
});

/** A value of a query as a number; null where it is none. */
export const numberIn = (value: PlainValue | undefined): number | null =>
  value === null || value === undefined || typeof value === 'object' || Number.isNaN(Number(value))
    ? null
    : Number(value);

/** A value of a query as text; empty where it is none. */
export const textIn = (value: PlainValue | undefined): string =>
  value === null || value === undefined || typeof value === 'object' ? '' : String(value);

const orDash =
  (format: Intl.NumberFormat) =>
  (value: number | null): string =>
    value === null ? '–' : format.format(value);

/** `4,576`; a dash for what is not known. */
export const count = orDash(WHOLE);
/** `255.5M` */
export const short = orDash(SHORT);
/** `52.083` */
export const score = orDash(SCORE);
/** `12.4MB` */
export const bytes = orDash(BYTES);

/** `45.5 %` */
export const percent = (part: number | null, whole: number | null): string =>
  part === null || whole === null || whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

export const plural = (value: number, one: string): string =>
  `${count(value)} ${value === 1 ? one : `${one}s`}`;

/** `1 h 4 min`, `33 s` */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const dated = (style: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', { ...style, timeZone: 'UTC' });
  return (iso: string): string =>
    Number.isNaN(Date.parse(iso)) ? iso : format.format(new Date(iso)).replaceAll(' ', '\u00a0');
};

/** `29 Nov 2026`, of a day or a time, UTC. */
export const day = dated({ dateStyle: 'medium' });
/** `29 November 2026 at 19:50` */
export const time = dated({ dateStyle: 'long', timeStyle: 'short' });
/** `November 2026` */
export const month = dated({ month: 'long', year: 'numeric' });
