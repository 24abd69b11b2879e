/**
 * The members of one JSON object as name → their JSON text, in the order of the text. Values are
 * slices of the line, so nothing is lost on the way (a number beyond 2^53, an escape as written)
 * and a page of 1,000 records costs milliseconds.
 *
 * @throws {SyntaxError} when the text is no JSON object. Only the outermost level is looked at.
 */
export function splitFields(line: string): Map<string, string> {
  const fields = new Map<string, string>();
  let at = skipSpace(line, 0);
  if (line[at] !== '{') throw new SyntaxError('not a JSON object');
  at = skipSpace(line, at + 1);
  while (line[at] !== '}') {
    const nameEnd = endOfString(line, at);
    const name = parseName(line.slice(at, nameEnd));
    at = skipSpace(line, nameEnd);
    if (line[at] !== ':') throw new SyntaxError('a name without a value');
    at = skipSpace(line, at + 1);
    const valueEnd = endOfValue(line, at);
    fields.set(name, line.slice(at, valueEnd));
    at = skipSpace(line, valueEnd);
    if (line[at] === ',') at = skipSpace(line, at + 1);
    else if (line[at] !== '}') throw new SyntaxError('an object that does not end');
  }
  return fields;
}

/** The JSON text of an object with these members. */
export function joinFields(fields: Iterable<readonly [string, string]>): string {
  const members = Array.from(fields, ([name, value]) => `${JSON.stringify(name)}:${value}`);
  return `{${members.join(',')}}`;
}

function parseName(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  return String(JSON.parse(quoted));
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}

function endOfString(text: string, start: number): number {
  if (text[start] !== '"') throw new SyntaxError('a name that is no string');
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) throw new SyntaxError('a string that does not end');
    let before = end - 1;
    while (text[before] === '\\') before -= 1;
    if ((end - before) % 2 === 1) return end + 1;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first === '{' || first === '[') return endOfNested(text, start);
  const scalar = /[^\s,}\]]+/y;
  scalar.lastIndex = start;
  if (!scalar.test(text)) throw new SyntaxError('a name without a value');
  return scalar.lastIndex;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at);
      continue;
    }
    if (code === 123 || code === 91) depth += 1;
    if (code === 125 || code === 93) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  throw new SyntaxError('a value that does not end');
}
