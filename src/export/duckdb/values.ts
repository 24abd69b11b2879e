import {
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  JsonDuckDBValueConverter,
  type DuckDBConnection,
  type DuckDBValue,
  type DuckDBValueConverter,
} from '@duckdb/node-api';

/** A value of a query as JSON has it: a BIGINT is a number when safe, else its digits. */
export type PlainValue =
  string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };

export type PlainRow = Record<string, PlainValue>;

/** All rows of a query as plain values; a name that stands twice gets a number. */
export async function plainRows(connection: DuckDBConnection, sql: string): Promise<PlainRow[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.convertRowObjects<PlainValue>(toPlain);
}

const WHOLE = new Set<DuckDBTypeId>([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
]);

/**
 * Any value of DuckDB as JSON has it, at any depth: whole numbers and decimals as numbers where that is
 * exact, else as text; times as ISO 8601, those with a zone in UTC; days as `YYYY-MM-DD`; NaN and
 * infinity as text; lists as arrays, structs as objects, maps as lists of key and value.
 */
export const toPlain: DuckDBValueConverter<PlainValue> = (value, type, convert) => {
  if (value === null || value === undefined) return null;
  if (value instanceof DuckDBTimestampTZValue) return isoTime(value.micros, value, 'Z');
  if (value instanceof DuckDBTimestampValue) return isoTime(value.micros, value, '');
  if (value instanceof DuckDBDecimalValue) return exactNumber(value.toString());
  if (WHOLE.has(type.typeId)) return exactNumber(String(value));
  return JsonDuckDBValueConverter(value, type, convert);
};

/** Microseconds since 1970; the third to sixth digit only where they are not zero. */
function isoTime(micros: bigint, value: DuckDBValue, zone: string): string {
  const millis = Number(micros / 1000n) - (micros % 1000n < 0n ? 1 : 0);
  const time = new Date(millis);
  // `infinity`, and years that JavaScript does not know.
  if (Number.isNaN(time.getTime())) return String(value);
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = time.toISOString().slice(0, -1);
  return `${text}${rest === 0n ? '' : String(rest).padStart(3, '0')}${zone}`;
}

function exactNumber(digits: string): number | string {
  const number = Number(digits);
  let end = digits.length;
  if (digits.includes('.')) while (digits[end - 1] === '0') end -= 1;
  const plain = digits.slice(0, digits[end - 1] === '.' ? end - 1 : end);
  return String(number) === plain && (plain.includes('.') || Number.isSafeInteger(number))
    ? number
    : digits;
}

/** A value that is known to be a text or a number, as text. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);
