import {
  cellAddress,
  cellWrap,
  headCell,
  longest,
  type DrawnRow,
  type TableModel,
} from './cells.ts';
import type { Attributes, Maker } from './dom.ts';
import type { TableView } from './whole-table.ts';
import { windowed } from './windowed.ts';

/** Gradio 6.11 and later: heads in a table, rows as blocks that are moved to their place. */
export function rowTable({ maker, label }: { maker: Maker; label: string | null }): TableView {
  const { make, settings } = maker;
  const { roles } = settings.facts;
  const when = (attributes: Attributes): Attributes => (roles ? attributes : {});
  const headTable = make('table', { class: 'header-table', ...when({ role: 'none' }) });
  const body = make('div', { class: 'virtual-body', ...when({ role: 'none' }) });
  const viewport = make('div', { class: 'virtual-table-viewport', role: roles ? 'none' : 'grid' }, [
    ...(label === null || roles ? [] : [make('span', { class: 'sr-only' }, [label])]),
    headTable,
    body,
  ]);
  const upload = roles
    ? make('div', { class: 'upload-container disable_click', role: 'none' }, [viewport])
    : make('button', { class: 'disable_click', tabindex: 0 }, [viewport]);
  upload.append(make('input', { type: 'file', 'data-testid': 'file-upload' }));
  const element = make('div', { class: 'table-wrap', role: 'grid', tabindex: 0 }, [upload]);
  let model: TableModel = { heads: [], rows: [], props: {} };

  const virtualRow = (row: DrawnRow, index: number): HTMLElement =>
    make(
      'div',
      {
        class: `virtual-row${index % 2 === 1 ? ' row-odd' : ''}`,
        'data-index': index,
        ...when({ role: 'row', 'aria-rowindex': index + 2 }),
      },
      [
        ...(model.props.show_row_numbers
          ? [
              make(
                'div',
                { class: 'row-number-cell', 'data-col': 'row-number', 'data-row': index },
                [String(index + 1)],
              ),
            ]
          : []),
        ...row.cells.map((cell, column) =>
          make(
            'div',
            {
              class: `body-cell${column === 0 ? ' first-column' : ''} static`,
              tabindex: -1,
              ...cellAddress(maker, { row: row.place, column }),
              ...when({ role: 'gridcell', 'aria-rowindex': index + 2 }),
            },
            [cellWrap(maker, model, { cell, index: column })],
          ),
        ),
      ],
    );
  const rows = windowed({
    scroller: viewport,
    body,
    guessPx: 35,
    overscan: 10,
    mounted: [0, 500],
    unseen: 0,
    make: (index) => virtualRow(model.rows[index] ?? { place: index, cells: [] }, index),
    move: (row, topPx) => {
      row.style.transform = `translateY(${topPx}px)`;
    },
    pad: ({ topPx, bottomPx, mountedPx }) => {
      body.style.height = `${topPx + mountedPx + bottomPx}px`;
    },
  });
  const show = (next: TableModel): void => {
    model = next;
    const { show_row_numbers: numbered, max_chars: most } = model.props;
    const sizing = model.rows.length === 0 ? [] : longest(model);
    headTable.replaceChildren(
      make('thead', {}, [
        make('tr', when({ role: 'row', 'aria-rowindex': 1 }), [
          ...(numbered ? [make('th', { class: 'row-number-header' })] : []),
          ...model.heads.map((head) => headCell(maker, head, most)),
        ]),
      ]),
      make(
        'tbody',
        { class: 'sizing-body', 'aria-hidden': 'true' },
        sizing.length === 0
          ? []
          : [
              make('tr', {}, [
                ...(numbered
                  ? [make('td', { class: 'row-number-cell' }, [String(model.rows.length)])]
                  : []),
                ...sizing.map((cell, at) =>
                  make('td', {}, [cellWrap(maker, model, { cell, index: at })]),
                ),
              ]),
            ],
      ),
    );
    if (roles) {
      const stated = settings.faults.statedRows ?? model.rows.length;
      element.setAttribute('aria-rowcount', String(stated + 1));
      element.setAttribute('aria-colcount', String(model.heads.length));
      element.setAttribute('aria-readonly', 'true');
      if (label !== null) element.setAttribute('aria-label', label);
    }
    rows.reset(model.rows.length);
    rows.refresh();
  };
  return { element, show };
}
