import type { TableProps, TableValue } from '../settings.ts';
import type { Maker } from './dom.ts';
import type { Selection } from './model.ts';

/** Search box, columns and filters of a gradio_leaderboard; all of it works in the page alone. */
export interface BoardControls {
  element: HTMLElement;
  selection: (value: TableValue | null) => Selection;
}

interface Setup {
  props: Partial<TableProps>;
  changed: () => void;
}

export function boardControls(maker: Maker, { props, changed }: Setup): BoardControls {
  const { make } = maker;
  const headers = props.headers ?? [];
  const hidden = new Set(props.hide_columns);
  const { default_selection = headers, cant_deselect = [] } = props.select_columns_config ?? {};
  const selected = new Set(default_selection);
  const filters = props.filter_columns ?? [];
  const on = new Set(filters.flatMap((it) => (it.default ? [it.column] : [])));
  const primary = props.search_columns?.primary_column;
  let search = '';

  const group = (label: string, boxes: HTMLElement[]): HTMLElement =>
    make('fieldset', { class: 'block padded' }, [
      make('span', { 'data-testid': 'block-info' }, [label]),
      make('div', { class: 'wrap', 'data-testid': 'checkbox-group' }, boxes),
    ]);
  const checkbox = ({
    name,
    label,
    among,
  }: {
    name: string;
    label: string;
    among: Set<string>;
  }): HTMLElement => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'checkbox', name, title: name, checked: among.has(name) });
    const box = make('label', { class: among.has(name) ? 'selected' : '' }, [
      input,
      make('span', { class: 'ml-2' }, [label]),
    ]);
    input.addEventListener('change', () => {
      if (input.checked) among.add(name);
      else among.delete(name);
      box.classList.toggle('selected', input.checked);
      changed();
    });
    return box;
  };
  const box = make('input', {
    'data-testid': 'textbox',
    type: 'text',
    class: 'scroll-hide',
    placeholder: props.search_columns?.placeholder ?? '',
  }) as HTMLInputElement; // made from the tag `input`
  box.addEventListener('keydown', ({ key }) => {
    if (key !== 'Enter') return;
    search = box.value.toLowerCase();
    changed();
  });
  const free = headers.filter((it) => !hidden.has(it) && !cant_deselect.includes(it));
  const element = make('div', { class: 'row stretch' }, [
    ...(primary === undefined ? [] : [make('label', { class: 'container' }, ['Search', box])]),
    group(
      'Select Columns to Display:',
      free.map((name) => checkbox({ name, label: name, among: selected })),
    ),
    ...(filters.length === 0
      ? []
      : [
          group(
            props.bool_checkboxgroup_label ?? '',
            filters.map(({ column, label }) => checkbox({ name: column, label, among: on })),
          ),
        ]),
  ]);
  const keeps = (row: readonly unknown[]): boolean => {
    const passes = [...on].every((column) => row[headers.indexOf(column)] === true);
    if (!passes || search === '' || primary === undefined) return passes;
    const text = String(row[headers.indexOf(primary)]).toLowerCase();
    return search.split(';').some((part) => text.includes(part.trim()));
  };
  return {
    element,
    selection: (value) => ({
      columns: (value?.headers ?? headers).flatMap((name, column) =>
        selected.has(name) && !hidden.has(name) ? [column] : [],
      ),
      keeps,
    }),
  };
}
