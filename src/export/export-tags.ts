import { cleanTags, type TagEntry } from '../clean/tags.ts';
import { capturesOf, checkCounts, readBody, type ExportSession } from './export-session.ts';
import type { SourceCounts } from './manifest.ts';

export interface TagsOutcome {
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Null when the run left the vocabulary out. */
  counts: SourceCounts | null;
}

/**
 * The vocabulary of tags, from the last capture of it.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function exportTags(session: ExportSession): Promise<TagsOutcome> {
  const { tags: dataset } = session.input.datasets;
  // The last capture counts.
  let groups: unknown = {};
  for await (const stored of capturesOf(session, dataset))
    groups = readBody(JSON.parse as (text: string) => unknown, stored, dataset);
  const { rows, vocabulary, rejected } = cleanTags(groups);
  await session.output.write('tags', rows);
  const listed = countTags(groups);
  const duplicates = listed - rows.length - rejected;
  const counts = { listed, exported: rows.length, duplicates, rejected };
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
