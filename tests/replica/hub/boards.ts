import { EtlError } from '../../../src/errors.ts';
import { missingReply } from './model.ts';
import { errorReply, jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { splitFields } from './json-fields.ts';
import { parseEntry, readLines } from './store.ts';
import type { Entry } from './store.ts';

/** A row of a benchmark's leaderboard and whether its model declares a base model. */
interface BoardRow {
  declaresBaseModel: boolean;
  row: { rank: number; modelId: string; num_parameters?: number } & Record<string, unknown>;
}

/** A data set with its leaderboards by task, the first being the default; null without any. */
export interface BenchmarkDataset {
  entry: Entry;
  boards: Readonly<Record<string, readonly BoardRow[]>> | null;
}

/**
 * The data sets of a file: a line is `{"record": …, "boards": {task: [{declaresBaseModel, row}]}}`.
 *
 * @throws {EtlError} `CONFIG_INVALID` when the file cannot be read or a line is of another shape.
 */
export async function readDatasets(path: string): Promise<BenchmarkDataset[]> {
  const datasets: BenchmarkDataset[] = [];
  for await (const [number, line] of readLines(path)) {
    try {
      const fields = splitFields(line);
      const entry = parseEntry(fields.get('record') ?? '');
      // The file is ours: scripts/replica-data.ts writes it in this shape.
      const boards = JSON.parse(fields.get('boards') ?? 'null') as BenchmarkDataset['boards'];
      datasets.push({ entry, boards });
    } catch (cause) {
      throw new EtlError('CONFIG_INVALID', `line ${number} of ${path} is no data set`, { cause });
    }
  }
  return datasets;
}

export interface BoardRequest {
  id: string;
  parameters: URLSearchParams;
  hasToken: boolean;
}

/** Answers `GET /api/datasets/{id}/leaderboard`. */
export function answerBoard(
  datasets: readonly BenchmarkDataset[],
  { id, parameters, hasToken }: BoardRequest,
): Reply {
  const dataset = datasets.find(({ entry }) => entry.id === id);
  if (dataset === undefined) return missingReply(hasToken);
  const gated = splitFields(dataset.entry.line).get('gated');
  if (!hasToken && gated !== undefined && gated !== 'false') {
    return errorReply(401, `Access to dataset ${id} is restricted. Please log in.`, 'GatedRepo');
  }
  const task = parameters.get('task_id') ?? Object.keys(dataset.boards ?? {})[0] ?? '';
  const rows = dataset.boards?.[task];
  if (rows === undefined) return errorReply(404, `No leaderboard of ${id} for "${task}".`);

  const largest = parseParameters(parameters.get('max_params'));
  if (largest === undefined) return errorReply(400, 'max_params must look like 7B.');
  const keepsDerived = parameters.get('base_model') === 'false';
  const shown = rows
    .filter(({ declaresBaseModel }) => keepsDerived || !declaresBaseModel)
    .map(({ row }) => row)
    .filter((row) => largest === null || (row.num_parameters ?? Infinity) <= largest);
  return jsonReply(200, JSON.stringify(shown));
}

function parseParameters(text: string | null): number | null | undefined {
  if (text === null) return null;
  const match = /^(\d+(?:\.\d+)?)B$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * 1e9;
}
