import { z } from 'zod';

/** A string that each warehouse takes: no lone surrogate. */
const text = z.string().refine((value) => value.isWellFormed(), 'holds a lone surrogate');
const timestamp = z.iso.datetime({ precision: 3 });

type Shape = Record<string, z.ZodType>;

/** STRING, null when the source gives none. */
export const str = (description: string) => text.nullable().meta({ description });

/** STRING that holds the text of any scalar: a number there is expected, and is no repair. */
export const scalar = (description: string) => text.nullable().meta({ description, loose: true });

/** STRING, never null. */
export const req = (description: string) => text.meta({ description });

/** STRING out of a closed list, null when the source gives none. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  description: string,
) => z.enum(values).nullable().meta({ description });

/** STRING out of a closed list, never null. */
export const reqOneOf = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  description: string,
) => z.enum(values).meta({ description });

/** INTEGER within ±(2^53−1), or null. */
export const int = (description: string) => z.int().nullable().meta({ description });

/** INTEGER within ±(2^53−1), never null. */
export const reqInt = (description: string) => z.int().meta({ description });

/** FLOAT, finite, or null. */
export const num = (description: string) => z.number().nullable().meta({ description });

/** FLOAT, finite, never null. */
export const reqNum = (description: string) => z.number().meta({ description });

/** BOOLEAN, or null. */
export const bool = (description: string) => z.boolean().nullable().meta({ description });

/** BOOLEAN, never null. */
export const reqBool = (description: string) => z.boolean().meta({ description });

/** TIMESTAMP as `YYYY-MM-DDTHH:mm:ss.sssZ`, or null. */
export const ts = (description: string) => timestamp.nullable().meta({ description });

/** TIMESTAMP as `YYYY-MM-DDTHH:mm:ss.sssZ`, never null. */
export const reqTs = (description: string) => timestamp.meta({ description });

/** DATE as `YYYY-MM-DD`, or null. */
export const date = (description: string) => z.iso.date().nullable().meta({ description });

/** DATE as `YYYY-MM-DD`, never null. */
export const reqDate = (description: string) => z.iso.date().meta({ description });

/** REPEATED STRING; empty when the source gives none. */
export const strs = (description: string) => z.array(text).meta({ description });

/** REPEATED STRING of scalars' texts. */
export const scalars = (description: string) => z.array(text).meta({ description, loose: true });

/** REPEATED INTEGER. */
export const ints = (description: string) => z.array(z.int()).meta({ description });

/** RECORD, or null. */
export const rec = <const Fields extends Shape>(fields: Fields, description: string) =>
  z.strictObject(fields).nullable().meta({ description });

/** REPEATED RECORD; empty when the source gives none. */
export const recs = <const Fields extends Shape>(fields: Fields, description: string) =>
  z.array(z.strictObject(fields)).meta({ description });

/** A JSON value of any shape, or null. For columns of boards and extensions; cleaned tables have none. */
export const json = (description: string) =>
  z
    .unknown()
    .refine((value) => value !== undefined && typeof value !== 'function')
    .meta({ description, warehouse: 'JSON' });

const PARAM_VALUE =
  'Its JSON; a string stands without quotes, unless it could itself be taken for JSON.';

/** REPEATED `{name, value}`: keys that have no column. A record with it keeps its own misfits. */
export const params = (description: string) =>
  recs({ name: str('Key, as the source spells it.'), value: scalar(PARAM_VALUE) }, description);

/** The same with the original's other spelling, `{name, val}`. */
export const paramsVal = (description: string) =>
  recs({ name: str('Key, as the source spells it.'), val: scalar(PARAM_VALUE) }, description);
