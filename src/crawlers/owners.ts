import { readRecords } from '../storage/captures.ts';
import { isDatasetId } from '../boards/benchmark-source.ts';
import { field, textOf } from '../boards/values.ts';

/** The Hub has about a million, which take 0.2 GB; of more, owners that come later are not counted. */
const MOST_OWNERS = 2_000_000;

/**
 * The owners of most downloads, of the repositories in the captures of lists; of equal ones the first by
 * name. Read again from the captures, so that a crawl that goes on chooses the same ones.
 *
 * @throws {EtlError} STORAGE_CORRUPT
 */
export async function topOwners(
  storageDir: string,
  datasets: readonly string[],
  most: number,
): Promise<string[]> {
  if (most === 0) return [];
  const downloads = new Map<string, number>();
  for await (const record of readRecords(storageDir, datasets)) count(downloads, record);
  return [...downloads]
    .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}

function count(downloads: Map<string, number>, record: unknown): void {
  const [owner = '', name] = (textOf(field(record, 'id')) ?? '').split('/');
  // A name that is none would be a path of its own making.
  if (name === undefined || !isDatasetId(owner)) return;
  const before = downloads.get(owner);
  if (before === undefined && downloads.size >= MOST_OWNERS) return;
  const own = field(record, 'downloads');
  downloads.set(owner, (before ?? 0) + (typeof own === 'number' ? own : 0));
}
