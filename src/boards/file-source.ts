import { z } from 'zod';
import { drawnHtml, drawnMarkdown } from './cell-text.ts';
import { foldSpace } from './text.ts';
import { uniqueHeaders, type TableCell, type TableRow } from './table.ts';
import { field, isObject, textOf } from './values.ts';

/** Renderer of a board that is a file of data: no browser has to draw it. */
export const FILE = 'file';

const FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'yaml', 'parquet', 'zip', 'html'] as const;
export type Format = (typeof FORMATS)[number];

const text = z.string().min(1);

/** Where in a file the rows are. */
export const FileSource = z.strictObject({
  /** @default by the file's name, else by its content type */
  format: z.enum(FORMATS).optional(),
  /** The file in a zip. */
  member: text.optional(),
  /** Id of the script of an HTML page that holds JSON. */
  script: text.optional(),
  /**
   * Where the rows are in JSON or YAML, as `boards[name=Lite].results[]`: `[]` stands for each element
   * (of an object: each value, with its name as `key`), `[key=value]` for those that have it, `$=` for
   * those that end so.
   *
   * @default the file is the list
   */
  path: text.optional(),
  /** The file lists others: `path` leads to their names, `url` says where one is (`{}` is its name). */
  each: z.strictObject({ path: text, url: text }).optional(),
  /** Fields of rows that are no part of the board: logs, people's addresses. */
  omit: z.array(text).optional(),
  /** Headers of columns with an address, by the header of the column that it is of. */
  links: z.record(text, text).optional(),
  /** Hosts that the address may be redirected to; `*.hf.co` is any under it. @default its own only */
  hosts: z.array(text).optional(),
});
export type FileSource = z.infer<typeof FileSource>;

const BY_NAME: Readonly<Record<string, Format>> = {
  ...Object.fromEntries(FORMATS.map((format) => [format, format])),
  yml: 'yaml',
  ndjson: 'jsonl',
  htm: 'html',
};
const BY_TYPE: readonly [RegExp, Format][] = [
  [/\bcsv\b/, 'csv'],
  [/tab-separated/, 'tsv'],
  [/ndjson|jsonl|json-?lines/, 'jsonl'],
  [/\bjson\b/, 'json'],
  [/yaml/, 'yaml'],
  [/parquet/, 'parquet'],
  [/\bzip\b/, 'zip'],
  [/\bhtml\b/, 'html'],
];

/** What a file is, by the end of its name, else by its content type; null where neither says it. */
export function formatOf(name: string, contentType = ''): Format | null {
  const ending = /\.([a-z]{2,8})$/i.exec(name.split(/[?#]/, 1)[0] ?? '')?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(BY_NAME, ending)) return BY_NAME[ending] ?? null;
  return BY_TYPE.find(([type]) => type.test(contentType.toLowerCase()))?.[1] ?? null;
}

/** The values at a path, as `FileSource` describes it. Pure and total. */
export function valuesAt(value: unknown, path: string): unknown[] {
  let found = [value];
  for (const [step] of path.matchAll(/\[[^[\]]*\]|[^.[\]]+/g)) {
    found = found.flatMap((it) => stepInto(it, step));
  }
  return found;
}

function stepInto(value: unknown, step: string): unknown[] {
  if (!step.startsWith('[')) {
    const next = field(value, step);
    return next === undefined ? [] : [next];
  }
  const items = itemsOf(value);
  const [key = '', ...rest] = step.slice(1, -1).split('=');
  if (rest.length === 0) return items;
  const wanted = rest.join('=');
  const isEnd = key.endsWith('$');
  return items.filter((item) => {
    const found = textOf(field(item, isEnd ? key.slice(0, -1) : key)) ?? '';
    return isEnd ? found.endsWith(wanted) : found === wanted;
  });
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, item]) => (isObject(item) ? { key, ...item } : item));
}

/** Lists lie near the top of a file. */
const DEEPEST = 4;

/** The path of the longest list of objects in data that nobody described; null without one. Pure. */
export function longestList(value: unknown): string | null {
  let best = { path: null as string | null, length: 0 };
  const look = (at: unknown, path: string, depth: number): void => {
    // A column that is written by the numbers of its rows, as pandas does, is no record.
    const items = itemsOf(at).filter((it) => isObject(it) && !Object.hasOwn(it, '0'));
    if (items.length > best.length && items.length === itemsOf(at).length) {
      best = { path: `${path}[]`, length: items.length };
    }
    if (depth === DEEPEST || !isObject(at)) return;
    for (const [key, next] of Object.entries(at)) {
      if (/^[^.[\]]+$/.test(key)) look(next, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  };
  look(value, '', 0);
  return best.path;
}

/**
 * Rows of a table of what a file lists: objects with names of columns, those of objects inside joined
 * by points. Null when something else is listed. Pure.
 */
export function rowsOfRecords(
  records: readonly unknown[],
  { links = {}, omit = [] }: Pick<FileSource, 'links' | 'omit'> = {},
): { headers: string[]; rows: TableRow[] } | null {
  if (!records.every(isObject)) return null;
  const flat = records.map((record) => {
    const kept = Object.entries(record).filter(([key]) => !omit.includes(key));
    return new Map(flattened(Object.fromEntries(kept), ''));
  });
  const headers = [...new Set(flat.flatMap((record) => [...record.keys()]))];
  const rows = flat.map((record) =>
    Object.fromEntries(
      headers.map((header): [string, TableCell] => {
        const source = Object.hasOwn(links, header) ? links[header] : undefined;
        const link = source === undefined ? null : textOf(record.get(source));
        return [header, { ...cellOf(record.get(header)), ...(link !== null && { link }) }];
      }),
    ),
  );
  return { headers, rows };
}

/** Records of a table whose first line has the names of the columns. Pure. */
export function recordsOfLines([head = [], ...lines]: readonly (readonly unknown[])[]): object[] {
  const headers = uniqueHeaders(head.map((it) => foldSpace(textOf(it) ?? '')));
  return lines.map((line) => Object.fromEntries(headers.map((it, at) => [it, line[at] ?? ''])));
}

function flattened(record: object, prefix: string): [string, unknown][] {
  return Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    const header = foldSpace(`${prefix}${key}`);
    return isObject(value) ? flattened(value, `${header}.`) : [[header, value]];
  });
}

/** A cell that is one link, in Markdown or HTML, as files of Spaces have it: it is what a page draws of it. */
const LINK = /^(?:\[[^[\]]+\]\(<?https?:[^()\s]+>?\)|<a\s[^<>]*>(?:(?!<a\s).)*<\/a>)$/i;

function cellOf(value: unknown): TableCell {
  if (value === undefined || value === null) return { text: '', value: null };
  if (typeof value === 'string') {
    const text = foldSpace(value.toWellFormed());
    if (!LINK.test(text)) return { text };
    return text.startsWith('<') ? drawnHtml(text) : drawnMarkdown(text);
  }
  return { text: JSON.stringify(value).toWellFormed(), value };
}
