import { cellWrap, headCell, type TableModel } from './cells.ts';
import type { Maker } from './dom.ts';

/** A table on the page: `show` draws a value in place of the one before. */
export interface TableView {
  element: HTMLElement;
  show: (model: TableModel) => void;
}

/** Gradio up to 3.42: one table that has every row. */
export function wholeTable({ maker, label }: { maker: Maker; label: string | null }): TableView {
  const { make } = maker;
  const box = make('div');
  const element = make('div', { class: 'table-wrap scroll-hide no-wrap' }, [box]);
  const show = (model: TableModel): void => {
    const heads = model.heads.map((head) => headCell(maker, head));
    const rows = model.rows.map((row) =>
      make(
        'tr',
        {},
        row.cells.map((cell, index) =>
          make('td', { tabindex: 0 }, [cellWrap(maker, model, { cell, index })]),
        ),
      ),
    );
    box.replaceChildren(
      make('table', {}, [
        ...(label === null ? [] : [make('caption', { class: 'sr-only' }, [label])]),
        make('thead', {}, [make('tr', {}, heads)]),
        make('tbody', {}, rows),
      ]),
      make('input', { type: 'file' }),
    );
  };
  return { element, show };
}
