import { columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { Table } from './table.ts';

/** A field of a BigQuery schema, as its API and `bq` take it. */
export interface BigQueryField {
  name: string;
  type: string;
  mode: string;
  description: string;
  fields?: BigQueryField[];
}

/** The schema of a load job. Descriptions are in it, so copies carry them. */
export const bigquerySchema = (table: Table): BigQueryField[] => columnsOf(table).map(fieldOf);

function fieldOf({ name, type, mode, description, fields }: Column): BigQueryField {
  const field = { name, type, mode, description };
  return fields === undefined ? field : { ...field, fields: fields.map(fieldOf) };
}
