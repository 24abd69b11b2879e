import { parseAsked, type DetailPart } from '../boards/asked-source.ts';
import { cleanDetails } from '../clean/details.ts';
import { parseExact } from '../clean/parse-page.ts';
import type { StoredCapture } from '../storage/captures.ts';
import type { Missed } from './export-missed.ts';
import {
  capturesOf,
  checkCounts,
  countRepair,
  readBody,
  rejectedText,
  timestampOf,
  writeReject,
  type ExportSession,
} from './export-session.ts';
import type { Manifest, SourceCounts } from './manifest.ts';

export interface DetailsOutcome {
  /** Whether a model was missed by a process of the run, and had by one that went on. */
  hadLater: (missed: Missed) => boolean;
  /** Of the manifest; nothing where nothing was asked for. */
  entry: (missed: readonly Missed[]) => Pick<Manifest['sources'], 'details'>;
}

/** The answers of one model, the first of which is of the capture. */
interface Asked {
  first: StoredCapture & { dataset: string };
  answers: Partial<Record<DetailPart, unknown>>;
}

/**
 * Writes a row for each model that was asked for by itself.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function exportDetails(session: ExportSession): Promise<DetailsOutcome> {
  const { crawl, outcome } = session.input;
  const counts: SourceCounts = { listed: 0, exported: 0, duplicates: 0, rejected: 0 };
  const names = new Set<string>();
  const ids = new Set<string>();
  for await (const asked of modelsOf(session)) {
    names.add(parseAsked('details', asked.first.facts.source)?.name ?? '');
    counts[await writeModel(session, asked, ids)] += 1;
    counts.listed += 1;
  }
  checkCounts('details', counts);
  return {
    hadLater: ({ source, id }) => source === 'details' && names.has(id ?? ''),
    entry: (missed) => {
      if (crawl.details === undefined) return {};
      const failure = outcome.failures.find(({ source }) => source === 'details');
      const failed = failure === undefined ? {} : { status: 'failed', error: failure.code };
      const lacks = missed.filter(({ source }) => source.split('/')[0] === 'details').length;
      return { details: { ...crawl.details, ...failed, ...counts, missed: lacks } };
    },
  };
}

/** Answers of a model were committed together, so they lie one after the other. */
async function* modelsOf(session: ExportSession): AsyncGenerator<Asked, void> {
  const dataset = session.input.datasets.details ?? null;
  let asked: Asked | undefined;
  for await (const stored of capturesOf(session, dataset)) {
    const kind = parseAsked('details', stored.facts.source)?.kind ?? 'info';
    if (kind === 'info') {
      if (asked !== undefined) yield asked;
      asked = { first: stored, answers: {} };
    }
    if (asked !== undefined) asked.answers[kind] = readBody(parseExact, stored, dataset);
  }
  if (asked !== undefined) yield asked;
}

async function writeModel(
  session: ExportSession,
  { first, answers }: Asked,
  ids: Set<string>,
): Promise<'exported' | 'duplicates' | 'rejected'> {
  const cleaned = cleanDetails(answers);
  if (cleaned === null) {
    const pointer = { dataset: first.dataset, n: first.n, position: 0 };
    const detail = `${first.facts.source} is no model`;
    const record = rejectedText(answers.info);
    await writeReject(session, { reason: 'not_an_object', detail, pointer, record });
    return 'rejected';
  }
  const { details, repairs } = cleaned;
  // Two names may lead to one model.
  if (ids.has(details._id)) return 'duplicates';
  ids.add(details._id);
  const observed_at = timestampOf(first.facts.fetchedAt);
  await session.output.write('model_details', [
    { run: session.input.run, ...details, observed_at },
  ]);
  for (const repair of repairs)
    countRepair(session, 'model_details', { ...repair, count: 1, id: details.id });
  return 'exported';
}
