import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RecordOrigin } from '../tables/table.ts';
import { sameName } from '../tables/repo-names.ts';
import type { IdSet } from './id-set.ts';
import type { Output } from './output.ts';
import { createTableWriter } from './table-writer.ts';

/** Where the edges of a table lead. */
interface Ends {
  /** Column of the name there; that of its id is `<column>_id`. */
  column: string;
  origin: RecordOrigin;
}

/** Tables whose edges lead to repositories by name. */
const EDGES: Readonly<Record<string, Ends>> = {
  base_models: { column: 'base_model', origin: 'model' },
  model_datasets: { column: 'dataset', origin: 'dataset' },
  space_models: { column: 'model', origin: 'model' },
  space_datasets: { column: 'dataset', origin: 'dataset' },
};

/** An edge: whose it is, where it leads, and who says so. */
interface Edge {
  _id: string;
  to: string;
  toId: string | null;
  sources: string[];
  stated_as: string[];
  relation?: string | null;
  is_self?: boolean;
  rest: object;
}

export interface Known {
  /** Every repository of the release where the edges lead. */
  ids: IdSet;
  aliases: readonly { from_id: string; to_id: string }[];
}

/** Edges with an end that the Hub did not resolve: they wait for the names of all repositories. */
export interface HeldEdges {
  /** Of the repositories where they lead. */
  origin: RecordOrigin;
  /** Takes a record's lines and gives back those that need not wait. */
  hold: (lines: string[]) => string[];
  /** Writes what hold took so far. */
  flush: () => Promise<void>;
  /** Resolves them by the names of the release and by aliases, and writes them to the table. */
  release: (output: Output, known: Known) => Promise<void>;
  abort: () => Promise<void>;
}

const ROWS_AT_ONCE = 1000;

/**
 * For each of these tables that has such edges.
 *
 * @param folder where they wait, in files that release removes
 */
export const holdAllEdges = (
  folder: string,
  tables: readonly { name: string }[],
): Map<string, HeldEdges> =>
  new Map(
    tables.flatMap(({ name }) => {
      const ends = EDGES[name];
      return ends === undefined ? [] : [[name, holdEdges(folder, name, ends)] as const];
    }),
  );

function holdEdges(folder: string, table: string, { column, origin }: Ends): HeldEdges {
  const options = { folder, compress: 'none', shardBytes: Infinity } as const;
  const writer = createTableWriter(`.held-${table}`, options);
  const resolved = `"${column}_id":"`;
  let waiting: string[] = [];

  const flush = async () => {
    const lines = waiting.join('');
    await writer.append(Buffer.from(lines), waiting.length);
    waiting = [];
  };

  return {
    origin,
    hold: (lines) => {
      if (lines.every((line) => line.includes(resolved))) return lines;
      waiting.push(...lines);
      return [];
    },
    flush,
    release: async (output, known) => {
      await flush();
      const { files } = await writer.close();
      const path = join(folder, files[0]?.path ?? '');
      const resolve = await resolver(path, column, known);
      let rows: object[] = [];
      for await (const edges of recordsOf(path, column)) {
        rows.push(...resolve(edges).map((it) => rowOf(it, column)));
        if (rows.length < ROWS_AT_ONCE) continue;
        await output.write(table, rows);
        rows = [];
      }
      await output.write(table, rows);
      await unlink(path);
    },
    abort: () => writer.abort(),
  };
}

/** The edges in the file, record by record. */
async function* recordsOf(path: string, column: string): AsyncGenerator<Edge[], void> {
  let edges: Edge[] = [];
  for await (const line of createInterface(createReadStream(path))) {
    const edge = edgeOf(JSON.parse(line) as object, column); // a line of ours
    if (edges.length > 0 && edges[0]?._id !== edge._id) {
      yield edges;
      edges = [];
    }
    edges.push(edge);
  }
  if (edges.length > 0) yield edges;
}

/** Lines leave nulls out. */
function edgeOf(row: object, column: string): Edge {
  const { _id, sources, stated_as, relation = null, is_self, ...others } = row as Edge;
  const {
    [column]: to,
    [`${column}_id`]: toId = null,
    ...rest
  } = others as Record<string, unknown>;
  const ends = { to: to as string, toId: toId as string | null }; // of our own columns
  const own = is_self === undefined ? {} : { relation, is_self };
  return { _id, ...ends, ...own, sources, stated_as, rest };
}

const rowOf = ({ to, toId, rest, ...edge }: Edge, column: string): object => ({
  ...rest,
  ...edge,
  [column]: to,
  [`${column}_id`]: toId,
});

async function resolver(
  path: string,
  column: string,
  { ids, aliases }: Known,
): Promise<(edges: readonly Edge[]) => Edge[]> {
  const renamed = new Map(aliases.map(({ from_id, to_id }) => [sameName(from_id), to_id]));
  const nameNow = (name: string): string => renamed.get(sameName(name)) ?? name;
  const names = new Set<string>();
  for await (const edges of recordsOf(path, column)) {
    for (const { to, toId } of edges) if (toId === null) names.add(sameName(nameNow(to)));
  }
  const found = ids.find(names);
  return (edges) => {
    const resolved = edges.map((edge): Edge => {
      if (edge.toId !== null) return edge;
      const to = nameNow(edge.to);
      const toId = found.get(sameName(to)) ?? null;
      const { stated_as, is_self } = edge;
      const former = to === edge.to ? [] : [edge.to];
      return {
        ...edge,
        ...{ to, toId },
        stated_as: [...new Set([...stated_as, ...former])],
        ...(is_self !== undefined && { is_self: is_self || toId === edge._id }),
      };
    });
    return together(resolved);
  };
}

/** What turned out to lead to the same repository is one edge; the first tells most. */
function together(edges: readonly Edge[]): Edge[] {
  const rows: Edge[] = [];
  for (const edge of edges) {
    const same = rows.find(
      (it) => sameName(it.to) === sameName(edge.to) || (it.toId !== null && it.toId === edge.toId),
    );
    if (same === undefined) {
      rows.push(edge);
      continue;
    }
    same.toId ??= edge.toId;
    if (edge.relation !== undefined) same.relation ??= edge.relation;
    same.sources = [...new Set([...same.sources, ...edge.sources])];
    const names = [...same.stated_as, ...edge.stated_as, edge.to];
    same.stated_as = [...new Set(names)].filter((it) => it !== same.to);
  }
  return rows;
}
