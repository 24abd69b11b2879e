import { cleanTags, type TagEntry } from '../clean/tags.ts';
import { capturesOf, checkCounts, type ExportSession } from './export-session.ts';
import type { SourceCounts } from './manifest.ts';

export interface TagsOutcome {
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Null when the run left the vocabulary out. */
  counts: SourceCounts | null;
}

/**
 * The vocabulary of tags, from the last capture of it.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`
 */
export async function exportTags(session: ExportSession): Promise<TagsOutcome> {
  const { tags: dataset } = session.input.datasets;
  let body = '{}';
  for await (const { capture } of capturesOf(session, dataset)) body = capture.body;
  const groups: unknown = JSON.parse(body);
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
