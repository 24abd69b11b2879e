import { isDatasetId } from '../boards/benchmark-source.ts';
import { field, textOf } from '../boards/values.ts';
import { readRecords } from '../storage/captures.ts';

/** The Hub has about a million, which take 0.2 GB; of more, owners that come later are not counted. */
const MOST_OWNERS = 2_000_000;

/** Of models that are chosen, so many more are kept before those of fewer downloads go. */
const ROOM = 10_000;

/** A repository as a list has it, as far as the choice needs it. */
interface Listed {
  id: string;
  _id: string;
  sha: string | null;
  downloads: number;
}

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
  for await (const record of listed(storageDir, datasets)) {
    const [owner = '', name] = record.id.split('/');
    // A name that is none would be a path of its own making.
    if (name === undefined || !isDatasetId(owner)) continue;
    const before = downloads.get(owner);
    if (before === undefined && downloads.size >= MOST_OWNERS) continue;
    downloads.set(owner, (before ?? 0) + record.downloads);
  }
  return [...downloads]
    .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}

/**
 * The models of most downloads, of those in the captures of lists that are wanted; chosen again in the
 * same way. Memory does not grow with the lists.
 *
 * @throws {EtlError} STORAGE_CORRUPT
 */
export async function topModels(
  storageDir: string,
  datasets: readonly string[],
  { most, isWanted }: { most: number; isWanted: (model: Listed) => boolean },
): Promise<string[]> {
  let best = new Map<string, Listed>();
  const cut = (): Listed[] =>
    [...best.values()]
      .sort((a, b) => b.downloads - a.downloads || (a.id < b.id ? -1 : 1))
      .slice(0, most);
  for await (const model of listed(storageDir, datasets)) {
    if (!isDatasetId(model.id) || !isWanted(model)) continue;
    best.set(model._id, model);
    if (best.size > most + ROOM) best = new Map(cut().map((it) => [it._id, it]));
  }
  return cut().map(({ id }) => id);
}

async function* listed(
  storageDir: string,
  datasets: readonly string[],
): AsyncGenerator<Listed, void> {
  for await (const record of readRecords(storageDir, datasets)) {
    const downloads = field(record, 'downloads');
    yield {
      id: textOf(field(record, 'id')) ?? '',
      _id: textOf(field(record, '_id')) ?? '',
      sha: textOf(field(record, 'sha')),
      downloads: typeof downloads === 'number' ? downloads : 0,
    };
  }
}
