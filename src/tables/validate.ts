import { columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { Table } from './table.ts';

/** True for a value of the column. */
type Check = (value: unknown) => boolean;

/**
 * A check of rows that gives the verdict of the table's zod object, some times faster: it is compiled
 * from the same columns, and a test holds the two against each other. For the reason of a refusal ask
 * the zod object itself.
 */
export function compileValidator(table: Table): Check {
  return recordCheck(columnsOf(table));
}

interface Part {
  name: string;
  nullable: boolean;
  check: Check;
}

function recordCheck(columns: readonly Column[]): Check {
  const parts = columns.map((column): Part => ({
    name: column.name,
    // JSON has a null of its own, which its check knows.
    nullable: column.mode === 'NULLABLE',
    check: column.mode === 'REPEATED' ? listCheck(valueCheck(column)) : valueCheck(column),
  }));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const row = value as Record<string, unknown>; // Any object may be read by key.
    for (const { name, nullable, check } of parts) {
      const member = row[name];
      if (member === null ? !nullable : !check(member)) return false;
    }
    return Object.keys(row).length === parts.length;
  };
}

const listCheck =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index += 1) if (!check(value[index])) return false;
    return true;
  };

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
