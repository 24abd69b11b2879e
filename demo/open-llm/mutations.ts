/**
 * Ways in which a real board has broken, or could, one at a time. Those of the payload are made by
 * the server, the others by the page, which reads the name from a `meta` element.
 */
export const OPEN_LLM_MUTATIONS = [
  'header-renamed',
  'column-missing',
  'column-added',
  'row-lost',
  'rows-swapped',
  'value-changed',
  'dom-rows-only',
  'count-lies',
  'skeleton-forever',
  'api-500',
  'api-html',
  'average-null',
  'payload-empty',
  'payload-row-dropped',
  'payload-truncated',
  'classes-changed',
  'filters-on',
] as const;

export type OpenLlmMutation = (typeof OPEN_LLM_MUTATIONS)[number];

/** Shown row, from 0, whose average the page misstates under `value-changed`. */
export const CHANGED_ROW = 75;
