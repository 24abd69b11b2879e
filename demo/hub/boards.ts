import { createHash } from 'node:crypto';
import { EtlError } from '../../src/errors.ts';
import { missingReply } from './model.ts';
import { errorReply, jsonReply, textReply } from './reply.ts';
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
export interface BenchmarkDataset extends BenchmarkLine {
  entry: Entry;
}

interface BenchmarkLine {
  boards: Readonly<Record<string, readonly BoardRow[]>> | null;
  /** Its `eval.yaml`; null for none. @default one that names the tasks of `boards` */
  evalYaml?: string | null;
  /** Task of the leaderboard that is given when none is asked for. @default the first of `boards` */
  defaultTask?: string;
  /** Answers 403 whatever the token: a gated data set whose owner has not let us in. @default false */
  isClosed?: boolean;
  /** Rows of a page of its leaderboards. @default all, as the Hub does */
  boardPage?: number;
}

/**
 * The data sets of a file: a line is `{"record": …, "boards": {task: [{declaresBaseModel, row}]}}`, with
 * the other members of `BenchmarkLine` where they are wanted.
 *
 * @throws {EtlError} `CONFIG_INVALID` when the file cannot be read or a line is of another shape.
 */
export async function readDatasets(path: string): Promise<BenchmarkDataset[]> {
  const datasets: BenchmarkDataset[] = [];
  for await (const [number, line] of readLines(path)) {
    try {
      const fields = splitFields(line);
      const entry = parseEntry(fields.get('record') ?? '');
      // The file is ours, in this shape.
      const { boards, ...rest } = JSON.parse(line) as BenchmarkLine & { record: unknown };
      const { evalYaml, defaultTask, isClosed, boardPage } = rest;
      datasets.push({
        entry,
        boards,
        ...(evalYaml === undefined ? {} : { evalYaml }),
        ...(defaultTask === undefined ? {} : { defaultTask }),
        ...(isClosed === undefined ? {} : { isClosed }),
        ...(boardPage === undefined ? {} : { boardPage }),
      });
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
  /** Scheme and host of `Link` headers. */
  origin: string;
}

/** Answers `GET /api/datasets/{id}/leaderboard`. */
export function answerBoard(
  datasets: readonly BenchmarkDataset[],
  { id, parameters, hasToken, origin }: BoardRequest,
): Reply {
  const dataset = datasets.find(({ entry }) => entry.id === id);
  if (dataset === undefined) return missingReply(hasToken);
  const refusal = refusalOf(dataset, hasToken);
  if (refusal !== undefined) return refusal;
  const { boards, defaultTask = Object.keys(boards ?? {})[0] ?? '' } = dataset;
  const task = parameters.get('task_id') ?? defaultTask;
  const rows = boards !== null && Object.hasOwn(boards, task) ? boards[task] : undefined;
  if (rows === undefined) return errorReply(404, `No leaderboard of ${id} for "${task}".`);

  const largest = parseParameters(parameters.get('max_params'));
  if (largest === undefined) return errorReply(400, 'max_params must look like 7B.');
  const keepsDerived = parameters.get('base_model') === 'false';
  const shown = rows
    .filter(({ declaresBaseModel }) => keepsDerived || !declaresBaseModel)
    .map(({ row }) => row)
    .filter((row) => largest === null || (row.num_parameters ?? Infinity) <= largest);
  return pageOf(shown, { dataset, parameters, origin });
}

/** Whole, unless the data set has pages; the Hub is not known to page a leaderboard. */
function pageOf(
  rows: readonly unknown[],
  {
    dataset: { entry, boardPage = Infinity },
    parameters,
    origin,
  }: { dataset: BenchmarkDataset; parameters: URLSearchParams; origin: string },
): Reply {
  const from = Number(parameters.get('cursor') ?? 0);
  const body = JSON.stringify(rows.slice(from, from + boardPage));
  if (from + boardPage >= rows.length) return jsonReply(200, body);
  const next = new URLSearchParams(parameters);
  next.set('cursor', String(from + boardPage));
  const Link = `<${origin}/api/datasets/${entry.id}/leaderboard?${next.toString()}>; rel="next"`;
  return jsonReply(200, body, { Link });
}

/** Answers `GET /datasets/{id}/raw/main/eval.yaml`, as plain text. */
export function answerEvalYaml(
  datasets: readonly BenchmarkDataset[],
  { id, hasToken }: Pick<BoardRequest, 'id' | 'hasToken'>,
): Reply {
  const dataset = datasets.find(({ entry }) => entry.id === id);
  if (dataset === undefined) return missingReply(hasToken);
  const refusal = refusalOf(dataset, hasToken);
  if (refusal !== undefined) return refusal;
  const { boards } = dataset;
  const { evalYaml = boards === null ? null : evalYamlOf(id, Object.keys(boards)) } = dataset;
  if (evalYaml === null) return errorReply(404, 'Entry not found', 'EntryNotFound');
  const bytes = Buffer.from(evalYaml);
  const ETag = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return textReply(200, evalYaml, { ETag: `"${ETag}"` });
}

/** Written as benchmarks write theirs. */
const evalYamlOf = (id: string, tasks: readonly string[]): string => `# yaml file for compatibility
name: ${id.split('/').at(-1) ?? id}
description: >
  A benchmark.

evaluation_framework: inspect-ai

tasks:
${tasks.map((task) => `  - id: ${task}\n    config: default\n    split: test\n`).join('\n')}`;

function refusalOf({ entry, isClosed }: BenchmarkDataset, hasToken: boolean): Reply | undefined {
  const gated = splitFields(entry.line).get('gated');
  if (isClosed === true && hasToken) {
    return errorReply(
      403,
      `Your request to access data set ${entry.id} awaits review.`,
      'GatedRepo',
    );
  }
  if (hasToken || gated === undefined || gated === 'false') return undefined;
  return errorReply(
    401,
    `Access to dataset ${entry.id} is restricted. Please log in.`,
    'GatedRepo',
  );
}

function parseParameters(text: string | null): number | null | undefined {
  if (text === null) return null;
  const match = /^(\d+(?:\.\d+)?)B$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * 1e9;
}
