import { EtlError } from '../../errors.ts';
import type { Table } from '../../tables/table.ts';
import type { Io } from '../io.ts';
import { openSession, type Flags } from '../session.ts';

/** `schema`: the columns of a table, in the words of a warehouse. */
export async function schemaCommand(io: Io, flags: Flags, [name]: string[]): Promise<number> {
  const { tables, tableNamed } = await import('../../tables/index.ts');
  const session = openSession(io, flags);
  session.close();
  const chosen = name === undefined ? tables : [tableNamed(name)];
  const form = String(flags['as']);
  const texts: string[] = [];
  for (const it of chosen) {
    if (it === undefined) throw new EtlError('CONFIG_INVALID', `There is no table ${name}`);
    texts.push(await (await renderer(form))(it));
  }
  session.print(`${texts.join('\n\n').trim()}\n`);
  return 0;
}

async function renderer(form: string): Promise<(table: Table) => string | Promise<string>> {
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
