import { existsSync } from 'node:fs';
import { EtlError } from '../errors.ts';
import { boards } from '../crawlers/boards/index.ts';
import type { Table } from '../tables/table.ts';
import { warehousePath } from '../stage-export.ts';
import { openSession, type Flags } from './session.ts';
import { table } from './table.ts';

/** `boards`: which leaderboards are known. */
export function boardsCommand(flags: Flags): Promise<number> {
  const session = openSession(flags);
  session.close();
  const rows = boards.map(({ id, title, renderer, url, licence, frozen }) => {
    const state = frozen === undefined ? 'living' : `frozen since ${frozen.since}`;
    return { id, title, renderer, state, licence, url };
  });
  session.print(session.config.json ? `${JSON.stringify({ boards: rows })}\n` : table(rows));
  return Promise.resolve(0);
}

/** `schema`: the columns of a table, in the words of a warehouse. */
export async function schemaCommand(flags: Flags, [name]: string[]): Promise<number> {
  const { tables, tableNamed } = await import('../tables/index.ts');
  const session = openSession(flags);
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
      return (await import('../tables/markdown.ts')).markdown;
    case 'duckdb': {
      const { duckdbDdl } = await import('../tables/duckdb.ts');
      return (it) => duckdbDdl(it, { schema: 'huggingface' }).join(';\n') + ';';
    }
    case 'bigquery': {
      const { bigquerySchema } = await import('../tables/bigquery.ts');
      return (it) => JSON.stringify(bigquerySchema(it), null, 2);
    }
    case 'json-schema': {
      const { jsonSchema } = await import('../tables/json-schema.ts');
      return (it) => JSON.stringify(jsonSchema(it), null, 2);
    }
    default:
      throw new EtlError('CONFIG_INVALID', `--as knows markdown, bigquery, duckdb and json-schema`);
  }
}

/** `query`: asks the published DuckDB file. */
export async function queryCommand(flags: Flags, [sql = '']: string[]): Promise<number> {
  const { queryDuckdb } = await import('../export/duckdb.ts');
  const session = openSession(flags);
  session.close();
  const file = warehousePath(session.config);
  if (!existsSync(file)) throw new EtlError('EXPORT_MISSING', `There is no warehouse at ${file}`);
  const rows = await queryDuckdb(file, sql);
  session.print(session.config.json ? `${JSON.stringify(rows)}\n` : table(rows));
  return 0;
}
