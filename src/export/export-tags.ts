import { cleanTags, type TagEntry, type TagKind } from '../clean/tags.ts';
import { capturesOf, checkCounts, readBody, type ExportSession } from './export-session.ts';
import type { SourceCounts } from './manifest.ts';

export interface TagsOutcome {
  /** Of models. */
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Null when the run left the vocabularies out. */
  counts: SourceCounts | null;
}

const kindOf = (source: string): TagKind => (source === 'tags/datasets' ? 'dataset' : 'model');

/**
 * The vocabularies of tags, each from the last capture of it.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function exportTags(session: ExportSession): Promise<TagsOutcome> {
  const { tags: dataset } = session.input.datasets;
  const last = new Map<TagKind, unknown>();
  for await (const stored of capturesOf(session, dataset)) {
    const groups = readBody(JSON.parse as (text: string) => unknown, stored, dataset);
    last.set(kindOf(stored.facts.source), groups);
  }
  const counts: SourceCounts = { listed: 0, exported: 0, duplicates: 0, rejected: 0 };
  let vocabulary: TagsOutcome['vocabulary'] = new Map();
  for (const [kind, groups] of last) {
    const cleaned = cleanTags(groups, kind);
    await session.output.write('tags', cleaned.rows);
    const [listed, exported] = [countTags(groups), cleaned.rows.length];
    counts.listed += listed;
    counts.exported += exported;
    counts.rejected += cleaned.rejected;
    counts.duplicates += listed - exported - cleaned.rejected;
    if (kind === 'model') ({ vocabulary } = cleaned);
  }
  checkCounts('tags', counts);
  return { vocabulary, counts: dataset === null ? null : counts };
}

const countTags = (groups: unknown): number =>
  typeof groups !== 'object' || groups === null || Array.isArray(groups)
    ? 0
    : Object.values(groups).reduce<number>(
        (sum, group) => sum + (Array.isArray(group) ? group.length : 1),
        0,
      );
