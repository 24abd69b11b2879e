/**
 * What the server of the replica and its page agree on. Each generation differs in how its table is
 * drawn, how it is addressed, and how values come that the first page did not have.
 */
export const GENERATIONS = [
  '3.27',
  '3.50',
  '4.26',
  '4.44',
  '5.20',
  '5.33',
  '5.49',
  '6.10',
  '6.11',
  '6.25',
  '6.31',
  'leaderboard-4',
  'leaderboard-5',
] as const;

export type GradioGeneration = (typeof GENERATIONS)[number];

export interface GenerationFacts {
  /** As `/config` has it. */
  version: string;
  /** `whole`: every row; `window`: a measuring table and a window of `tr`; `rows`: `.virtual-row`s. */
  drawing: 'whole' | 'window' | 'rows';
  /** Rows are mounted from so far above the top of the window, and over so much, in pixels. */
  mounted: readonly [number, number];
  header: 'span' | 'content' | 'button' | 'cell';
  /** `data-row`, `data-col` and `data-testid` on cells. */
  addresses: boolean;
  /** A boolean is a checkbox without text. */
  checkboxes: boolean;
  /** What a missing value is drawn as. */
  missing: '' | 'null';
  measuringIsHidden: boolean;
  /** Container, header row and toolbar round the table. */
  toolbar: boolean;
  /** Roles and counts for accessibility. */
  roles: boolean;
  trackerTestId: boolean;
  componentIds: boolean;
  /** What is in a tab that is not open: its table, at no height, or nothing at all. */
  closedTabs: 'hidden' | 'absent';
  /** Tables that are not to be seen are on the page all the same, at no height. */
  hiddenTables: boolean;
  /** Rows that are mounted where the table has no height. */
  unseen: number;
  /** `twice`: before the buttons with roles there are others, hidden, only there to be measured. */
  tabs: 'plain' | 'roles' | 'twice';
  queue: 'websocket' | 'eventsource' | 'fetch';
  prefix: '' | '/gradio_api';
  componentType: 'dataframe' | 'leaderboard';
}

const GRADIO_3: GenerationFacts = {
  version: '3.27.0',
  drawing: 'whole',
  // The head of 37 pixels is part of the 500.
  mounted: [0, 463],
  header: 'span',
  addresses: false,
  checkboxes: false,
  missing: '',
  measuringIsHidden: false,
  toolbar: false,
  roles: false,
  trackerTestId: false,
  componentIds: true,
  closedTabs: 'hidden',
  hiddenTables: true,
  unseen: 0,
  tabs: 'plain',
  queue: 'websocket',
  prefix: '',
  componentType: 'dataframe',
};
const GRADIO_350: GenerationFacts = {
  ...GRADIO_3,
  version: '3.50.2',
  drawing: 'window',
};
const GRADIO_426: GenerationFacts = {
  ...GRADIO_350,
  version: '4.26.0',
  queue: 'eventsource',
  unseen: 17,
  tabs: 'roles',
};
const GRADIO_444: GenerationFacts = { ...GRADIO_426, version: '4.44.1', queue: 'fetch' };
const GRADIO_520: GenerationFacts = {
  ...GRADIO_444,
  version: '5.20.1',
  header: 'content',
  toolbar: true,
  tabs: 'twice',
  prefix: '/gradio_api',
};
const GRADIO_533: GenerationFacts = {
  ...GRADIO_520,
  version: '5.33.1',
  header: 'button',
  addresses: true,
  checkboxes: true,
  missing: 'null',
};
const GRADIO_549: GenerationFacts = {
  ...GRADIO_533,
  version: '5.49.1',
  mounted: [500, 1_500],
  measuringIsHidden: true,
  hiddenTables: false,
};
const GRADIO_610: GenerationFacts = {
  ...GRADIO_549,
  version: '6.10.0',
  componentIds: false,
  closedTabs: 'absent',
};
const GRADIO_611: GenerationFacts = {
  ...GRADIO_610,
  version: '6.11.0',
  drawing: 'rows',
  header: 'cell',
  missing: '',
  trackerTestId: true,
};

/** What holds of a generation; seen on real servers, but for 6.11, which follows 6.25. */
export const GENERATION_FACTS: Readonly<Record<GradioGeneration, GenerationFacts>> = {
  '3.27': GRADIO_3,
  '3.50': GRADIO_350,
  '4.26': GRADIO_426,
  '4.44': GRADIO_444,
  '5.20': GRADIO_520,
  '5.33': GRADIO_533,
  '5.49': GRADIO_549,
  '6.10': GRADIO_610,
  '6.11': GRADIO_611,
  '6.25': { ...GRADIO_611, version: '6.25.0' },
  '6.31': { ...GRADIO_611, version: '6.31.0', roles: true },
  'leaderboard-4': { ...GRADIO_444, componentType: 'leaderboard' },
  // The component brings its own table, that of Gradio 4.26, into whatever page it stands on.
  'leaderboard-5': {
    ...GRADIO_549,
    header: 'span',
    addresses: false,
    checkboxes: false,
    missing: '',
    mounted: [0, 463],
    measuringIsHidden: false,
    toolbar: false,
    componentType: 'leaderboard',
  },
};

