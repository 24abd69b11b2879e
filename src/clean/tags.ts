import { isRecord } from './json-text.ts';

/** A tag as the Hub's vocabulary has it. */
export interface TagEntry {
  id: string;
  label: string;
  type: string;
  subType: string | null;
}

/** A row of the table `tags`. */
interface TagRow extends TagEntry {
  clickable: boolean;
  kind: TagKind;
}

/** Whose tags a vocabulary has. */
export type TagKind = 'model' | 'dataset';

interface CleanedTags {
  rows: TagRow[];
  /** For `CleanContext.tags`. The first of two tags with one id wins. */
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Elements that are no tag: a tag has an id. */
  rejected: number;
}

/**
 * A vocabulary of tags from the body of `/api/models-tags-by-type`, or of data sets: an object of lists by type.
 * Total: what is no tag is counted in `rejected`.
 */
export function cleanTags(body: unknown, kind: TagKind): CleanedTags {
  const cleaned: CleanedTags & { vocabulary: Map<string, TagEntry> } = {
    rows: [],
    vocabulary: new Map(),
    rejected: 0,
  };
  const groups = isRecord(body) ? Object.entries(body) : [];
  const seen = new Set<string>();
  for (const [type, group] of groups) {
    for (const element of Array.isArray(group) ? group : [group]) {
      const row = tagRow(element, type.toWellFormed());
      if (row === undefined) {
        cleaned.rejected += 1;
        continue;
      }
      const key = JSON.stringify([row.type, row.id]);
      if (seen.has(key)) continue;
      seen.add(key);
      cleaned.rows.push({ ...row, kind });
      const { id, label, subType } = row;
      if (!cleaned.vocabulary.has(id))
        cleaned.vocabulary.set(id, { id, label, type: row.type, subType });
    }
  }
  return cleaned;
}

function tagRow(element: unknown, group: string): Omit<TagRow, 'kind'> | undefined {
  if (!isRecord(element)) return undefined;
  const id = text(element['id']);
  if (id === null || id === '') return undefined;
  return {
    id,
    label: text(element['label']) ?? id,
    type: text(element['type']) ?? group,
    subType: text(element['subType']),
    clickable: element['clickable'] !== false,
  };
}

const text = (value: unknown): string | null =>
  typeof value === 'string' ? value.toWellFormed() : null;
