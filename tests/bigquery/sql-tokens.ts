import { invalidQuery } from './problem.ts';

export interface Token {
  kind: 'word' | 'name' | 'text' | 'number' | 'sign';
  value: string;
}

const PATTERN =
  /\s+|(?<name>`[^`\n]+`)|(?<text>'(?:[^'\\\n]|\\['\\])*')|(?<number>\d+)|(?<word>[A-Z]+)|(?<sign>[(),;=])/y;

/** Tokens of the few forms of SQL that the double knows. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(sql)?.groups;
    if (groups === undefined) throw syntaxError(sql.slice(at, at + 40));
    const { name, text, number, word, sign } = groups;
    if (name !== undefined) tokens.push({ kind: 'name', value: name.slice(1, -1) });
    if (text !== undefined) {
      tokens.push({ kind: 'text', value: text.slice(1, -1).replaceAll(/\\(.)/g, '$1') });
    }
    if (number !== undefined) tokens.push({ kind: 'number', value: number });
    if (word !== undefined) tokens.push({ kind: 'word', value: word });
    if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
  }
  return tokens;
}

export const syntaxError = (near: string) =>
  invalidQuery(`Syntax error: the double does not know this SQL, near ${JSON.stringify(near)}`);

/** Walks over tokens and refuses what is not expected. */
export interface Cursor {
  isAt: (value: string) => boolean;
  /** Takes these words and signs, in this order. */
  expect: (...values: readonly string[]) => void;
  take: (kind: Token['kind']) => string;
  isDone: () => boolean;
  /** `item (, item)*` */
  list: <Item>(item: () => Item) => Item[];
}

export function createCursor(tokens: readonly Token[]): Cursor {
  let at = 0;
  const near = () =>
    tokens
      .slice(at, at + 5)
      .map(({ value }) => value)
      .join(' ');
  const isAt = (value: string) => {
    const token = tokens[at];
    return (token?.kind === 'word' || token?.kind === 'sign') && token.value === value;
  };
  const expect = (...values: readonly string[]) => {
    for (const value of values) {
      if (!isAt(value)) throw syntaxError(near());
      at += 1;
    }
  };
  const list = <Item>(item: () => Item): Item[] => {
    const items = [item()];
    while (isAt(',')) {
      expect(',');
      items.push(item());
    }
    return items;
  };
  const take = (kind: Token['kind']) => {
    const token = tokens[at];
    if (token?.kind !== kind) throw syntaxError(near());
    at += 1;
    return token.value;
  };
  return { isAt, expect, take, isDone: () => at >= tokens.length, list };
}
