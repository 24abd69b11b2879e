import {
  cellAddress,
  cellWrap,
  headCell,
  longest,
  type DrawnRow,
  type TableModel,
} from './cells.ts';
import type { Maker } from './dom.ts';
import type { TableView } from './whole-table.ts';
import { windowed } from './windowed.ts';

/** Gradio 3.43 to 6.10: a table that is only measured, and another whose body has a window of rows. */
export function windowTable({ maker, label }: { maker: Maker; label: string | null }): TableView {
  const { make, settings } = maker;
  const { facts } = settings;
  const isBoard = facts.componentType === 'leaderboard';
  const caption = (): HTMLElement[] =>
    label === null || isBoard ? [] : [make('caption', { class: 'sr-only' }, [label])];
  const measuring = make('table', facts.measuringIsHidden ? { 'aria-hidden': 'true' } : {});
  const body = make('tbody', { class: 'tbody' });
  const head = make('thead', { class: 'thead' });
  // Watches its size; its presence in a head is what makes `th` counts and texts go wrong.
  const sizer = (): HTMLElement => make('iframe', { 'aria-hidden': 'true', tabindex: -1 });
  const foot = make('tfoot', { class: 'tfoot' }, [sizer()]);
  const table = make('table', { class: 'table' }, [
    ...(facts.measuringIsHidden ? caption() : []),
    head,
    body,
    foot,
  ]);
  const viewport = document.createElement('svelte-virtual-table-viewport');
  viewport.append(facts.toolbar ? make('div', {}, [table]) : table);
  const inner = facts.toolbar ? make('div', { class: 'table-wrap' }, [viewport]) : viewport;
  const element = make('div', { class: 'table-wrap no-wrap', role: 'grid', tabindex: 0 }, [
    measuring,
    make('button', { class: 'disable_click', tabindex: 0 }, [
      inner,
      make('input', { type: 'file', 'data-testid': 'file-upload' }),
    ]),
  ]);
  let model: TableModel = { heads: [], rows: [], props: {} };

  const tableRow = (row: DrawnRow, place: number): HTMLElement => {
    const numbers = model.props.show_row_numbers
      ? [
          make('td', { class: 'row-number', 'data-row': place, 'data-col': 'row-number' }, [
            String(place + 1),
          ]),
        ]
      : [];
    const odd = facts.addresses ? 'row-odd' : 'row_odd';
    return make('tr', { slot: 'tbody', ...(place % 2 === 0 ? { class: odd } : {}) }, [
      ...numbers,
      ...row.cells.map((cell, index) =>
        make('td', { tabindex: 0, ...cellAddress(maker, { row: place, column: index }) }, [
          cellWrap(maker, model, { cell, index }),
        ]),
      ),
    ]);
  };
  const rows = windowed({
    scroller: table,
    body,
    guessPx: 30,
    mounted: facts.mounted,
    unseen: facts.unseen,
    make: (index) => tableRow(model.rows[index] ?? { place: index, cells: [] }, index),
    pad: ({ topPx, bottomPx }) => {
      table.style.setProperty('--bw-svt-p-top', `${topPx}px`);
      table.style.setProperty('--bw-svt-p-bottom', `${bottomPx}px`);
    },
  });
  const headRow = (): HTMLElement =>
    make('tr', { slot: 'thead' }, [
      ...(model.props.show_row_numbers
        ? [make('th', { class: 'row-number' }, [make('div', { class: 'cell-wrap' })])]
        : []),
      ...model.heads.map((it) => headCell(maker, it, model.props.max_chars)),
    ]);
  const measure = (): void => {
    const cells = model.rows.length === 0 ? [] : longest(model);
    const numbers = model.props.show_row_numbers && cells.length > 0;
    measuring.replaceChildren(
      ...caption(),
      make('thead', {}, [headRow()]),
      make('tbody', {}, [
        make('tr', {}, [
          ...(numbers ? [make('td', { class: 'row-number', 'data-row': 0 }, ['1'])] : []),
          ...cells.map((cell, index) =>
            make('td', { tabindex: -1 }, [
              cellWrap(maker, model, { cell, index, measuring: true }),
            ]),
          ),
        ]),
      ]),
    );
  };
  const show = (next: TableModel): void => {
    model = next;
    head.replaceChildren(headRow(), sizer());
    measure();
    rows.reset(model.rows.length);
    rows.refresh();
  };
  return { element, show };
}
