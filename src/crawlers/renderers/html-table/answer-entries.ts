import { objectArrays, valuesOf, type Values } from '../../pages/entry-values.ts';
import type { JsonAnswer } from './page-traffic.ts';

/** An array of objects in an answer. */
export interface AnswerArray {
  items: unknown[];
  /** The plain values of each, made when first asked for. */
  values: () => Values[];
}

/** A shorter array is quickly looked through when it is needed. */
const WORTH_PREPARING = 20;

const known = new WeakMap<JsonAnswer, AnswerArray[]>();

/** Every array of objects in an answer, the outermost first; each answer is taken apart once. Total. */
export function arraysIn(answer: JsonAnswer): AnswerArray[] {
  const before = known.get(answer);
  if (before) return before;
  const arrays = objectArrays(parsed(answer.text)).map((items): AnswerArray => {
    let values: Values[] | null = null;
    return { items, values: () => (values ??= items.map(valuesOf)) };
  });
  known.set(answer, arrays);
  return arrays;
}

/** Takes answers apart while the page is still drawing what is in them; true when there is much. */
export function prepare(answers: readonly JsonAnswer[]): boolean {
  const large = answers
    .flatMap((answer) => arraysIn(answer))
    .filter(({ items }) => items.length >= WORTH_PREPARING);
  for (const { values } of large) values();
  return large.length > 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // cut, or no JSON after all
  }
}
