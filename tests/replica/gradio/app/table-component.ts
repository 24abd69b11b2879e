import type { PageComponent, PageFaults, TableValue } from '../settings.ts';
import type { Maker } from './dom.ts';
import { boardControls } from './board-controls.ts';
import { tableModel, type Selection } from './model.ts';
import { rowTable } from './row-table.ts';
import { wholeTable } from './whole-table.ts';
import { windowTable } from './window-table.ts';

/** A table with what stands round it. */
export interface TableComponent {
  element: HTMLElement;
  show: (value: TableValue | null) => void;
  /** The overlay that says that a value is on its way. */
  busy: (isBusy: boolean) => void;
}

interface Setup {
  maker: Maker;
  component: PageComponent;
  /** Those of this table: none for the others. */
  faults: PageFaults;
}

const VIEWS = { whole: wholeTable, window: windowTable, rows: rowTable };

export function tableComponent({ maker, component, faults }: Setup): TableComponent {
  const { props } = component;
  const { facts } = maker.settings;
  const isBoard = component.type === 'leaderboard';
  const label = props.label ?? null;
  // Only the component brings a table of its own; other tables of its page are drawn as usual.
  const drawing = facts.componentType === 'leaderboard' ? 'window' : facts.drawing;
  const view = VIEWS[drawing]({ maker, label });
  const status = tracker(maker, faults);
  let value = props.value ?? null;
  let drawn = faults.frozen ? value : undefined;
  const controls = isBoard ? boardControls(maker, { props, changed: () => draw() }) : null;
  const draw = (): void => {
    const selection: Selection | undefined = controls?.selection(value);
    const model = tableModel(value, {
      props,
      faults,
      ...(selection && { selection }),
    });
    const nothing = isBoard && model.rows.length === 0;
    // The component shows a row of nothing where nothing matches.
    const rows = nothing
      ? [{ place: 0, cells: model.heads.map(() => ({ value: '' })) }]
      : model.rows;
    view.show({ ...model, rows });
  };
  const element = controls
    ? boardElement(maker, [status.element, controls.element, view.element])
    : blockElement(maker, {
        component,
        children: [status.element, ...framed(maker, { label, table: view.element })],
      });
  return {
    element,
    show: (next) => {
      value = drawn ?? next;
      drawn &&= value;
      draw();
    },
    busy: status.busy,
  };
}

interface Tracker {
  element: HTMLElement;
  busy: (isBusy: boolean) => void;
}

function tracker({ make, settings }: Maker, faults: PageFaults): Tracker {
  const element = make('div', {
    class: 'wrap default full hide',
    ...(settings.facts.trackerTestId ? { 'data-testid': 'status-tracker' } : {}),
  });
  let timer: ReturnType<typeof setInterval> | undefined;
  const busy = (isBusy: boolean): void => {
    clearInterval(timer);
    const ends = !isBusy && faults.endless !== 'tracker';
    element.classList.toggle('hide', ends);
    if (ends) {
      element.replaceChildren();
      return;
    }
    const start = performance.now();
    const text = make('div', { class: 'progress-text meta-text' });
    const tell = (): void => {
      text.textContent = `processing | ${((performance.now() - start) / 1000).toFixed(1)}s`;
    };
    tell();
    element.replaceChildren(make('div', { class: 'eta-bar' }), text);
    timer = setInterval(tell, 100);
  };
  if (faults.endless === 'tracker') busy(true);
  return { element, busy };
}

interface Framed {
  label: string | null;
  table: HTMLElement;
}

/** The label, and from Gradio 5.13 the toolbar, over the table. */
function framed({ make, settings }: Maker, { label, table }: Framed): HTMLElement[] {
  const name = make('div', { class: 'label' }, label === null ? [] : [make('p', {}, [label])]);
  if (!settings.facts.toolbar) {
    name.append(table);
    return [name];
  }
  const copy = make('button', { class: 'icon-button', 'aria-label': 'Copy table data' });
  const toolbar = make(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Table actions' },
    [make('div', { class: 'toolbar-buttons' }, [copy])],
  );
  return [
    make('div', { class: 'table-container' }, [
      make('div', { class: 'header-row' }, [name, toolbar]),
      table,
    ]),
  ];
}

interface Block {
  component: PageComponent;
  children: HTMLElement[];
}

function blockElement({ make, settings }: Maker, { component, children }: Block): HTMLElement {
  const given = component.props.elem_id ?? undefined;
  const suffix = settings.faults.idSuffix ?? '';
  const id = given === undefined ? undefined : given + suffix;
  const own = settings.facts.componentIds ? `component-${component.id}` : undefined;
  const hidden = component.props.visible === false ? 'hidden ' : '';
  return make(
    'div',
    { class: `block ${hidden}hide-container`, id: id ?? own, dir: 'ltr' },
    children,
  );
}

const boardElement = ({ make }: Maker, [status, controls, table]: HTMLElement[]): HTMLElement =>
  make('div', { class: 'column' }, [
    ...(controls ? [controls] : []),
    make('div', { class: 'block padded hide-container' }),
    make('div', { class: 'row stretch' }, [
      ...(status ? [status] : []),
      make('div', {}, table ? [table] : []),
    ]),
  ]);
