import {
  added,
  changed,
  drawn,
  FROM_5,
  retyped,
  WITH_LIMIT,
  WITH_ROLES,
  type GradioMutation,
  type MutationTarget,
} from './mutation-kit.ts';
import type { GradioOptions } from './server.ts';
import type { PageFaults } from './settings.ts';
import { columnOf, type GradioTable } from './tables.ts';

/** The page draws what the payload does not say. */
export function disagreements(target: MutationTarget): GradioMutation[] {
  const { required } = target;
  const refused = (name: string, faults: (table: GradioTable) => PageFaults): GradioMutation => ({
    name,
    expect: 'refused',
    change: drawn(faults, target),
  });
  const either = (name: string, faults: (table: GradioTable) => PageFaults): GradioMutation => ({
    ...refused(name, faults),
    expect: 'either',
  });
  const cell = (row: number) => (table: GradioTable) => ({
    cells: [{ row, column: columnOf(table, required), text: '99.987' }],
  });
  const last = ({ rows }: GradioTable): number => rows.length - 1;
  return [
    refused('drawn-cell-differs-first-row', cell(0)),
    refused('drawn-cell-differs-last-row', (it) => cell(last(it))(it)),
    refused('drawn-cell-differs-far-down', (it) => cell(Math.floor(last(it) * 0.7))(it)),
    refused('drawn-name-differs', (it) => ({
      cells: [{ row: 1, column: columnOf(it, target.identity), text: 'someone/else' }],
    })),
    refused('drawn-cells-swapped', (it) => ({
      swappedCells: [columnOf(it, required), columnOf(it, target.identity)],
    })),
    refused('drawn-heads-swapped', (it) => ({
      swappedHeads: [columnOf(it, required), columnOf(it, target.identity)],
    })),
    either('drawn-head-differs', (it) => ({
      head: { column: columnOf(it, required), text: 'Something else' },
    })),
    either('column-not-drawn', (it) => ({ hiddenColumn: columnOf(it, required) })),
    refused('row-lost-first', () => ({ lost: [0] })),
    refused('row-lost-last', (it) => ({ lost: [last(it)] })),
    refused('row-lost-between', (it) => ({ lost: [Math.floor(last(it) / 2)] })),
    refused('rows-cut-at-ten', () => ({ most: 10 })),
    refused('rows-cut-at-half', (it) => ({ most: Math.floor(it.rows.length / 2) })),
    refused('rows-not-drawn', () => ({ most: 0 })),
    refused('row-drawn-twice', () => ({ doubled: [4] })),
    refused('row-drawn-empty', () => ({ blank: [6] })),
    refused('rows-drawn-empty', (it) => ({ blank: it.rows.map((_, index) => index) })),
    refused('row-drawn-that-is-not-loaded', (it) => ({ extra: [it.headers.map(() => 'made up')] })),
    either('page-is-sorted', (it) => ({
      sorted: { column: columnOf(it, required), descending: false },
    })),
    either('page-is-filtered', () => ({ filtered: '7' })),
  ];
}

/** The page is built otherwise; what it says is the same. */
export function pageMutations(target: MutationTarget): GradioMutation[] {
  const exact = (name: string, change: GradioMutation['change']): GradioMutation => ({
    name,
    expect: 'exact',
    change,
  });
  const help: GradioTable = {
    id: 'help',
    label: 'help',
    headers: ['Column', 'Meaning'],
    rows: [
      ['Average', 'the mean'],
      ['Rank', 'the place'],
    ],
  };
  const first = ({ tables }: GradioOptions): GradioTable | undefined =>
    tables.find(({ id }) => id === target.table);
  const stated = (options: GradioOptions): GradioOptions => ({
    ...options,
    faults: { ...options.faults, statedRows: (first(options)?.rows.length ?? 0) + 40 },
  });
  return [
    exact('nothing', (it) => it),
    exact('classes-changed', (it) => ({ ...it, faults: { classPrefix: 'css-' } })),
    exact('ids-changed', (it) => ({ ...it, faults: { idSuffix: '-v2' } })),
    exact('title-changed', (it) => ({ ...it, title: '🏆 Another title | 1,000 models' })),
    exact('label-removed', changed(target, withoutLabel)),
    exact(
      'label-changed',
      changed(target, (it) => ({ ...it, label: 'Renamed' })),
    ),
    exact('config-late', (it) => ({ ...it, config: 'late' })),
    {
      name: 'config-hidden',
      expect: 'either',
      change: (it) => ({ ...it, config: 'hidden' }),
    },
    exact('table-before-it', (it) => ({ ...it, tables: [help, ...it.tables] })),
    exact('tables-reordered', (it) => ({ ...it, tables: [...it.tables, help].toReversed() })),
    exact(
      'in-a-tab',
      changed(target, (it) => ({ ...it, tab: '🏅 Leaderboard' })),
    ),
    {
      name: 'in-the-second-tab',
      expect: 'either',
      change: (it) => ({
        ...changed(target, (table) => ({ ...table, tab: 'Results' }))(it),
        tables: [
          { ...help, tab: 'About' },
          ...changed(target, (table) => ({ ...table, tab: 'Results' }))(it).tables,
        ],
      }),
    },
    exact('table-doubled', (it) => {
      const table = first(it);
      return table ? { ...it, tables: [...it.tables, { ...table, id: 'copy' }] } : it;
    }),
    {
      name: 'table-doubled-with-other-values',
      expect: 'either',
      change: (it) => {
        const table = first(it);
        if (!table) return it;
        const other = retyped(table, target.required, () => 1);
        return { ...it, tables: [...it.tables, { ...other, id: 'copy' }] };
      },
    },
    exact('hidden-copy-with-other-columns', (it) => {
      const table = first(it);
      if (!table) return it;
      const hidden = added(table, { header: 'fullname', cell: (_, index) => `name ${index}` });
      return { ...it, tables: [...it.tables, { ...hidden, id: 'hidden', visible: false }] };
    }),
    {
      name: 'table-hidden',
      expect: 'either',
      generic: 'refused',
      change: changed(target, (it) => ({ ...it, visible: false })),
    },
    {
      ...exact(
        'row-numbers',
        changed(target, (it) => ({ ...it, rowNumbers: true })),
      ),
      generations: FROM_5,
    },
    {
      ...exact(
        'cut-texts',
        changed(target, (it) => ({ ...it, maxChars: 24 })),
      ),
      generations: WITH_LIMIT,
    },
    exact(
      'wrapped',
      changed(target, (it) => ({ ...it, wrap: true })),
    ),
    exact(
      'editable',
      changed(target, (it) => ({ ...it, interactive: true })),
    ),
    exact('drawn-late', (it) => ({ ...it, faults: { drawAfterMs: 1_500 } })),
    { name: 'count-in-a-text-lies', expect: 'either', change: stated },
    {
      name: 'count-for-accessibility-lies',
      expect: 'refused',
      generations: WITH_ROLES,
      change: stated,
    },
    {
      name: 'never-drawn',
      expect: 'refused',
      change: (it) => ({ ...it, faults: { endless: 'nothing' } }),
    },
    {
      name: 'status-never-ends',
      expect: 'refused',
      change: (it) => ({ ...it, faults: { endless: 'tracker', table: target.table } }),
    },
  ];
}

function withoutLabel(table: GradioTable): GradioTable {
  const copy = { ...table };
  delete copy.label;
  return copy;
}
