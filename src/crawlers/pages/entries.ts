import { parse as parseCsv } from 'csv-parse/sync';
import JSON5 from 'json5';
import type { Frame } from 'playwright';
import { attempt, isObject } from '../../boards/values.ts';
import { countIn, valuesOf, type Values } from './entry-values.ts';
import * as scripts from './inside/scripts.ts';
import { tablesOf } from './loaded-arrays.ts';
import { oncePer } from './once.ts';
import type { Answer, LoadedText, Traffic } from './traffic.ts';
import { pageCode } from './world.ts';

/** An array of objects that a page loaded. */
export interface Entries {
  /** Where it came from. */
  url: string;
  items: unknown[];
  /** How many rows there are, by a number beside the array; 0 where there is none. */
  stated: number;
  /** The plain values of each, made when first asked for. */
  values: () => Values[];
}

const SCRIPTS = pageCode(scripts);
/** A longer literal is parsed only where it is plain JSON. */
const LONGEST_LITERAL = 2 ** 21;
/** So many documents of one form are entries of a table. */
const LEAST_DOCUMENTS = 3;

/** Every table in a text of JSON, JSON lines, CSV or TSV, the outermost first. Total. */
export const entriesIn = (loaded: LoadedText): Entries[] => taken(loaded).tables;

/** A text, taken apart once: its documents, and the tables in them. */
const taken = oncePer((loaded: LoadedText) => {
  const documents = documentsIn(loaded);
  const tables = documents.flatMap((document) =>
    tablesOf(document).map((items) => entries(loaded.url, items, countIn(document))),
  );
  return { documents, tables };
});

function entries(url: string, items: unknown[], stated = 0): Entries {
  let values: Values[] | null = null;
  return { url, items, stated, values: () => (values ??= items.map(valuesOf)) };
}

/** Tables in the answers that a page got, and those whose rows came one in each answer. */
export function entriesOf(answers: readonly Answer[]): Entries[] {
  const loaded = answers.filter(isData);
  const objects = loaded.flatMap((it) =>
    taken(it).documents.flatMap((item) => (isObject(item) ? [{ url: it.url, item }] : [])),
  );
  const byForm = Map.groupBy(objects, ({ item }) => Object.keys(item).sort().join());
  const joined = [...byForm.values()].filter(({ length }) => length >= LEAST_DOCUMENTS);
  return [
    ...loaded.flatMap(entriesIn),
    ...joined.map((alike) =>
      entries(
        alike[0]?.url ?? '',
        alike.map(({ item }) => item),
      ),
    ),
  ];
}

const isData = (answer: Answer): answer is Answer & { text: string } =>
  answer.status >= 200 && answer.status < 300 && answer.text !== null;

/** The same in the scripts of a document, its own first. */
export async function inlineEntries(frame: Frame, traffic: Traffic): Promise<Entries[]> {
  const texts = await SCRIPTS.run(frame, scripts.scriptTexts, undefined);
  const own = texts.map((text) => ({ url: frame.url(), text }));
  return [...own, ...(await traffic.scripts(frame))].flatMap(({ url, text }) =>
    jsonParts(text).flatMap((part) => entriesIn({ url, text: part })),
  );
}

/** What a text is, by how it begins and what it is called; nothing for another text. */
function documentsIn({ url, text, contentType = '' }: LoadedText): unknown[] {
  if (/^\s*[[{]/.test(text)) {
    const lines = text.trimEnd().split('\n');
    return attempt(() => [parse(text)]) ?? attempt(() => [lines.map(parse)]) ?? literal(text);
  }
  const called = `${contentType} ${url.split(/[?#]/, 1)[0]}`;
  const isTabbed = /tab-separated|\.tsv$/i.test(called);
  if (!isTabbed && !/\bcsv|\.csv$/i.test(called)) return [];
  const [head = ''] = text.split('\n', 1);
  const delimiter = isTabbed ? '\t' : head.includes(',') ? ',' : ';';
  const options = { columns: true, delimiter, bom: true, relax_column_count: true, trim: true };
  return attempt((): unknown[] => [parseCsv(text, options)]) ?? [];
}

const parse = (text: string): unknown => JSON.parse(text);

/** A literal of JavaScript, such as `[{name: 'a'}]`. */
const literal = (text: string): unknown[] =>
  (text.length < LONGEST_LITERAL ? attempt(() => [JSON5.parse(text)]) : null) ?? [];

/** Places of a text that are tried, and letters looked at: a script may be written to hold whoever reads it. */
const MOST_STARTS = 200;
const MOST_LETTERS = 2 ** 26;

/** Arrays and objects in a text that is not all JSON: those that hold objects or lists. */
export function jsonParts(text: string): string[] {
  const parts: string[] = [];
  const start = /[[{]\s*(?:[[{]|(?:"[^"\n]{1,80}"|[\w$]{1,80})\s*:\s*[[{])/g;
  let left = MOST_LETTERS;
  for (let starts = 0; starts < MOST_STARTS && left > 0; starts += 1) {
    const found = start.exec(text);
    if (!found) break;
    const end = endOfJson(text, found.index, left);
    left -= (end > 0 ? end : text.length) - found.index;
    if (end > 0) parts.push(text.slice(found.index, end));
    start.lastIndex = end > 0 ? end : found.index + 1;
  }
  return parts;
}

/** Where the array or object that begins at `from` ends; 0 when it does not, or is longer than `most`. */
export function endOfJson(text: string, from: number, most = Infinity): number {
  let depth = 0;
  const last = Math.min(text.length, from + most);
  for (let at = from; at < last; at += 1) {
    const letter = text[at] ?? '';
    if (QUOTES.has(letter)) at = endOfText(text, at, letter);
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return 0;
}

const QUOTES = new Set(['"', "'", '`']);

/** Where the quoted text that begins at `from` has its last quote. */
function endOfText(text: string, from: number, quote: string): number {
  let at = from + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at;
}