/** What holds of the tables beside a leaderboard: those of the Gradio that it stands on. */
export function plainFacts(generation: GradioGeneration): GenerationFacts {
  if (generation === 'leaderboard-4') return GRADIO_444;
  return generation === 'leaderboard-5' ? GRADIO_549 : GENERATION_FACTS[generation];
}

/** A cell of the page that is not what the payload says; rows are places in the value, from 0. */
export interface FalseCell {
  row: number;
  column: number;
  text: string;
}

/** Where the page and its payload part; what the payload says stays true. */
export interface PageFaults {
  /** Elem id of the table it is about. @default the first */
  table?: string;
  /** Places of rows that are not drawn. */
  lost?: readonly number[];
  /** Only so many rows are drawn. */
  most?: number;
  /** Places of rows that are drawn twice. */
  doubled?: readonly number[];
  /** Places of rows whose cells are drawn empty. */
  blank?: readonly number[];
  /** Rows drawn behind the last one, which the payload does not have. */
  extra?: readonly (readonly unknown[])[];
  cells?: readonly FalseCell[];
  /** Cells of these two columns change places, heads do not. */
  swappedCells?: readonly [number, number];
  /** Heads of these two columns change places, cells do not. */
  swappedHeads?: readonly [number, number];
  /** A head that the page words otherwise than the payload. */
  head?: { column: number; text: string };
  /** Column that the page does not draw. */
  hiddenColumn?: number;
  /** Rows are ordered by this column, as if a head had been clicked. */
  sorted?: { column: number; descending: boolean };
  /** Only rows that have this text somewhere are drawn, as if it had been searched for. */
  filtered?: string;
  /** After a load event the old rows stay. */
  frozen?: boolean;
  /** `tracker`: a status overlay that never ends; `nothing`: the page's script never draws. */
  endless?: 'tracker' | 'nothing';
  /** Wait before anything is drawn, in milliseconds. */
  drawAfterMs?: number;
  /** Number of rows that the page states for accessibility, or in a text under its title. */
  statedRows?: number;
  /** How hashed classes begin. @default 'svelte-' */
  classPrefix?: string;
  /** Elem ids get this ending. */
  idSuffix?: string;
}

/** Handed to the page's script in a `script` of type `application/json`. */
export interface PageSettings {
  facts: GenerationFacts;
  /** Those of tables that are no leaderboard, on the page of one. */
  plainFacts: GenerationFacts;
  faults: PageFaults;
  /** Random, so that a class of today is none tomorrow. */
  hash: string;
  /**
   * What `window.gradio_config` will be, where the page itself does not say it: `late` sets it when
   * the script has run, as with rendering on the server; `hidden` never does.
   */
  config?: { when: 'late' | 'hidden'; value: PageConfig };
}

export interface LeaderboardConfig {
  /** Columns shown by default. @default all that are not hidden */
  selected?: readonly string[];
  cantDeselect?: readonly string[];
  hidden?: readonly string[];
  /** Boolean columns: rows with false are hidden while it is on. */
  filters?: readonly { column: string; label: string; on: boolean }[];
  /** Column that the search box searches. */
  search?: string;
}

/** The value of a table, as the config and the queue carry it. */
export interface TableValue {
  headers: string[];
  data: unknown[][];
  metadata: { display_value: string[][]; styling: string[][] } | null;
}

/** The `props` of a table's component that the page's script uses. */
export interface TableProps {
  value: TableValue | null;
  headers: string[];
  datatype: string | string[];
  label: string | null;
  elem_id: string | null;
  visible: boolean;
  wrap: boolean;
  interactive: boolean;
  max_chars?: number | null;
  show_row_numbers?: boolean;
  select_columns_config?: { default_selection: string[]; cant_deselect: string[] };
  hide_columns?: string[];
  search_columns?: { primary_column: string; placeholder: string };
  filter_columns?: { column: string; type: 'boolean'; default: boolean; label: string }[];
  bool_checkboxgroup_label?: string;
}

export interface PageComponent {
  id: number;
  type: string;
  props: Partial<TableProps> & Record<string, unknown>;
}

export interface LayoutNode {
  id: number;
  children?: LayoutNode[];
}

export interface PageDependency {
  targets: [number | null, string][];
  outputs: number[];
}

export interface PageConfig {
  version: string;
  root: string;
  api_prefix?: string;
  components: PageComponent[];
  layout: LayoutNode;
  dependencies: PageDependency[];
}
