import { z } from 'zod';
import type { Table } from './table.ts';

/** The JSON Schema (draft 2020-12) of a row. Our own notes on columns are left out. */
export function jsonSchema(table: Table): object {
  const schema = z.toJSONSchema(table.row, {
    override: ({ jsonSchema: node }) => {
      delete node['loose'];
      delete node['warehouse'];
    },
  });
  return { title: table.name, ...schema, description: table.description };
}
