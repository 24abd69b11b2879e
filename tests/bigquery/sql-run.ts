import { invalidQuery, Problem } from './problem.ts';
import { EMPTY, type Content, type Row } from './rows.ts';
import type { Field } from './schema.ts';
import type { KeyPart, Script, Statement } from './sql-parse.ts';
import { putRows, tableOf, type Store, type StoredTable } from './store.ts';

/** Throws to fail the statement of that number (the first is 0). */
export type StatementFault = (at: number) => void;

/**
 * Runs a script. In a transaction nobody sees a change before all statements have succeeded; a failure
 * leaves everything as it was. Outside of one, each statement counts by itself.
 */
export function runScript(
  store: Store,
  script: Script,
  { fault, seen }: { fault: StatementFault; seen: Seen },
): void {
  const changes = new Map<StoredTable, Content>();
  script.statements.forEach((statement, at) => {
    fault(at);
    if (statement.kind === 'guard') runGuard(statement, seen, changes);
    else runStatement(store, statement, changes);
    if (script.isTransaction) return;
    putRows(store, changes, 'statement');
    changes.clear();
  });
  if (script.isTransaction) putRows(store, changes, 'transaction');
}

function runStatement(
  store: Store,
  statement: Exclude<Statement, Guard>,
  changes: Map<StoredTable, Content>,
): void {
  const target = resolve(store, statement.target);
  if (target.kind === 'SNAPSHOT') throw invalidQuery(`Table ${target.name} is a snapshot`);
  const seen = (table: StoredTable) => (changes.get(table) ?? table.content).rows;
  const put = (rows: readonly Row[]) => changes.set(target, { rows, count: rows.length });
  switch (statement.kind) {
    case 'truncate':
      changes.set(target, EMPTY);
      return;
    case 'delete': {
      const source = resolve(store, statement.source);
      checkKey(target, statement.key);
      checkKey(source, statement.key);
      const gone = new Set(seen(source).map((row) => keyOf(row, statement.key)));
      put(seen(target).filter((row) => !gone.has(keyOf(row, statement.key))));
      return;
    }
    case 'select': {
      const source = resolve(store, statement.source);
      const from = statement.selected.map((name) => fieldOf(source, name));
      const to = checkColumns(target, statement.columns);
      if (to.length !== from.length) throw invalidQuery('Inserted row has wrong column count');
      to.forEach((field, at) => checkFits(from[at], field, field.name));
      const cells = seen(source).map((row) => statement.selected.map((name) => row[name]));
      put([...seen(target), ...cells.map((values) => rowOf(target, statement.columns, values))]);
      return;
    }
    case 'values': {
      const to = checkColumns(target, statement.columns);
      const rows = statement.rows.map((literals) => {
        if (literals.length !== to.length)
          throw invalidQuery('Inserted row has wrong column count');
        literals.forEach(({ type }, at) => {
          if (type !== 'NULL' && type !== to[at]?.type) {
            throw invalidQuery(
              `Value has type ${type} which cannot be inserted into ${to[at]?.name}`,
            );
          }
        });
        return rowOf(
          target,
          statement.columns,
          literals.map(({ value }) => value),
        );
      });
      put([...seen(target), ...rows]);
    }
  }
}

/** Tables by name as a transaction saw them at its beginning. */
export type Seen = ReadonlyMap<string, { table: StoredTable; content: Content }>;

type Guard = Extract<Statement, { kind: 'guard' }>;

/**
 * What the guards of a script will read: not what other transactions commit while it runs. BigQuery may
 * also cancel the later one of two; to count on that would be to count on what is not promised.
 */
export const seenBy = (store: Store, { statements }: Script): Seen =>
  new Map(
    statements.flatMap((statement) => {
      if (statement.kind !== 'guard') return [];
      const table = resolve(store, statement.source);
      return [[statement.source, { table, content: table.content }]];
    }),
  );

function runGuard(
  { column, value, message, source }: Guard,
  seen: Seen,
  changes: ReadonlyMap<StoredTable, Content>,
): void {
  const found = seen.get(source);
  if (found === undefined) throw invalidQuery(`${source} was not there`);
  if (changes.has(found.table)) throw invalidQuery('a guard comes before what it guards');
  if (fieldOf(found.table, column).type !== 'INTEGER') throw invalidQuery('MAX of no INTEGER');
  const highest = Math.max(0, ...found.content.rows.map((row) => Number(row[column])));
  if (highest !== value) throw invalidQuery(`Query error: ${message} at [2:1]`);
}

export function resolve(store: Store, name: string): StoredTable {
  const [project, dataset, table, ...rest] = name.split('.');
  if (
    project !== store.project ||
    dataset === undefined ||
    table === undefined ||
    rest.length > 0
  ) {
    throw invalidQuery(`Table "${name}" must be qualified as project.dataset.table`);
  }
  return tableOf(store, dataset, table);
}

function fieldOf(table: StoredTable, name: string): Field {
  const field = table.schema.find((it) => it.name.toLowerCase() === name.toLowerCase());
  if (field === undefined) throw invalidQuery(`Unrecognized name: ${name} in ${table.name}`);
  return field;
}

function checkKey(table: StoredTable, key: readonly KeyPart[]): void {
  for (const { column, isDay } of key) {
    const field = fieldOf(table, column);
    if (isDay && field.type !== 'TIMESTAMP') {
      throw invalidQuery(`No matching signature for function DATE for argument ${field.type}`);
    }
    if (!isDay && field.type !== 'STRING' && field.type !== 'DATE') {
      throw invalidQuery(`IN over ${field.type} of ${column} is not known here`);
    }
  }
}

/** The day of a time that ends in Z is its first ten characters. */
const keyOf = (row: Row, key: readonly KeyPart[]): string =>
  JSON.stringify(
    key.map(({ column, isDay }) => (isDay ? String(row[column]).slice(0, 10) : row[column])),
  );

function checkColumns(target: StoredTable, columns: readonly string[]): Field[] {
  for (const { name, mode } of target.schema) {
    if (mode === 'REQUIRED' && !columns.includes(name)) {
      throw invalidQuery(`Required column ${name} has no value`);
    }
  }
  if (new Set(columns).size !== columns.length) throw invalidQuery('Duplicate column');
  return columns.map((name) => fieldOf(target, name));
}

/** Records are matched by place; here their names must agree too, so that none is swapped. */
function checkFits(from: Field | undefined, to: Field, path: string): void {
  const isSame = from?.type === to.type && (from.mode === 'REPEATED') === (to.mode === 'REPEATED');
  if (!isSame) {
    throw invalidQuery(`Query column ${path} has type ${from?.type} which cannot be inserted`);
  }
  const [inner, outer] = [from.fields ?? [], to.fields ?? []];
  if (inner.length !== outer.length) throw invalidQuery(`Records differ in ${path}`);
  outer.forEach((field, at) => {
    if (inner[at]?.name !== field.name)
      throw invalidQuery(`Records differ in ${path}.${field.name}`);
    checkFits(inner[at], field, `${path}.${field.name}`);
  });
}

function rowOf(target: StoredTable, columns: readonly string[], values: readonly unknown[]): Row {
  const given = new Map(columns.map((name, at) => [name.toLowerCase(), values[at]]));
  return Object.fromEntries(
    target.schema.map(({ name, mode }) => {
      const value = given.get(name.toLowerCase()) ?? (mode === 'REPEATED' ? [] : null);
      if (value === null && mode === 'REQUIRED') {
        throw new Problem(400, 'invalidQuery', `Required field ${name} cannot be null`);
      }
      return [name, value];
    }),
  );
}
