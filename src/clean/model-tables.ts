import type { RawModel } from '../tables/raw-model.ts';
import { tables } from '../tables/index.ts';
import type { ModelContext, Table } from '../tables/table.ts';

/** A table that is made from a model alone, and how. */
export interface ModelTable {
  table: Table;
  rows: (model: RawModel, context: ModelContext) => object[];
}

/** Every table with a projection, in the order of the index. */
export const modelTables: readonly ModelTable[] = tables.flatMap((table) =>
  table.project === undefined ? [] : [{ table, rows: table.project }],
);
