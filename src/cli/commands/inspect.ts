import { EtlError } from '../../errors.ts';
import type { Table } from '../../tables/table.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';

/** `schema`: the columns of a table, in the words of a warehouse. */
export const schemaCommand = (io: Io, flags: Flags, [name]: string[]): Promise<number> =>
  withSession(io, flags, async ({ config, print }) => {
    const { tables } = await import('../../tables/index.ts');
    const { checkTables } = await import('../../export/wanted-tables.ts');
    if (name !== undefined) checkTables([name]);
    const wanted = tables.filter((it) => name === undefined || it.name === name);
    if (config.json) {
      const { jsonSchema } = await import('../../tables/json-schema.ts');
      const schemas = Object.fromEntries(wanted.map((it) => [it.name, jsonSchema(it)]));
      print(`${JSON.stringify({ tables: schemas })}\n`);
      return 0;
    }
    const render = await renderer(String(flags['as']));
    const texts = wanted.map((it) => render(it));
    print(`${texts.join('\n\n').trim()}\n`);
    return 0;
  });

async function renderer(form: string): Promise<(table: Table) => string> {
  switch (form) {
    case 'markdown':
      return (await import('../../tables/markdown.ts')).markdown;
    case 'duckdb': {
      const { duckdbDdl } = await import('../../tables/duckdb.ts');
      return (it) => duckdbDdl(it, { schema: 'huggingface' }).join(';\n') + ';';
    }
    case 'bigquery': {
      const { bigquerySchema } = await import('../../tables/bigquery.ts');
      return (it) => JSON.stringify(bigquerySchema(it), null, 2);
    }
    case 'json-schema': {
      const { jsonSchema } = await import('../../tables/json-schema.ts');
      return (it) => JSON.stringify(jsonSchema(it), null, 2);
    }
    default:
      throw new EtlError('CONFIG_INVALID', `--as knows markdown, bigquery, duckdb and json-schema`);
  }
}
