import type {
  LayoutNode,
  PageComponent,
  PageConfig,
  PageFaults,
  PageSettings,
  TableValue,
} from '../settings.ts';
import { textOf } from './cells.ts';
import { maker, type Maker } from './dom.ts';
import { runLoadEvents } from './queue.ts';
import { tableComponent, type TableComponent } from './table-component.ts';

declare global {
  interface Window {
    gradio_config?: PageConfig;
  }
}

interface Page extends Maker {
  components: Map<number, PageComponent>;
  tables: Map<number, TableComponent>;
  /** Last known values, for tables that are drawn when their tab opens. */
  values: Map<number, TableValue | null>;
}

async function start(): Promise<void> {
  // The server wrote it: its shape is known.
  const settings = JSON.parse(
    document.querySelector('#replica-settings')?.textContent ?? '{}',
  ) as PageSettings;
  if (settings.faults.endless === 'nothing') return;
  const config = configOf(settings);
  if (settings.faults.drawAfterMs !== undefined) await after(settings.faults.drawAfterMs);
  const page: Page = {
    ...maker(settings),
    components: new Map(config.components.map((it) => [it.id, it])),
    tables: new Map(),
    values: new Map(config.components.map(({ id, props }) => [id, props.value ?? null])),
  };
  draw(page, config);
  loadEvents(page, config);
}

function configOf({ config: given }: PageSettings): PageConfig {
  if (given?.when === 'late') window.gradio_config = given.value;
  const config = window.gradio_config ?? given?.value;
  if (!config) throw new Error('no config');
  return config;
}

function draw(page: Page, config: PageConfig): void {
  const container = `gradio-container gradio-container-${config.version.replaceAll('.', '-')}`;
  const app = document.querySelector('gradio-app') ?? document.body;
  app.append(
    page.make('div', { class: container }, [
      page.make('div', { class: 'column gap' }, layout(page, config.layout)),
      page.make('footer', {}, ['Built with Gradio']),
    ]),
  );
  for (const [id, table] of page.tables) table.show(page.values.get(id) ?? null);
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function loadEvents(page: Page, config: PageConfig): void {
  const tablesOf = (event: number): TableComponent[] =>
    (config.dependencies[event]?.outputs ?? []).flatMap((id) => page.tables.get(id) ?? []);
  runLoadEvents(config, page.settings, {
    started: (event) => {
      for (const table of tablesOf(event)) table.busy(true);
    },
    ended: (event, outputs) => {
      for (const table of tablesOf(event)) table.busy(false);
      for (const [index, id] of (config.dependencies[event]?.outputs ?? []).entries()) {
        const value = outputs?.[index];
        if (!isValue(value)) continue;
        page.values.set(id, value);
        page.tables.get(id)?.show(value);
      }
    },
  });
}

const isValue = (value: unknown): value is TableValue =>
  typeof value === 'object' && value !== null && 'headers' in value && 'data' in value;

function layout(page: Page, { children = [] }: LayoutNode): HTMLElement[] {
  return children.flatMap((node) => {
    const component = page.components.get(node.id);
    return component ? [elementOf(page, { component, node })] : [];
  });
}

interface Placed {
  component: PageComponent;
  node: LayoutNode;
}

function elementOf(page: Page, { component, node }: Placed): HTMLElement {
  const { type, props } = component;
  switch (type) {
    case 'tabs':
      return tabs(page, node);
    case 'dataframe':
    case 'leaderboard': {
      if (props.visible === false && !page.settings.facts.hiddenTables) return page.make('div');
      const own = type === 'leaderboard' ? page : maker(plainSettings(page));
      const table = tableComponent({ maker: own, component, faults: faultsOf(page, component) });
      page.tables.set(component.id, table);
      return table.element;
    }
    default:
      return page.make('div', { class: `block ${type}` }, [
        page.make('div', { class: 'prose' }, [textOf(props['text'] ?? '')]),
      ]);
  }
}

const plainSettings = ({ settings }: Page): PageSettings => ({
  ...settings,
  facts: settings.plainFacts,
});

function faultsOf({ settings }: Page, { props }: PageComponent): PageFaults {
  const { table, ...faults } = settings.faults;
  return table === undefined || props.elem_id === table ? faults : {};
}

function tabs(page: Page, node: LayoutNode): HTMLElement {
  const { facts } = page.settings;
  const roles = facts.tabs !== 'plain';
  const items = (node.children ?? []).map((child, index) => ({ child, index }));
  const labelOf = (id: number): string => textOf(page.components.get(id)?.props['label'] ?? '');
  const panels: HTMLElement[] = [];
  const buttons = items.map(({ child, index }) =>
    page.make(
      'button',
      roles ? { role: 'tab', 'aria-selected': index === 0, 'data-tab-id': child.id } : {},
      [`${labelOf(child.id)} `],
    ),
  );
  const box = page.make('div');
  const open = (chosen: number): void => {
    for (const [index, button] of buttons.entries()) {
      button.classList.toggle('selected', index === chosen);
      if (roles) button.setAttribute('aria-selected', String(index === chosen));
    }
    if (facts.closedTabs === 'hidden') {
      for (const [index, panel] of panels.entries()) {
        panel.style.display = index === chosen ? 'block' : 'none';
      }
      return;
    }
    const child = items[chosen]?.child;
    if (child) mount(page, { box, child });
  };
  for (const [index, button] of buttons.entries())
    button.addEventListener('click', () => open(index));
  if (facts.closedTabs === 'hidden') {
    for (const { child } of items) panels.push(panel(page, child));
    box.append(...panels);
  }
  open(0);
  const twins = items.map(({ child }) => page.make('button', {}, [labelOf(child.id)]));
  const measured = page.make(
    'div',
    { class: 'tab-container visually-hidden', 'aria-hidden': 'true' },
    twins,
  );
  return page.make('div', { class: 'tabs' }, [
    ...(facts.tabs === 'twice' ? [measured] : []),
    page.make(
      'div',
      {
        class: facts.tabs === 'twice' ? 'tab-container' : 'tab-nav',
        ...(roles ? { role: 'tablist' } : {}),
      },
      buttons,
    ),
    box,
  ]);
}

const panel = (page: Page, child: LayoutNode): HTMLElement =>
  page.make(
    'div',
    {
      class: 'tabitem',
      id: `component-${child.id}`,
      ...(page.settings.facts.tabs !== 'plain' ? { role: 'tabpanel' } : {}),
    },
    layout(page, child),
  );

/** From Gradio 6.7 on a tab is drawn when it is opened, and not before. */
function mount(page: Page, { box, child }: { box: HTMLElement; child: LayoutNode }): void {
  const made = panel(page, child);
  box.replaceChildren(made);
  // The first one is drawn when the whole page is.
  if (!made.isConnected) return;
  for (const [id, table] of page.tables) {
    if (made.contains(table.element)) table.show(page.values.get(id) ?? null);
  }
}

void start();
