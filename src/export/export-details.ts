import { parseAsked, type DetailPart } from '../boards/asked-source.ts';
import { cleanDetails } from '../clean/details.ts';
import { parseExact } from '../clean/parse-page.ts';
import {
  capturesOf,
  checkCounts,
  countRepair,
  readBody,
  rejectedText,
  timestampOf,
  writeReject,
  type ExportSession,
  type PlacedCapture,
} from './export-session.ts';
import { NO_COUNTS, type SourceCounts } from './manifest.ts';

export interface Details {
  /** Names that were answered for. */
  found: ReadonlySet<string>;
  counts: SourceCounts;
}

/** The answers of one model, the first of which is of the capture. */
interface Asked {
  first: PlacedCapture;
  answers: Partial<Record<DetailPart, unknown>>;
}

/**
 * Writes a row for each model that was asked for by itself.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function exportDetails(session: ExportSession): Promise<Details> {
  const counts = { ...NO_COUNTS };
  const found = new Set<string>();
  const ids = new Set<string>();
  for await (const asked of modelsOf(session)) {
    found.add(parseAsked('details', asked.first.facts.source)?.name ?? '');
    counts[await writeModel(session, asked, ids)] += 1;
    counts.listed += 1;
  }
  checkCounts('details', counts);
  return { found, counts };
}

/** Answers of a model were committed together, so they lie one after the other. */
async function* modelsOf(session: ExportSession): AsyncGenerator<Asked, void> {
  let asked: Asked | undefined;
  for await (const stored of capturesOf(session, 'details')) {
    const kind = parseAsked('details', stored.facts.source)?.kind ?? 'info';
    if (kind === 'info') {
      if (asked !== undefined) yield asked;
      asked = { first: stored, answers: {} };
    }
    if (asked !== undefined) asked.answers[kind] = readBody(parseExact, stored);
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
    await writeReject(session, first, {
      reason: 'not_an_object',
      detail: `${first.facts.source} is no model`,
      record: rejectedText(answers.info),
    });
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
