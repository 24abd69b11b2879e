import { foldSpace } from '../../../src/boards/text.ts';
import type { TableCell, TableRow } from '../../../src/boards/table.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import {
  column,
  model,
  score,
  tableBoard,
  type TableColumn,
} from '../../../src/boards/table-board.ts';
import { tableRow } from '../../../src/boards/table.ts';
import type { ReplicaBoard } from '../../replica/tables/board-data.ts';
import {
  changedColumn,
  mutationsOf,
  startTables,
  TABLE_MUTATIONS,
  type TableKind,
  type TableMutation,
} from '../../replica/tables/server.ts';
import type { PageCase } from './run-cases.ts';

/** Every way in which a page of a kind changes; with a definition, or found out. */
export async function tableCases(kind: TableKind, described: boolean): Promise<PageCase[]> {
  const plain = await startTables({ kind, ...sizeOf(kind) });
  const columns = columnsOf(plain.board);
  await plain.close();
  return mutationsOf(kind).map((mutation) => caseOf(kind, mutation, described ? columns : null));
}

/** More than a sample, and no more: a grid of wide rows is slow to draw. */
const sizeOf = (kind: TableKind) => (kind === 'ag-grid' ? { rows: 300 } : {});

function caseOf(kind: TableKind, mutation: TableMutation, columns: TableColumn[] | null): PageCase {
  let behind: ReplicaBoard | undefined;
  return {
    name: `${kind} ${mutation}${columns ? '' : ' (undescribed)'}`,
    // What a changed board must be is only known to who described it.
    must: columns ? TABLE_MUTATIONS[mutation].must : 'either',
    async start() {
      const replica = await startTables({ kind, mutation, ...sizeOf(kind) });
      behind = replica.board;
      return replica;
    },
    board: (id, url) =>
      columns
        ? tableBoard({
            id,
            url,
            title: id,
            renderer: kind === 'ag-grid' ? 'ag-grid' : 'html',
            licence: 'none',
            identity: ['model'],
            minimumRows: 10,
            columns,
          })
        : { id, url },
    wrongWith: (snapshot) => (behind ? wrongWith(snapshot, behind) : 'never started'),
  };
}

const headerOf = ({ header, title }: ReplicaBoard['columns'][number]): string => title ?? header;

/** All columns of the board, required; scores with the range that their values have. */
function columnsOf(board: ReplicaBoard): TableColumn[] {
  const changed = changedColumn(board);
  const named = board.columns.findIndex((_column, at) =>
    board.rows.some((row) => row[at]?.link !== undefined),
  );
  const modelAt = named >= 0 ? named : board.columns.findIndex(({ key }) => /model/i.test(key));
  return board.columns.map((it, at) => {
    const header = headerOf(it);
    const aliases = [it.header, `${it.group ?? ''} / ${it.header}`];
    if (at === modelAt) return model(header, { aliases });
    if (at === changed) return score(header, `c${at}`, { aliases, range: [-1000, 100_000] });
    return column(header, `c${at}`, { aliases });
  });
}

function wrongWith({ loaded, shown }: BoardSnapshot, board: ReplicaBoard): string | null {
  const rows = (loaded as TableRow[] | null) ?? shown.map(tableRow); // of a table board
  if (rows.length !== board.rows.length) return `${rows.length} rows, not ${board.rows.length}`;
  for (const [y, cells] of board.rows.entries()) {
    const texts = Object.entries(rows[y] ?? {});
    if (texts.length !== cells.length) {
      return `row ${y} has ${texts.length} cells, not ${cells.length}`;
    }
    const wrong = cells.findIndex(
      (cell, x) => textIn(texts, board.columns[x]) !== foldSpace(cell.text),
    );
    if (wrong >= 0) {
      const found = textIn(texts, board.columns[wrong]) ?? 'no such column';
      return `row ${y}, ${board.columns[wrong]?.header}: ${found} for ${cells[wrong]?.text}`;
    }
  }
  return null;
}

/** The cell under a column's header, as short as the page has it or whole. */
function textIn(
  cells: readonly [string, TableCell][],
  column: ReplicaBoard['columns'][number] | undefined,
): string | undefined {
  if (!column) return undefined;
  const { header, title, group } = column;
  const names = [header, title ?? header, `${group ?? ''} / ${header}`].map(foldSpace);
  return cells.find(([name]) => names.includes(name))?.[1].text;
}
