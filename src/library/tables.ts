import type { z } from 'zod';
import { tablesByName } from '../tables/index.ts';

/** Every table by its name: its description, key and columns (`row`, a zod object). */
export const tables = tablesByName;

export type TableName = keyof typeof tables;

/** A row of a table, as its schema says. */
export type Row<Name extends TableName> = z.output<(typeof tables)[Name]['row']>;
