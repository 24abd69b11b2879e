import {
  Paper,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
} from '@mui/material';
import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type Row,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, type ReactNode, type Ref } from 'react';
import { tableColumns } from './columns.tsx';
import { drawnRowPx, type RankedEntry } from './model.ts';
import type { Parameters } from './parameters.ts';

const HEADER_PX = 56;
const SKELETON_ROWS = 10;
const SKELETON_COLUMNS = 11;
const CELL = {
  height: '100%',
  py: 0,
  overflow: 'hidden',
  whiteSpace: 'nowrap',
  textOverflow: 'ellipsis',
};

const Frame = (props: { box?: Ref<HTMLDivElement>; children: ReactNode }): ReactNode => (
  <Paper
    elevation={0}
    sx={{ display: 'flex', flexDirection: 'column', border: '1px solid', borderColor: 'divider' }}
  >
    <TableContainer
      {...(props.box && { ref: props.box })}
      sx={{ height: 'calc(100vh - 380px)', minHeight: 500, overflow: 'auto' }}
    >
      <Table sx={{ tableLayout: 'fixed', borderCollapse: 'separate', borderSpacing: 0 }}>
        {props.children}
      </Table>
    </TableContainer>
  </Paper>
);

const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The same table without data: its rows look like rows to a careless reader. */
export const SkeletonTable = (): ReactNode => (
  <Frame>
    <TableHead>
      <TableRow>
        {times(SKELETON_COLUMNS).map((column) => (
          <TableCell key={column} sx={{ height: HEADER_PX }} />
        ))}
      </TableRow>
    </TableHead>
    <TableBody>
      {times(SKELETON_ROWS).map((row) => (
        <TableRow key={row} sx={{ height: 45 }}>
          {times(SKELETON_COLUMNS).map((column) => (
            <TableCell key={column} sx={CELL}>
              <Skeleton variant="text" />
            </TableCell>
          ))}
        </TableRow>
      ))}
    </TableBody>
  </Frame>
);

const Spacer = ({ height, columns }: { height: number; columns: number }): ReactNode =>
  height > 0 && (
    <TableRow>
      <TableCell colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </TableRow>
  );

const DataRow = ({ row, height }: { row: Row<RankedEntry>; height: number }): ReactNode => (
  <TableRow hover sx={{ height, '& td': { height, boxSizing: 'border-box', maxHeight: height } }}>
    {row.getVisibleCells().map((cell) => (
      <TableCell key={cell.id} sx={CELL}>
        {flexRender(cell.column.columnDef.cell, cell.getContext())}
      </TableCell>
    ))}
  </TableRow>
);

/** The board's table: only the rows in view, and fifteen on each side, are in the document. */
export function BoardTable(props: { entries: RankedEntry[]; parameters: Parameters }): ReactNode {
  const { entries, parameters } = props;
  const box = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => tableColumns(parameters), [parameters]);
  const table = useReactTable({
    data: entries,
    columns,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const { rows } = table.getRowModel();
  const free = useMemo(() => rows.filter((row) => !row.original.pinned), [rows]);
  const height = parameters.rowSize === 'large' ? 60 : 45;
  const drawnPx = parameters.rowSize === 'large' ? 60 : drawnRowPx;
  const virtualizer = useVirtualizer({
    count: free.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 15,
  });
  const items = virtualizer.getVirtualItems();
  const top = items[0]?.start ?? 0;
  const bottom = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <Frame box={box}>
      <colgroup>
        {table.getVisibleLeafColumns().map((column) => (
          <col key={column.id} style={{ width: column.getSize() }} />
        ))}
      </colgroup>
      <TableHead
        sx={{ position: 'sticky', top: 0, zIndex: 2, backgroundColor: 'background.paper' }}
      >
        {table.getHeaderGroups().map((group) => (
          <TableRow key={group.id}>
            {group.headers.map((header) => (
              <TableCell
                key={header.id}
                sx={{ height: HEADER_PX, boxSizing: 'border-box', py: 0 }}
                onClick={header.column.getToggleSortingHandler()}
              >
                {flexRender(header.column.columnDef.header, header.getContext())}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableHead>
      <TableBody>
        {rows.map(
          (row) => row.original.pinned && <DataRow key={row.id} row={row} height={drawnPx} />,
        )}
        <Spacer height={top} columns={columns.length} />
        {items.map((item) => {
          const row = free[item.index];
          return row && <DataRow key={row.id} row={row} height={drawnPx} />;
        })}
        <Spacer height={bottom} columns={columns.length} />
      </TableBody>
    </Frame>
  );
}
