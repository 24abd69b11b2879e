import type { RawModel } from '../tables/raw-model.ts';
import { tables } from '../tables/index.ts';
import type { ModelContext, Table } from '../tables/table.ts';

/** A table that is made from a model alone, and how. */
export interface ModelTable {
  table: Table;
  rows: (model: RawModel, context: ModelContext) => object[];
  /** Whether the rows take the files of a model, which are parsed for it then. */
  readsFiles: boolean;
}

/** Every table with a projection, in the order of the index. */
export const modelTables: readonly ModelTable[] = tables.flatMap((table) => {
  const { project, projectWithFiles } = table;
  const rows = projectWithFiles ?? project;
  return rows ? [{ table, rows, readsFiles: projectWithFiles !== undefined }] : [];
});
