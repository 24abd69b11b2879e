/** What we need of a benchmark's `eval.yaml`. */
export interface EvalYaml {
  /** Ids of its tasks, in its order. */
  tasks: string[];
  /** Program that measures, e.g. `inspect-ai`. Null where none is named. */
  framework: string | null;
}

const LONGEST = 1_000_000;
const LONGEST_SCALAR = 1000;

/**
 * Reads the tasks of an `eval.yaml`. It knows block mappings and sequences only, which is how these
 * files are written; what it cannot be sure of (anchors, flow collections, an item without an id) is
 * null, never a part of the tasks. Nothing in the file is evaluated.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export function readEvalYaml(text: string): EvalYaml | null {
  if (text.length > LONGEST) return null;
  const sections = sectionsOf(text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/));
  if (sections === null) return null;
  const tasks = sections.get('tasks');
  const found = tasks === undefined ? [] : tasksOf(tasks);
  if (found === null) return null;
  const framework = sections.get('evaluation_framework');
  return { tasks: [...new Set(found)], framework: scalarOf(framework?.rest ?? '') };
}

/** A key of the file: what follows its colon, and the lines up to the next key. */
interface Section {
  rest: string;
  lines: string[];
}

const isBlank = (line: string): boolean => /^\s*(?:#.*)?$/.test(line);

const indentOf = (line: string): number => line.length - line.replace(/^ +/, '').length;

/** A merge key (`<<`) is none: what it brings in is not to be seen here. */
const KEY =
  /^(?:"([^"\\]+)"|'([^']+)'|([^\s\-?:,[\]{}#&*!|>'"%@`<][^:#\s]*(?: +[^:#\s]+)*)) *:(?:\s+(.*))?$/;

function keyOf(text: string): { key: string; rest: string } | null {
  const match = KEY.exec(text);
  if (match === null) return null;
  const [, double, single, plain, rest = ''] = match;
  return { key: double ?? single ?? plain ?? '', rest };
}

function sectionsOf(lines: readonly string[]): Map<string, Section> | null {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  for (const line of lines) {
    if (isBlank(line)) continue;
    if (section === undefined && /^---\s*$/.test(line) && sections.size === 0) continue;
    if (indentOf(line) > 0 || /^-(?: |$)/.test(line)) {
      if (section === undefined) return null;
      section.lines.push(line);
      continue;
    }
    const found = keyOf(line);
    if (found === null || sections.has(found.key)) return null;
    section = { rest: found.rest, lines: [] };
    sections.set(found.key, section);
  }
  return sections;
}

const isNothing = (rest: string): boolean => /^(?:#.*)?$/.test(rest.trim());

/** Ids of the items of a block sequence of mappings; null when one has none. */
function tasksOf({ rest, lines }: Section): string[] | null {
  if (!isNothing(rest)) return /^(?:\[\s*\]|null|~)\s*(?:#.*)?$/.test(rest) ? [] : null;
  const [first] = lines;
  if (first === undefined) return [];
  const items = itemsOf(lines, indentOf(first));
  const ids = items?.map(idOf) ?? [null];
  const known = ids.filter((id) => id !== null);
  return known.length === ids.length ? known : null;
}

/** The lines of each item, its first one with the dash made a space. */
function itemsOf(lines: readonly string[], indent: number): string[][] | null {
  const items: string[][] = [];
  for (const line of lines) {
    const here = indentOf(line);
    if (here < indent) return null;
    const text = line.slice(indent);
    if (here > indent) items.at(-1)?.push(line);
    else if (!/^-(?: |$)/.test(text)) return null;
    else items.push(text === '-' ? [] : [`${' '.repeat(indent)} ${text.slice(1)}`]);
  }
  return items;
}

/** The `id` among the keys of one item; deeper lines belong to those keys. */
function idOf(lines: readonly string[]): string | null {
  const keys = keysOf(lines);
  const ids = keys?.filter(({ key }) => key === 'id') ?? [];
  const [first] = ids;
  // A deeper line after the id would be more of it.
  return first === undefined || ids.length > 1 || first.goesOn ? null : scalarOf(first.rest);
}

function keysOf(lines: readonly string[]): { key: string; rest: string; goesOn: boolean }[] | null {
  const keys: { key: string; rest: string; goesOn: boolean }[] = [];
  const indent = indentOf(lines[0] ?? '');
  for (const line of lines) {
    const here = indentOf(line);
    if (here < indent) return null;
    const text = line.slice(indent);
    if (here > indent || /^-(?: |$)/.test(text)) {
      const last = keys.at(-1);
      if (last !== undefined) last.goesOn = true;
      continue;
    }
    const found = keyOf(text);
    if (found === null) return null;
    keys.push({ ...found, goesOn: false });
  }
  return keys;
}

/** A text on one line, quoted or plain; null for none, and for what is no plain text. */
function scalarOf(rest: string): string | null {
  const text = rest.trim();
  if (text.length > LONGEST_SCALAR) return null;
  const double = /^("(?:[^"\\]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*")\s*(?:\s#.*)?$/.exec(text)?.[1];
  // The expression takes only what JSON and YAML write alike; a control character is neither's.
  if (double !== undefined) return /[\u0000-\u001f]/.test(double) ? null : parsed(double);
  const single = /^'((?:[^']|'')*)'\s*(?:\s#.*)?$/.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'") || null;
  const plain = text.replace(/(?:^|\s+)#.*$/, '');
  if (!/^(?:[^\s&*!|>%@`"'{}[\],?#:-]|[?:-](?=[^\s]))/.test(plain)) return null;
  if (/:(?:\s|$)/.test(plain) || /^(?:null|Null|NULL|~)$/.test(plain)) return null;
  return plain;
}

const parsed = (json: string): string | null => {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' && value !== '' ? value : null;
};
