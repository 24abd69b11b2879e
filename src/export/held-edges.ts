import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import type { baseModels } from '../tables/base-models.ts';
import { sameName } from '../tables/repo-names.ts';
import type { IdSet } from './id-set.ts';
import type { Output } from './output.ts';
import { createTableWriter } from './table-writer.ts';

type Edge = z.output<typeof baseModels.row>;

interface Known {
  /** Every model of the release. */
  ids: IdSet;
  aliases: readonly { from_id: string; to_id: string }[];
}

/** Edges of models with a base that the Hub did not resolve: they wait for the names of all models. */
export interface HeldEdges {
  /** Takes a model's lines and gives back those that need not wait. */
  hold: (lines: string[]) => string[];
  /** Writes what hold took so far. */
  flush: () => Promise<void>;
  /** Resolves them by the names of the release and by aliases, and writes them to the table. */
  release: (output: Output, known: Known) => Promise<void>;
  abort: () => Promise<void>;
}

const ROWS_AT_ONCE = 1000;
const RESOLVED = '"base_model_id":"';

/** @param folder where they wait, in a file that release removes */
export function holdEdges(folder: string): HeldEdges {
  const options = { folder, compress: 'none', shardBytes: Infinity } as const;
  const writer = createTableWriter('.held-edges', options);
  let waiting: string[] = [];

  const flush = async () => {
    const lines = waiting.join('');
    await writer.append(Buffer.from(lines), waiting.length);
    waiting = [];
  };

  return {
    hold: (lines) => {
      if (lines.every((line) => line.includes(RESOLVED))) return lines;
      waiting.push(...lines);
      return [];
    },
    flush,
    release: async (output, known) => {
      await flush();
      const { files } = await writer.close();
      const path = join(folder, files[0]?.path ?? '');
      const resolve = await resolver(path, known);
      let rows: Edge[] = [];
      for await (const edges of modelsOf(path)) {
        rows.push(...resolve(edges));
        if (rows.length < ROWS_AT_ONCE) continue;
        await output.write('base_models', rows);
        rows = [];
      }
      await output.write('base_models', rows);
      await unlink(path);
    },
    abort: () => writer.abort(),
  };
}

/** The edges in the file, model by model. */
async function* modelsOf(path: string): AsyncGenerator<Edge[], void> {
  let edges: Edge[] = [];
  for await (const line of createInterface(createReadStream(path))) {
    const edge = { ...NOTHING, ...(JSON.parse(line) as Edge) }; // a line of ours
    if (edges.length > 0 && edges[0]?._id !== edge._id) {
      yield edges;
      edges = [];
    }
    edges.push(edge);
  }
  if (edges.length > 0) yield edges;
}

/** Lines leave nulls out. */
const NOTHING = { base_model_id: null, relation: null };

async function resolver(
  path: string,
  { ids, aliases }: Known,
): Promise<(edges: readonly Edge[]) => Edge[]> {
  const renamed = new Map(aliases.map(({ from_id, to_id }) => [sameName(from_id), to_id]));
  const nameNow = (name: string): string => renamed.get(sameName(name)) ?? name;
  const names = new Set<string>();
  for await (const edges of modelsOf(path)) {
    for (const { base_model, base_model_id } of edges) {
      if (base_model_id === null) names.add(sameName(nameNow(base_model)));
    }
  }
  const found = ids.find(names);
  return (edges) => {
    const resolved = edges.map((edge): Edge => {
      if (edge.base_model_id !== null) return edge;
      const base_model = nameNow(edge.base_model);
      const base_model_id = found.get(sameName(base_model)) ?? null;
      const { stated_as, is_self } = edge;
      const former = base_model === edge.base_model ? [] : [edge.base_model];
      return {
        ...edge,
        base_model,
        base_model_id,
        stated_as: [...new Set([...stated_as, ...former])],
        is_self: is_self || base_model_id === edge._id,
      };
    });
    return together(resolved);
  };
}

/** What turned out to be the same base is one edge; the first tells most. */
function together(edges: readonly Edge[]): Edge[] {
  const rows: Edge[] = [];
  for (const edge of edges) {
    const same = rows.find(
      (it) =>
        sameName(it.base_model) === sameName(edge.base_model) ||
        (it.base_model_id !== null && it.base_model_id === edge.base_model_id),
    );
    if (same === undefined) {
      rows.push(edge);
      continue;
    }
    same.base_model_id ??= edge.base_model_id;
    same.relation ??= edge.relation;
    same.sources = [...new Set([...same.sources, ...edge.sources])];
    const names = [...same.stated_as, ...edge.stated_as, edge.base_model];
    same.stated_as = [...new Set(names)].filter((it) => it !== same.base_model);
  }
  return rows;
}
