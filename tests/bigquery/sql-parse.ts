import { createCursor, syntaxError, tokensOf, type Cursor } from './sql-tokens.ts';

export interface KeyPart {
  column: string;
  isDay: boolean;
}

export type Literal =
  | { type: 'STRING' | 'TIMESTAMP'; value: string }
  | { type: 'INTEGER'; value: number }
  | { type: 'NULL'; value: null };

export type Statement =
  | { kind: 'guard'; column: string; source: string; value: number; message: string }
  | { kind: 'truncate'; target: string }
  | { kind: 'delete'; target: string; key: KeyPart[]; source: string }
  | { kind: 'select'; target: string; columns: string[]; selected: string[]; source: string }
  | { kind: 'values'; target: string; columns: string[]; rows: Literal[][] };

export interface Script {
  isTransaction: boolean;
  statements: Statement[];
}

/**
 * A script in the forms that our program sends; anything else is refused.
 *
 * @throws {Problem} 400 `invalidQuery`
 */
export function parseScript(sql: string): Script {
  const cursor = createCursor(tokensOf(sql));
  const isTransaction = cursor.isAt('BEGIN');
  if (isTransaction) cursor.expect('BEGIN', 'TRANSACTION', ';');
  const statements: Statement[] = [];
  while (!cursor.isDone() && !cursor.isAt('COMMIT')) {
    statements.push(parseStatement(cursor));
    cursor.expect(';');
  }
  if (isTransaction) cursor.expect('COMMIT', 'TRANSACTION', ';');
  if (!cursor.isDone() || statements.length === 0) throw syntaxError('end of script');
  return { isTransaction, statements };
}

function parseStatement(cursor: Cursor): Statement {
  if (cursor.isAt('TRUNCATE')) {
    cursor.expect('TRUNCATE', 'TABLE');
    return { kind: 'truncate', target: cursor.take('name') };
  }
  if (cursor.isAt('DELETE')) return parseDelete(cursor);
  if (cursor.isAt('SELECT')) return parseGuard(cursor);
  cursor.expect('INSERT', 'INTO');
  const target = cursor.take('name');
  cursor.expect('(');
  const columns = cursor.list(() => cursor.take('name'));
  cursor.expect(')');
  if (cursor.isAt('VALUES')) {
    cursor.expect('VALUES');
    return { kind: 'values', target, columns, rows: cursor.list(() => parseTuple(cursor)) };
  }
  cursor.expect('SELECT');
  const selected = cursor.list(() => cursor.take('name'));
  cursor.expect('FROM');
  return { kind: 'select', target, columns, selected, source: cursor.take('name') };
}

/** A SELECT that fails when the highest value of a column is another one; without rows it is 0. */
function parseGuard(cursor: Cursor): Statement {
  cursor.expect('SELECT', 'IF', '(', '(', 'SELECT', 'IFNULL', '(', 'MAX', '(');
  const column = cursor.take('name');
  cursor.expect(')', ',');
  if (cursor.take('number') !== '0') throw syntaxError('another default');
  cursor.expect(')', 'FROM');
  const source = cursor.take('name');
  cursor.expect(')', '=');
  const value = Number(cursor.take('number'));
  cursor.expect(',');
  cursor.take('text');
  cursor.expect(',', 'ERROR', '(');
  const message = cursor.take('text');
  cursor.expect(')', ')');
  return { kind: 'guard', column, source, value, message };
}

function parseDelete(cursor: Cursor): Statement {
  cursor.expect('DELETE', 'FROM');
  const target = cursor.take('name');
  cursor.expect('WHERE');
  const key = parseKey(cursor);
  cursor.expect('IN', '(', 'SELECT');
  const selected = parseKey(cursor);
  if (JSON.stringify(selected) !== JSON.stringify(key)) throw syntaxError('another key');
  cursor.expect('FROM');
  const source = cursor.take('name');
  cursor.expect(')');
  return { kind: 'delete', target, key, source };
}

function parseKey(cursor: Cursor): KeyPart[] {
  if (!cursor.isAt('(')) return [parsePart(cursor)];
  cursor.expect('(');
  const parts = cursor.list(() => parsePart(cursor));
  cursor.expect(')');
  return parts;
}

function parsePart(cursor: Cursor): KeyPart {
  if (!cursor.isAt('DATE')) return { column: cursor.take('name'), isDay: false };
  cursor.expect('DATE', '(');
  const column = cursor.take('name');
  cursor.expect(')');
  return { column, isDay: true };
}

function parseTuple(cursor: Cursor): Literal[] {
  cursor.expect('(');
  const literals = cursor.list(() => parseLiteral(cursor));
  cursor.expect(')');
  return literals;
}

function parseLiteral(cursor: Cursor): Literal {
  if (cursor.isAt('NULL')) {
    cursor.expect('NULL');
    return { type: 'NULL', value: null };
  }
  if (cursor.isAt('TIMESTAMP')) {
    cursor.expect('TIMESTAMP');
    return { type: 'TIMESTAMP', value: cursor.take('text') };
  }
  try {
    return { type: 'STRING', value: cursor.take('text') };
  } catch {
    return { type: 'INTEGER', value: Number(cursor.take('number')) };
  }
}
