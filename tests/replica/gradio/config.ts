import {
  GENERATION_FACTS,
  plainFacts,
  type GradioGeneration,
  type LayoutNode,
  type PageComponent,
  type PageConfig,
  type TableProps,
  type TableValue,
} from './settings.ts';
import type { GradioTable } from './tables.ts';

interface ConfigSetup {
  generation: GradioGeneration;
  tables: readonly GradioTable[];
  /** Address of the page, as the server knows it. */
  root: string;
  title: string;
  /** Count that the page states in a sentence under its title. */
  statedRows?: number | undefined;
}

interface Event {
  /** Id of the component whose value it replaces. */
  output: number;
  afterMs: number;
  value: TableValue;
}

export interface BuiltConfig {
  config: PageConfig;
  /** By their place in `dependencies`. */
  events: Event[];
}

/** The config of a page as Gradio serves it, with the tables at arbitrary places among others. */
export function buildConfig(setup: ConfigSetup): BuiltConfig {
  const facts = GENERATION_FACTS[setup.generation];
  const components: PageComponent[] = [];
  const add = (type: string, props: PageComponent['props']): LayoutNode => {
    const id = components.length + 1;
    components.push({ id, type, props });
    return { id };
  };
  const intro = [
    add('html', { text: setup.title }),
    add('markdown', {
      text: setup.statedRows === undefined ? 'How it works' : `Total: ${setup.statedRows} models`,
    }),
    add('state', { value: null, visible: false }),
  ];
  const placed = withBoard(setup).map((table) => {
    const isBoard = facts.componentType === 'leaderboard' && table.board !== undefined;
    const node = add(isBoard ? 'leaderboard' : 'dataframe', tableProps(table, setup.generation));
    return { table, node };
  });
  const free = placed.flatMap(({ table, node }) => (table.tab === undefined ? [node] : []));
  const names = [...new Set(setup.tables.flatMap(({ tab }) => tab ?? []))];
  const items = names.map((label) => ({
    ...add('tabitem', { label, visible: true }),
    children: placed.flatMap(({ table, node }) => (table.tab === label ? [node] : [])),
  }));
  const tabs = items.length === 0 ? [] : [{ ...add('tabs', { visible: true }), children: items }];
  const late = placed.flatMap(({ table, node }) =>
    table.load === undefined ? [] : [{ node, load: table.load, table }],
  );
  const isOld = facts.queue === 'websocket';
  const dependencies = late.map(({ node }, id) => ({
    ...(isOld ? {} : { id }),
    targets: [[isOld ? null : 0, 'load']] as [number | null, string][], // a pair, not an array
    inputs: [],
    outputs: [node.id],
    backend_fn: true,
    js: null,
    queue: isOld ? null : true,
    api_name: `load_${id}`,
    show_progress: 'full',
  }));
  const config = {
    version: facts.version,
    mode: 'blocks',
    ...(facts.prefix === '' ? {} : { api_prefix: facts.prefix }),
    ...(isOld ? {} : { protocol: 'sse_v3' }),
    analytics_enabled: false,
    components,
    css: null,
    title: setup.title,
    space_id: null,
    enable_queue: true,
    layout: { id: 0, children: [...intro, ...free, ...tabs] },
    dependencies,
    root: setup.root,
  };
  const events = late.map(({ node, load, table }) => ({
    output: node.id,
    afterMs: load.afterMs,
    value: tableValue(table, table.rows),
  }));
  return { config, events };
}

/** On the page of a leaderboard the first visible table is one, where none is said to be. */
function withBoard({ generation, tables }: ConfigSetup): readonly GradioTable[] {
  const isAsked = GENERATION_FACTS[generation].componentType === 'leaderboard';
  if (!isAsked || tables.some(({ board }) => board !== undefined)) return tables;
  const first = tables.find(({ visible }) => visible !== false);
  return tables.map((table) => (table === first ? { ...table, board: {} } : table));
}

function tableValue(table: GradioTable, rows: GradioTable['rows']): TableValue {
  const display = table.display?.map((row) => [...row]);
  const data = rows.map((row) => [...row]);
  const metadata = display ? { display_value: display, styling: data.map(() => []) } : null;
  return { headers: [...table.headers], data, metadata };
}

/** What stands in the config until a load event brings the rows. */
function firstRows(table: GradioTable, generation: GradioGeneration): GradioTable['rows'] {
  if (table.load === undefined) return table.rows;
  if (table.load.before) return table.load.before;
  // Before Gradio 5 no value was a row of nothing.
  if (GENERATION_FACTS[generation].prefix !== '') return [];
  return [table.headers.map((_, column) => (table.datatype?.[column] === 'number' ? 0 : ''))];
}

function tableProps(table: GradioTable, generation: GradioGeneration): PageComponent['props'] {
  const isBoard =
    GENERATION_FACTS[generation].componentType === 'leaderboard' && table.board !== undefined;
  const facts = isBoard ? GENERATION_FACTS[generation] : plainFacts(generation);
  const columns = table.headers.length;
  const props: TableProps & Record<string, unknown> = {
    value: tableValue(table, firstRows(table, generation)),
    headers: propHeaders(table),
    datatype: table.datatype ? [...table.datatype] : 'str',
    row_count: isBoard ? [table.rows.length, 'fixed'] : [1, 'dynamic'],
    col_count: [columns, isBoard ? 'fixed' : 'dynamic'],
    type: 'pandas',
    show_label: table.label !== undefined,
    elem_id: table.id,
    ...shownProps(table),
    name: isBoard ? 'leaderboard' : 'dataframe',
    ...(facts.addresses
      ? { max_chars: table.maxChars ?? null, show_row_numbers: table.rowNumbers ?? false }
      : {}),
  };
  return isBoard ? { ...props, ...boardProps(table) } : props;
}

const shownProps = ({
  label = null,
  visible = true,
  wrap = false,
  interactive = false,
}: Partial<Omit<GradioTable, 'label'>> & { label?: string | null }): Pick<
  TableProps,
  'label' | 'visible' | 'wrap' | 'interactive'
> => ({ label, visible, wrap, interactive });

/** A Styler has numbers for headers here, and the right ones in the value. */
const propHeaders = ({ headers, display }: GradioTable): string[] =>
  display ? headers.map((_, index) => String(index + 1)) : [...headers];

function boardProps({ headers, board = {} }: GradioTable): Partial<TableProps> {
  const { hidden = [], filters = [], search } = board;
  return {
    select_columns_config: {
      default_selection: [...(board.selected ?? headers.filter((it) => !hidden.includes(it)))],
      cant_deselect: [...(board.cantDeselect ?? [])],
    },
    hide_columns: [...hidden],
    ...(search === undefined
      ? {}
      : {
          search_columns: {
            primary_column: search,
            placeholder: "Separate multiple queries with ';'.",
          },
        }),
    filter_columns: filters.map(({ column, label, on }) => ({
      ...{ column, label, default: on },
      type: 'boolean',
    })),
    bool_checkboxgroup_label: 'Hide models',
  };
}
