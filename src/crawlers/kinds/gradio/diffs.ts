import { isObject, listOf, textOf, type JsonObject } from './json.ts';

/**
 * Applies the edits that Gradio sends of a value that is generated step by step, each `[action, path,
 * value]`. Total: an edit that fits nowhere leaves the value as it is.
 */
export function applyDiff(value: unknown, diff: unknown): unknown {
  let result = value;
  for (const edit of listOf(diff)) {
    const [action, path, given] = listOf(edit);
    result = edited(result, { action: textOf(action) ?? '', path: listOf(path), given });
  }
  return result;
}

interface Edit {
  action: string;
  path: readonly unknown[];
  given: unknown;
}

const joined = (before: unknown, after: unknown): unknown =>
  typeof before === 'string' && typeof after === 'string' ? before + after : before;

function edited(value: unknown, edit: Edit): unknown {
  const { action, path, given } = edit;
  const [key] = path;
  if (key === undefined) {
    if (action === 'replace') return given;
    return action === 'append' ? joined(value, given) : value;
  }
  if (Array.isArray(value)) return editedList([...(value as unknown[])], edit);
  const isName = typeof key === 'string' && key !== '__proto__';
  return isObject(value) && isName ? editedObject(value, key, edit) : value;
}

function editedObject(value: JsonObject, key: string, { action, path, given }: Edit): JsonObject {
  const rest = path.slice(1);
  if (action === 'delete' && rest.length === 0) {
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  }
  const before = Object.hasOwn(value, key) ? value[key] : undefined;
  const isNew = action === 'add' && rest.length === 0;
  return { ...value, [key]: isNew ? given : edited(before, { action, path: rest, given }) };
}

function editedList(list: unknown[], { action, path, given }: Edit): unknown {
  const [key, ...rest] = path;
  if (typeof key !== 'number' || !Number.isInteger(key) || key < 0 || key > list.length)
    return list;
  if (rest.length === 0 && action === 'delete') list.splice(key, 1);
  else if (rest.length === 0 && action === 'add') list.splice(key, 0, given);
  else if (key < list.length) list[key] = edited(list[key], { action, path: rest, given });
  return list;
}
