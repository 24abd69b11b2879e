import {
  added,
  changed,
  drawn,
  either,
  exact,
  FROM_5,
  refused,
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
  const draws =
    (mutate: typeof refused) =>
    (name: string, faults: (table: GradioTable) => PageFaults): GradioMutation =>
      mutate(name, drawn(faults, target));
  const [isRefused, isEither] = [draws(refused), draws(either)];
  const cell = (row: number) => (table: GradioTable) => ({
    cells: [{ row, column: columnOf(table, required), text: '99.987' }],
  });
  const last = ({ rows }: GradioTable): number => rows.length - 1;
  return [
    isRefused('drawn-cell-differs-first-row', cell(0)),
    isRefused('drawn-cell-differs-last-row', (it) => cell(last(it))(it)),
    isRefused('drawn-cell-differs-far-down', (it) => cell(Math.floor(last(it) * 0.7))(it)),
    isRefused('drawn-name-differs', (it) => ({
      cells: [{ row: 1, column: columnOf(it, target.identity), text: 'someone/else' }],
    })),
    isRefused('drawn-cells-swapped', (it) => ({
      swappedCells: [columnOf(it, required), columnOf(it, target.identity)],
    })),
    isRefused('drawn-heads-swapped', (it) => ({
      swappedHeads: [columnOf(it, required), columnOf(it, target.identity)],
    })),
    isEither('drawn-head-differs', (it) => ({
      head: { column: columnOf(it, required), text: 'Something else' },
    })),
    isEither('column-not-drawn', (it) => ({ hiddenColumn: columnOf(it, required) })),
    isRefused('row-lost-first', () => ({ lost: [0] })),
    isRefused('row-lost-last', (it) => ({ lost: [last(it)] })),
    isRefused('row-lost-between', (it) => ({ lost: [Math.floor(last(it) / 2)] })),
    isRefused('rows-cut-at-ten', () => ({ most: 10 })),
    isRefused('rows-cut-at-half', (it) => ({ most: Math.floor(it.rows.length / 2) })),
    isRefused('rows-not-drawn', () => ({ most: 0 })),
    isRefused('row-drawn-twice', () => ({ doubled: [4] })),
    isRefused('row-drawn-empty', () => ({ blank: [6] })),
    isRefused('rows-drawn-empty', (it) => ({ blank: it.rows.map((_, index) => index) })),
    isRefused('row-drawn-that-is-not-loaded', (it) => ({
      extra: [it.headers.map(() => 'made up')],
    })),
    isEither('page-is-sorted', (it) => ({
      sorted: { column: columnOf(it, required), descending: false },
    })),
    isEither('page-is-filtered', () => ({ filtered: '7' })),
  ];
}

/** The page is built otherwise; what it says is the same. */
export function pageMutations(target: MutationTarget): GradioMutation[] {
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
    either('config-hidden', (it) => ({ ...it, config: 'hidden' })),
    exact('table-before-it', (it) => ({ ...it, tables: [help, ...it.tables] })),
    exact('tables-reordered', (it) => ({ ...it, tables: [...it.tables, help].toReversed() })),
    exact(
      'in-a-tab',
      changed(target, (it) => ({ ...it, tab: '🏅 Leaderboard' })),
    ),
    either('in-the-second-tab', (it) => {
      const tables = changed(target, (table) => ({ ...table, tab: 'Results' }))(it).tables;
      return { ...it, tables: [{ ...help, tab: 'About' }, ...tables] };
    }),
    exact('table-doubled', (it) => {
      const table = first(it);
      return table ? { ...it, tables: [...it.tables, { ...table, id: 'copy' }] } : it;
    }),
    either('table-doubled-with-other-values', (it) => {
      const table = first(it);
      if (!table) return it;
      const other = retyped(table, target.required, () => 1);
      return { ...it, tables: [...it.tables, { ...other, id: 'copy' }] };
    }),
    exact('hidden-copy-with-other-columns', (it) => {
      const table = first(it);
      if (!table) return it;
      const hidden = added(table, { header: 'fullname', cell: (_, index) => `name ${index}` });
      return { ...it, tables: [...it.tables, { ...hidden, id: 'hidden', visible: false }] };
    }),
    either(
      'table-hidden',
      changed(target, (it) => ({ ...it, visible: false })),
      { generic: 'refused' },
    ),
    exact(
      'row-numbers',
      changed(target, (it) => ({ ...it, rowNumbers: true })),
      { generations: FROM_5 },
    ),
    exact(
      'cut-texts',
      changed(target, (it) => ({ ...it, maxChars: 24 })),
      { generations: WITH_LIMIT },
    ),
    exact(
      'wrapped',
      changed(target, (it) => ({ ...it, wrap: true })),
    ),
    exact(
      'editable',
      changed(target, (it) => ({ ...it, interactive: true })),
    ),
    exact('drawn-late', (it) => ({ ...it, faults: { drawAfterMs: 1_500 } })),
    either('count-in-a-text-lies', stated),
    refused('count-for-accessibility-lies', stated, { generations: WITH_ROLES }),
    refused('never-drawn', (it) => ({ ...it, faults: { endless: 'nothing' } })),
    refused('status-never-ends', (it) => ({
      ...it,
      faults: { endless: 'tracker', table: target.table },
    })),
  ];
}

function withoutLabel(table: GradioTable): GradioTable {
  const copy = { ...table };
  delete copy.label;
  return copy;
}
