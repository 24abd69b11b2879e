import { isObject } from '../boards/values.ts';
import { cleanTags, type TagEntry, type TagKind } from '../clean/tags.ts';
import { capturesOf, checkCounts, readBody, type ExportSession } from './export-session.ts';
import { NO_COUNTS, type SourceCounts } from './manifest.ts';

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
  const last = new Map<TagKind, unknown>();
  for await (const stored of capturesOf(session, 'tags')) {
    const groups = readBody(JSON.parse as (text: string) => unknown, stored);
    last.set(kindOf(stored.facts.source), groups);
  }
  const counts = { ...NO_COUNTS };
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
  return { vocabulary, counts: session.input.datasets.tags === null ? null : counts };
}

const countTags = (groups: unknown): number =>
  isObject(groups)
    ? Object.values(groups).reduce<number>(
        (sum, group) => sum + (Array.isArray(group) ? group.length : 1),
        0,
      )
    : 0;
