import { invalidQuery, syntaxError } from './problem.ts';
import type { Row } from './rows.ts';
import type { Field } from './schema.ts';
import { putRows, tableOf, type Store, type StoredTable } from './store.ts';

const NAME = '`([\\w.:-]+)`';
const COLUMNS = '(`[\\w.:-]+`(?:, `[\\w.:-]+`)*)';
const KEY_PART = '(?:`\\w+`|DATE\\(`\\w+`\\))';
const KEY = `(${KEY_PART}|\\(${KEY_PART}(?:, ${KEY_PART})*\\))`;
const TEXT = "'(?:[^'\\\\]|\\\\['\\\\])*'";
const LITERAL = `(?:NULL|\\d+|(?:TIMESTAMP )?${TEXT})`;
const TUPLE = `\\(${LITERAL}(?:, ${LITERAL})*\\)`;

/** The statements that our program sends, each by its whole text. */
const FORMS = {
  guard: `SELECT IF\\(\\(SELECT IFNULL\\(MAX\\(${NAME}\\), 0\\) FROM ${NAME}\\) = (\\d+), 'newest', ERROR\\((${TEXT})\\)\\)`,
  truncate: `TRUNCATE TABLE ${NAME}`,
  delete: `DELETE FROM ${NAME} WHERE ${KEY} IN \\(SELECT \\2 FROM ${NAME}\\)`,
  select: `INSERT INTO ${NAME} \\(${COLUMNS}\\) SELECT ${COLUMNS} FROM ${NAME}`,
  values: `INSERT INTO ${NAME} \\(${COLUMNS}\\) VALUES\\s+(${TUPLE}(?:,\\s+${TUPLE})*)`,
};

export interface Statement {
  kind: keyof typeof FORMS;
  /** What stands in the form's groups. */
  parts: string[];
}

/**
 * The statements of a transaction in the forms that our program sends; anything else is refused.
 *
 * @throws {Problem} 400 `invalidQuery`
 */
export function parseScript(sql: string): Statement[] {
  const [begin, ...lines] = sql.split(';\n');
  const [commit, end] = lines.splice(-2);
  if (begin !== 'BEGIN TRANSACTION' || commit !== 'COMMIT TRANSACTION' || end !== '') {
    throw syntaxError(sql.slice(0, 40));
  }
  return lines.map((line) => {
    for (const kind of Object.keys(FORMS) as (keyof typeof FORMS)[]) {
      const [match, ...parts] = new RegExp(`^${FORMS[kind]}$`).exec(line) ?? [];
      if (match !== undefined) return { kind, parts };
    }
    throw syntaxError(line.slice(0, 40));
  });
}

/** The literals of each tuple, as values of their types. */
export const tuplesOf = (text: string): { type: string; value: Row[string] }[][] =>
  [...text.matchAll(new RegExp(TUPLE, 'g'))].map(([tuple]) =>
    [...tuple.matchAll(new RegExp(LITERAL, 'g'))].map(([literal]) => {
      if (literal === 'NULL') return { type: 'NULL', value: null };
      if (/^\d/.test(literal)) return { type: 'INTEGER', value: Number(literal) };
      const type = literal.startsWith('TIMESTAMP ') ? 'TIMESTAMP' : 'STRING';
      return { type, value: textOf(literal.replace('TIMESTAMP ', '')) };
    }),
  );

