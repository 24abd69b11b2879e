import {
  added,
  changed,
  places,
  plainly,
  renamed,
  retyped,
  withColumns,
  type GradioMutation,
  type MutationTarget,
  type NewColumn,
  type TableChange,
} from './mutation-kit.ts';
import { columnOf, type GradioTable } from './tables.ts';

/** Columns that come, go, move, or change their name or kind. */
export function columnMutations(target: MutationTarget): GradioMutation[] {
  const { required, identity } = target;
  const change = (it: TableChange) => changed(target, it);
  const extra: Omit<NewColumn, 'at'> = {
    header: 'New benchmark',
    cell: (_, index) => index / 4,
    kind: 'number',
  };
  return [
    {
      name: 'column-added-first',
      expect: 'exact',
      change: change((it) => added(it, { ...extra, at: 0 })),
    },
    {
      name: 'column-added-between',
      expect: 'exact',
      change: change((it) => added(it, { ...extra, at: 2 })),
    },
    { name: 'column-added-last', expect: 'exact', change: change((it) => added(it, extra)) },
    {
      name: 'column-added-with-the-same-header',
      expect: 'either',
      change: change((it) => added(it, { ...extra, header: required })),
    },
    {
      name: 'column-added-without-header',
      expect: 'either',
      change: change((it) => added(it, { ...extra, header: '', at: 0 })),
    },
    {
      name: 'column-removed',
      expect: 'refused',
      generic: 'exact',
      change: change((it) => withColumns(it, places(it).toSpliced(columnOf(it, required), 1))),
    },
    {
      name: 'identity-removed',
      expect: 'refused',
      generic: 'either',
      change: change((it) => withColumns(it, places(it).toSpliced(columnOf(it, identity), 1))),
    },
    {
      name: 'columns-reversed',
      expect: 'exact',
      change: change((it) => withColumns(it, places(it).toReversed())),
    },
    {
      name: 'column-moved-to-the-front',
      expect: 'exact',
      change: change((it) => {
        const place = columnOf(it, required);
        return withColumns(it, [place, ...places(it).toSpliced(place, 1)]);
      }),
    },
    {
      name: 'column-renamed',
      expect: 'refused',
      generic: 'exact',
      change: change((it) => renamed(it, required, `${required} (new)`)),
    },
    {
      name: 'identity-renamed',
      expect: 'refused',
      generic: 'either',
      change: change((it) => renamed(it, identity, 'Entry')),
    },
    {
      name: 'header-with-other-spaces',
      expect: 'exact',
      change: change((it) => renamed(it, required, ` ${required.replaceAll(' ', '\u{A0} ')}  `)),
    },
    {
      name: 'column-retyped-to-text',
      expect: 'either',
      generic: 'exact',
      change: change((it) => retyped(it, required, (value) => `≈ ${String(value)} pts`)),
    },
    {
      name: 'column-retyped-to-boolean',
      expect: 'either',
      generic: 'exact',
      change: change((it) => retyped(it, required, () => true)),
    },
    {
      name: 'column-retyped-to-null',
      expect: 'either',
      generic: 'exact',
      change: change((it) => retyped(it, required, () => null)),
    },
    {
      name: 'column-all-equal',
      expect: 'either',
      generic: 'exact',
      change: change((it) => {
        const place = columnOf(it, required);
        return { ...it, rows: it.rows.map((row) => row.with(place, 50)) };
      }),
    },
  ];
}

/** Rows that come, go, or are not what they were. */
export function rowMutations(target: MutationTarget): GradioMutation[] {
  const change = (it: TableChange) => changed(target, it);
  const rows = (to: (rows: GradioTable['rows']) => GradioTable['rows']) =>
    change((it) => ({ ...plainly(it), rows: to(it.rows) }));
  const blank = (row: readonly unknown[]): unknown[] => row.map(() => '');
  return [
    { name: 'rows-none', expect: 'refused', generic: 'refused', change: rows(() => []) },
    { name: 'rows-one', expect: 'either', change: rows((it) => it.slice(0, 1)) },
    {
      name: 'rows-half',
      expect: 'either',
      generic: 'exact',
      change: rows((it) => it.slice(0, it.length / 2)),
    },
    { name: 'rows-reversed', expect: 'exact', change: rows((it) => it.toReversed()) },
    {
      name: 'row-added',
      expect: 'exact',
      change: change((it) => ({
        ...plainly(it),
        rows: [
          ...it.rows,
          (it.rows[0] ?? []).map((cell, index) =>
            it.headers[index] === target.identity ? 'replica/new-model' : cell,
          ),
        ],
      })),
    },
    {
      name: 'row-doubled',
      expect: 'either',
      generic: 'exact',
      change: rows((it) => it.flatMap((row, index) => (index === 3 ? [row, row] : [row]))),
    },
    {
      name: 'rows-all-doubled',
      expect: 'either',
      generic: 'exact',
      change: rows((it) => [...it, ...it]),
    },
    { name: 'row-empty-last', expect: 'either', change: rows((it) => [...it, blank(it[0] ?? [])]) },
    {
      name: 'row-empty-first',
      expect: 'either',
      change: rows((it) => [blank(it[0] ?? []), ...it]),
    },
    {
      name: 'row-of-null',
      expect: 'either',
      change: rows((it) =>
        it.with(
          2,
          (it[2] ?? []).map(() => null),
        ),
      ),
    },
    {
      name: 'pseudo-row',
      expect: 'exact',
      change: change((it) => ({
        ...plainly(it),
        rows: [
          ...it.rows,
          (it.rows[0] ?? []).map((cell, index) =>
            it.headers[index] === target.identity ? '<p>Baseline</p>' : cell,
          ),
        ],
      })),
    },
    {
      name: 'row-too-short',
      expect: 'either',
      change: rows((it) => it.with(5, (it[5] ?? []).slice(0, -2))),
    },
    {
      name: 'row-too-long',
      expect: 'refused',
      change: rows((it) => it.with(5, [...(it[5] ?? []), 'over', 1])),
    },
    {
      name: 'rows-are-all-alike-but-for-the-name',
      expect: 'refused',
      generic: 'exact',
      change: change((it) => ({
        ...plainly(it),
        rows: it.rows.map((row) => {
          const place = columnOf(it, target.identity);
          return (it.rows[0] ?? []).with(place, row[place]);
        }),
      })),
    },
  ];
}
