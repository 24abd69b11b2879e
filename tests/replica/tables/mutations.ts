/* eslint @typescript-eslint/switch-exhaustiveness-check: ["error", { "considerDefaultExhaustiveForUnions": true }] */
import type { ReplicaBoard, ReplicaCell, ReplicaColumn } from './board-data.ts';

/** Kinds of page that the replica serves. */
export const TABLE_KINDS = ['mteb', 'hub', 'tts-arena', 'nextjs', 'static', 'ag-grid'] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** What has to become of a board under a mutation: read as it is then, or refused. */
export type Must = 'exact' | 'refused' | 'either';

/** Pages that load or carry the data of their table. */
const LOADED: readonly TableKind[] = ['mteb', 'hub', 'nextjs', 'ag-grid'];
const HTML: readonly TableKind[] = ['mteb', 'hub', 'tts-arena', 'nextjs', 'static'];
const SERVED: readonly TableKind[] = ['tts-arena', 'nextjs', 'static'];
const FETCHED: readonly TableKind[] = ['mteb', 'ag-grid'];

interface Given {
  must: Must;
  /** @default all */
  of?: readonly TableKind[];
}

/** Ways in which such a page has broken, or could, one at a time. */
export const TABLE_MUTATIONS = {
  'column-added': { must: 'exact' },
  'column-moved': { must: 'exact' },
  'column-removed': { must: 'refused' },
  'column-renamed': { must: 'refused' },
  'column-retyped': { must: 'refused' },
  'column-doubled': { must: 'refused' },
  'values-equal': { must: 'refused' },
  'values-impossible': { must: 'refused' },
  'classes-changed': { must: 'exact' },
  'tables-reordered': { must: 'exact' },
  'table-doubled': { must: 'exact', of: HTML },
  'table-doubled-differing': { must: 'refused', of: HTML },
  'rows-late': { must: 'exact' },
  'rows-lost': { must: 'refused', of: [...LOADED, 'tts-arena'] },
  'row-doubled': { must: 'either' },
  'row-torn': { must: 'refused', of: HTML },
  'rows-hidden': { must: 'refused', of: HTML },
  'rows-empty': { must: 'refused' },
  'sections-added': { must: 'exact', of: HTML },
  'count-lies': { must: 'refused' },
  'count-told': { must: 'exact' },
  'cell-differs-first': { must: 'refused', of: LOADED },
  'cell-differs-far': { must: 'refused', of: LOADED },
  'filter-on': { must: 'refused' },
  paginated: { must: 'either' },
  collapsed: { must: 'exact', of: HTML },
  'part-with-link': { must: 'refused', of: ['tts-arena', 'static'] },
  virtualised: { must: 'either', of: ['tts-arena', 'static'] },
  redirected: { must: 'exact' },
  'login-wall': { must: 'refused' },
  'challenge-403': { must: 'refused' },
  'status-429': { must: 'refused' },
  'status-500': { must: 'refused' },
  'document-cut': { must: 'refused', of: SERVED },
  'data-500': { must: 'refused', of: FETCHED },
  'data-cut': { must: 'refused', of: FETCHED },
  'data-never': { must: 'refused', of: FETCHED },
  'skeleton-forever': { must: 'refused' },
} as const satisfies Record<string, Given>;

export type TableMutation = keyof typeof TABLE_MUTATIONS;

/** The mutations that a kind of page can have. */
export const mutationsOf = (kind: TableKind): TableMutation[] =>
  // The keys of a constant are of its type.
  (Object.keys(TABLE_MUTATIONS) as TableMutation[]).filter((name) => {
    const { of }: Given = TABLE_MUTATIONS[name];
    return of === undefined || of.includes(kind);
  });

/** The column that mutations change: the first score in the middle of a board. */
export const changedColumn = (board: ReplicaBoard): number =>
  board.columns.findIndex(({ key }) => /score|rating|rate|elo|mean|value|w10/i.test(key));

/** The board after a mutation of its data: what its page then has, and what a reader must find. */
export function mutateBoard(
  board: ReplicaBoard,
  mutation: TableMutation | undefined,
): ReplicaBoard {
  const at = changedColumn(board);
  const withColumn = (change: (column: ReplicaColumn) => ReplicaColumn): ReplicaBoard => ({
    ...board,
    columns: board.columns.map((it, place) => (place === at ? change(it) : it)),
  });
  const withCells = (change: (cell: ReplicaCell, row: number) => ReplicaCell): ReplicaBoard => ({
    ...board,
    rows: board.rows.map((row, y) => row.map((it, x) => (x === at ? change(it, y) : it))),
  });
  const order = (list: readonly number[]): ReplicaBoard => ({
    columns: list.flatMap((place) => board.columns[place] ?? []),
    rows: board.rows.map((row) => list.flatMap((place) => row[place] ?? [])),
  });
  const all = board.columns.map((_column, place) => place);
  switch (mutation) {
    case 'column-added': {
      const added = order([...all.slice(0, at), at, ...all.slice(at)]);
      const columns = added.columns.map((it, place) =>
        place === at ? { header: 'Brand New', key: 'brand_new' } : it,
      );
      const rows = added.rows.map((row) =>
        row.map((cell, place) =>
          place === at ? { ...cell, text: String(cell.value ?? '') } : cell,
        ),
      );
      return { columns, rows };
    }
    case 'column-moved':
      return order([...all.filter((place) => place !== at), at]);
    case 'column-removed':
      return order(all.filter((place) => place !== at));
    case 'column-doubled':
      return order([...all, at]);
    case 'column-renamed':
      return withColumn(({ key, group }) => ({
        key,
        header: 'Something Else',
        ...(group && { group }),
      }));
    case 'column-retyped':
      return withCells((_cell, row) => ({ text: `grade ${row % 7}`, value: `grade ${row % 7}` }));
    case 'values-equal':
      return withCells(() => board.rows[0]?.[at] ?? { text: '1', value: 1 });
    case 'values-impossible':
      return withCells((_cell, row) => {
        const value = -90_000 - row;
        return { text: (board.columns[at]?.show ?? String)(value), value };
      });
    case 'row-doubled': {
      const rows = board.rows.flatMap((row, place) => (place === 7 ? [row, row] : [row]));
      return { ...board, rows };
    }
    case 'rows-empty':
      return { ...board, rows: [] };
    default:
      return board;
  }
}

/** Row whose cell a page misstates under `cell-differs-…`. */
export const differingRow = (mutation: TableMutation | undefined, rows: number): number | null => {
  if (mutation === 'cell-differs-first') return 0;
  return mutation === 'cell-differs-far' ? Math.floor(rows * 0.8) : null;
};