const textOf = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');
const namesIn = (list: string): string[] =>
  [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** Throws to fail the statement of that number (the first is 0). */
export type StatementFault = (at: number) => void;

/** Tables by name as a transaction saw them at its beginning. */
export type Seen = ReadonlyMap<string, readonly Row[]>;

/**
 * What the guards of a script will read: not what other transactions commit while it runs. BigQuery may
 * also cancel the later one of two; to count on that would be to count on what is not promised.
 */
export const seenBy = (store: Store, script: readonly Statement[]): Seen =>
  new Map(
    script.flatMap(({ kind, parts: [, source = ''] }) =>
      kind === 'guard' ? [[source, resolve(store, source).rows]] : [],
    ),
  );

/** Runs a transaction: nobody sees a change before all of it has succeeded; a failure leaves all as it was. */
export function runScript(
  store: Store,
  script: readonly Statement[],
  { fault, seen }: { fault: StatementFault; seen: Seen },
): void {
  const changes = new Map<StoredTable, readonly Row[]>();
  const tableNamed = (name: string) => {
    const table = resolve(store, name);
    return { table, rows: changes.get(table) ?? table.rows };
  };
  script.forEach(({ kind, parts }, at) => {
    fault(at);
    if (kind === 'guard') {
      if (changes.size > 0) throw invalidQuery('a guard comes before what it guards');
      runGuard(parts, seen);
      return;
    }
    const { table, rows } = tableNamed(parts[0] ?? '');
    if (table.kind === 'SNAPSHOT') throw invalidQuery(`Table ${table.name} is a snapshot`);
    changes.set(table, WRITES[kind]({ table, rows }, parts, tableNamed));
  });
  putRows(store, changes, 'transaction');
}

function runGuard([column = '', source = '', value, message = '']: string[], seen: Seen): void {
  const numbers = (seen.get(source) ?? []).map((row) => Number(row[column]));
  const isNewest = Math.max(0, ...numbers) === Number(value);
  if (!isNewest) throw invalidQuery(`Query error: ${textOf(message)} at [2:1]`);
}

interface TableRows {
  table: StoredTable;
  rows: readonly Row[];
}

type Write = (
  target: TableRows,
  parts: readonly string[],
  tableNamed: (name: string) => TableRows,
) => readonly Row[];

/** The rows of the target afterwards. */
const WRITES: Record<Exclude<Statement['kind'], 'guard'>, Write> = {
  truncate: () => [],
  delete: ({ table, rows }, [, key = '', name = ''], tableNamed) => {
    const source = tableNamed(name);
    const gone = new Set(source.rows.map(keyOf(source.table, key)));
    const own = keyOf(table, key);
    return rows.filter((row) => !gone.has(own(row)));
  },
  select: ({ table, rows }, [, columns = '', wanted = '', name = ''], tableNamed) => {
    const source = tableNamed(name);
    const [to, from] = [checkColumns(table, columns), namesIn(wanted).map(fieldIn(source.table))];
    if (to.length !== from.length) throw invalidQuery('Inserted row has wrong column count');
    to.forEach((field, at) => checkFits(from[at], field, field.name));
    const cells = source.rows.map((row) => from.map((field) => row[field.name]));
    return [...rows, ...cells.map((values) => rowOf(table, to, values))];
  },
  values: ({ table, rows }, [, columns = '', tuples = '']) => {
    const to = checkColumns(table, columns);
    const added = tuplesOf(tuples).map((literals) => {
      if (literals.length !== to.length) throw invalidQuery('Inserted row has wrong column count');
      literals.forEach(({ type }, at) => {
        if (type === 'NULL' || type === to[at]?.type) return;
        throw invalidQuery(`Value has type ${type} which cannot be inserted into ${to[at]?.name}`);
      });
      const values = literals.map(({ value }) => value);
      return rowOf(table, to, values);
    });
    return [...rows, ...added];
  },
};

export function resolve(store: Store, name: string): StoredTable {
  const [project, dataset = '', table = '', ...rest] = name.split('.');
  if (project === store.project && rest.length === 0) return tableOf(store, dataset, table);
  throw invalidQuery(`Table "${name}" must be qualified as project.dataset.table`);
}

const fieldIn =
  ({ name: table, schema }: StoredTable) =>
  (name: string): Field => {
    const field = schema.find((it) => it.name.toLowerCase() === name.toLowerCase());
    if (field === undefined) throw invalidQuery(`Unrecognized name: ${name} in ${table}`);
    return field;
  };

/** The key of a row of a table. The day of a time that ends in Z is its first ten characters. */
function keyOf(table: StoredTable, key: string): (row: Row) => string {
  const parts = [...key.matchAll(/(DATE\()?`(\w+)`/g)].map(([, date, name = '']) => {
    const field = fieldIn(table)(name);
    const isKnown = date ? field.type === 'TIMESTAMP' : ['STRING', 'DATE'].includes(field.type);
    if (!isKnown) throw invalidQuery(`No matching signature for ${field.type} of ${name}`);
    return { name: field.name, isDay: date !== undefined };
  });
  return (row) =>
    JSON.stringify(
      parts.map(({ name, isDay }) => (isDay ? String(row[name]).slice(0, 10) : row[name])),
    );
}

function checkColumns(target: StoredTable, list: string): Field[] {
  const fields = namesIn(list).map(fieldIn(target));
  const missing = target.schema.find((it) => it.mode === 'REQUIRED' && !fields.includes(it));
  if (missing !== undefined) throw invalidQuery(`Required column ${missing.name} has no value`);
  if (new Set(fields).size !== fields.length) throw invalidQuery('Duplicate column');
  return fields;
}

/** Records are matched by place; here their names must agree too, so that none is swapped. */
function checkFits(from: Field | undefined, to: Field, path: string): void {
  const isSame = from?.type === to.type && (from.mode === 'REPEATED') === (to.mode === 'REPEATED');
  if (!isSame) {
    throw invalidQuery(`Query column ${path} has type ${from?.type} which cannot be inserted`);
  }
  const [inner, outer] = [from.fields ?? [], to.fields ?? []];
  if (inner.map(({ name }) => name).join() !== outer.map(({ name }) => name).join()) {
    throw invalidQuery(`Records differ in ${path}`);
  }
  outer.forEach((field, at) => checkFits(inner[at], field, `${path}.${field.name}`));
}

function rowOf(target: StoredTable, columns: readonly Field[], values: readonly unknown[]): Row {
  return Object.fromEntries(
    target.schema.map((field) => {
      const value = values[columns.indexOf(field)] ?? (field.mode === 'REPEATED' ? [] : null);
      if (value === null && field.mode === 'REQUIRED') {
        throw invalidQuery(`Required field ${field.name} cannot be null`);
      }
      return [field.name, value];
    }),
  );
}
