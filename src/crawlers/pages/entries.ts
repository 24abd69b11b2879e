import type { Frame } from 'playwright';
import { countIn, objectArrays, valuesOf, type Values } from './entry-values.ts';
import * as scripts from './inside/scripts.ts';
import type { Answer } from './traffic.ts';
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

/** A JSON text and where it came from. */
export interface JsonText {
  url: string;
  text: string;
}

const SCRIPTS = pageCode(scripts);

const known = new WeakMap<JsonText, Entries[]>();

/** Every array of objects in a JSON text, the outermost first; each text is taken apart once. Total. */
export function entriesIn(json: JsonText): Entries[] {
  const before = known.get(json);
  if (before) return before;
  const root = parsed(json.text);
  const stated = countIn(root);
  const arrays = objectArrays(root).map((items): Entries => {
    let values: Values[] | null = null;
    return { url: json.url, items, stated, values: () => (values ??= items.map(valuesOf)) };
  });
  known.set(json, arrays);
  return arrays;
}

/** Arrays of objects in the answers that a page got. */
export const entriesOf = (answers: readonly Answer[]): Entries[] =>
  answers.filter(isJson).flatMap(entriesIn);

function isJson(answer: Answer): answer is Answer & { text: string } {
  const { status, contentType, text } = answer;
  return (
    status >= 200 &&
    status < 300 &&
    /json|text\/plain|octet-stream|^$/.test(contentType) &&
    text !== null &&
    /^\s*[[{]/.test(text)
  );
}

/** The same in the scripts of a document. */
export async function inlineEntries(frame: Frame): Promise<Entries[]> {
  const texts = await SCRIPTS.run(frame, scripts.scriptTexts, undefined);
  return texts
    .flatMap((text) => jsonParts(text))
    .flatMap((text) => entriesIn({ url: frame.url(), text }));
}

/** Arrays of objects in a text that is not all JSON. */
export function jsonParts(text: string): string[] {
  const parts: string[] = [];
  for (let from = text.search(/\[\s*\{/); from >= 0;) {
    const end = endOfJson(text, from);
    if (end > 0) parts.push(text.slice(from, end));
    const rest = end > 0 ? end : from + 1;
    const next = text.slice(rest).search(/\[\s*\{/);
    from = next < 0 ? -1 : rest + next;
    if (parts.length > 100) break;
  }
  return parts;
}

/** Where the array or object that begins at `from` ends; 0 when it does not. */
export function endOfJson(text: string, from: number): number {
  let [depth, isText] = [0, false];
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (isText) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isText = false;
    } else if (letter === '"') isText = true;
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // cut, or no JSON after all
  }
}
