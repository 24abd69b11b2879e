import { columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { Table } from './table.ts';

/** True for a value of the column. */
type Check = (value: unknown) => boolean;

type Fields = Record<string, unknown>;

/**
 * A check of rows that gives the verdict of the table's zod object, some times faster: it is compiled
 * from the same columns, and a test holds the two against each other. For the reason of a refusal ask
 * the zod object itself.
 */
export function compileValidator(table: Table): Check {
  return recordCheck(columnsOf(table));
}

function recordCheck(columns: readonly Column[]): Check {
  const names = columns.map(({ name }) => name);
  const checks = columns.map(columnCheck);
  const count = columns.length;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const row = value as Fields; // Any object may be read by key.
    for (let index = 0; index < count; index += 1) {
      const member = row[names[index] ?? ''];
      if (member === undefined || checks[index]?.(member) !== true) return false;
    }
    return Object.keys(row).length === count;
  };
}

function columnCheck(column: Column): Check {
  const one = valueCheck(column);
  if (column.mode === 'REQUIRED') return one;
  if (column.mode === 'NULLABLE') return (value) => value === null || one(value);
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index += 1) if (!one(value[index])) return false;
    return true;
  };
}

function valueCheck({ type, fields = [], pattern = '', values }: Column): Check {
  switch (type) {
    case 'STRING':
      if (values !== undefined) return oneOf(values);
      return (value) => typeof value === 'string' && value.isWellFormed();
    case 'INTEGER':
      return Number.isSafeInteger;
    case 'FLOAT':
      return Number.isFinite;
    case 'BOOLEAN':
      return (value) => typeof value === 'boolean';
    case 'TIMESTAMP':
    case 'DATE':
      return matches(new RegExp(pattern));
    case 'RECORD':
      return recordCheck(fields);
    case 'JSON':
      return (value) => value !== undefined && typeof value !== 'function';
  }
}

const oneOf = (values: readonly string[]): Check => {
  const known = new Set<unknown>(values);
  return (value) => known.has(value);
};

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
