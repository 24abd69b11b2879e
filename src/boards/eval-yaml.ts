import { readYaml } from './yaml.ts';

/** What we need of a benchmark's `eval.yaml`. */
export interface EvalYaml {
  /** Ids of its tasks, in its order. */
  tasks: string[];
  /** Program that measures, e.g. `inspect-ai`. Null where none is named. */
  framework: string | null;
}

/** Some times the longest one known; the time that a parser takes may grow with the square of it. */
const LONGEST = 64_000;
const LONGEST_ID = 1000;

/**
 * Reads the tasks of an `eval.yaml`. A file that is no such thing, or has a task without an id, is null:
 * never a part of the tasks. Nothing in the file is evaluated. Pure and total.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export function readEvalYaml(text: string): EvalYaml | null {
  if (text.length > LONGEST) return null;
  const value = readYaml(text);
  if (value === null) return { tasks: [], framework: null };
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  const { tasks = [], evaluation_framework: framework } = value as Record<string, unknown>; // checked
  const items: unknown = tasks ?? [];
  if (!Array.isArray(items)) return null;
  const ids = items.map(idOf);
  const known = ids.filter((id) => id !== null);
  if (known.length !== ids.length) return null;
  return {
    tasks: [...new Set(known)],
    framework: typeof framework === 'string' && framework !== '' ? framework : null,
  };
}

function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, 'id')) return null;
  const id: unknown = Reflect.get(item, 'id');
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? id : null;
}
