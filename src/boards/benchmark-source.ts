/**
 * What a capture of the dataset `benchmarks-<run>` is of, told by its `source`: the list of official
 * benchmarks, the `eval.yaml` of one of them, or one of its leaderboards. Pure; crawlers write these
 * names, and the export reads them.
 */
export type BenchmarkSource =
  | { kind: 'list' }
  | { kind: 'eval'; id: string }
  /** `task` is null for the leaderboard that the Hub gives when no task is asked for. */
  | { kind: 'board'; id: string; task: string | null };

const LIST = 'benchmarks';
const EVAL = '#eval.yaml';
const TASK = '?task_id=';

/** The name of a source: `benchmarks`, `benchmarks/<id>`, `…?task_id=<task>`, `…#eval.yaml`. */
export function nameSource(source: BenchmarkSource): string {
  if (source.kind === 'list') return LIST;
  const base = `${LIST}/${source.id}`;
  if (source.kind === 'eval') return `${base}${EVAL}`;
  return source.task === null ? base : `${base}${TASK}${source.task}`;
}

/** The source with a name, or null for one of another kind. No id holds `?` or `#`. */
export function parseSource(name: string): BenchmarkSource | null {
  if (name === LIST) return { kind: 'list' };
  if (!name.startsWith(`${LIST}/`)) return null;
  const rest = name.slice(LIST.length + 1);
  const at = rest.indexOf(TASK);
  if (at >= 0) {
    return { kind: 'board', id: rest.slice(0, at), task: rest.slice(at + TASK.length) };
  }
  if (rest.endsWith(EVAL)) return { kind: 'eval', id: rest.slice(0, -EVAL.length) };
  return { kind: 'board', id: rest, task: null };
}

/** Whether a text can name a data set: `name` or `owner/name`, and no step up in a path. */
export const isDatasetId = (id: string): boolean =>
  /^[\w.-]{1,96}(?:\/[\w.-]{1,96})?$/.test(id) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(id);
