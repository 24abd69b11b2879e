import {
  added,
  changed,
  either,
  exact,
  places,
  plainly,
  refused,
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
  const extra: NewColumn = {
    header: 'New benchmark',
    cell: (_, index) => index / 4,
    kind: 'number',
  };
  const addedWith = (more: Partial<NewColumn>) => change((it) => added(it, { ...extra, ...more }));
  const without = (header: string) =>
    change((it) => withColumns(it, places(it).toSpliced(columnOf(it, header), 1)));
  const all = (to: (value: unknown) => unknown) => change((it) => retyped(it, required, to));
  return [
    exact('column-added-first', addedWith({ at: 0 })),
    exact('column-added-between', addedWith({ at: 2 })),
    exact('column-added-last', addedWith({})),
    either('column-added-with-the-same-header', addedWith({ header: required })),
    either('column-added-without-header', addedWith({ header: '', at: 0 })),
    refused('column-removed', without(required), { generic: 'exact' }),
    refused('identity-removed', without(identity), { generic: 'either' }),
    exact(
      'columns-reversed',
      change((it) => withColumns(it, places(it).toReversed())),
    ),
    exact(
      'column-moved-to-the-front',
      change((it) => {
        const place = columnOf(it, required);
        return withColumns(it, [place, ...places(it).toSpliced(place, 1)]);
      }),
    ),
    refused(
      'column-renamed',
      change((it) => renamed(it, required, `${required} (new)`)),
      { generic: 'exact' },
    ),
    refused(
      'identity-renamed',
      change((it) => renamed(it, identity, 'Entry')),
      { generic: 'either' },
    ),
    exact(
      'header-with-other-spaces',
      change((it) => renamed(it, required, ` ${required.replaceAll(' ', '\u{A0} ')}  `)),
    ),
    either(
      'column-retyped-to-text',
      all((value) => `≈ ${String(value)} pts`),
      { generic: 'exact' },
    ),
    either(
      'column-retyped-to-boolean',
      all(() => true),
      { generic: 'exact' },
    ),
    either(
      'column-retyped-to-null',
      all(() => null),
      { generic: 'exact' },
    ),
    either(
      'column-all-equal',
      change((it) => {
        const place = columnOf(it, required);
        return { ...it, rows: it.rows.map((row) => row.with(place, 50)) };
      }),
      { generic: 'exact' },
    ),
  ];
}

/** Rows that come, go, or are not what they were. */
export function rowMutations(target: MutationTarget): GradioMutation[] {
  const change = (it: TableChange) => changed(target, it);
  const rows = (to: (rows: GradioTable['rows']) => GradioTable['rows']) =>
    change((it) => ({ ...plainly(it), rows: to(it.rows) }));
  const blank = (row: readonly unknown[]): unknown[] => row.map(() => '');
  /** The first row once more, at the end, under another name. */
  const named = (name: string) =>
    change((it) => {
      const again = (it.rows[0] ?? []).with(columnOf(it, target.identity), name);
      return { ...plainly(it), rows: [...it.rows, again] };
    });
  return [
    refused(
      'rows-none',
      rows(() => []),
    ),
    either(
      'rows-one',
      rows((it) => it.slice(0, 1)),
    ),
    either(
      'rows-half',
      rows((it) => it.slice(0, it.length / 2)),
      { generic: 'exact' },
    ),
    exact(
      'rows-reversed',
      rows((it) => it.toReversed()),
    ),
    exact('row-added', named('replica/new-model')),
    either(
      'row-doubled',
      rows((it) => it.flatMap((row, index) => (index === 3 ? [row, row] : [row]))),
      { generic: 'exact' },
    ),
    either(
      'rows-all-doubled',
      rows((it) => [...it, ...it]),
      { generic: 'exact' },
    ),
    either(
      'row-empty-last',
      rows((it) => [...it, blank(it[0] ?? [])]),
    ),
    either(
      'row-empty-first',
      rows((it) => [blank(it[0] ?? []), ...it]),
    ),
    either(
      'row-of-null',
      rows((it) =>
        it.with(
          2,
          (it[2] ?? []).map(() => null),
        ),
      ),
    ),
    exact('pseudo-row', named('<p>Baseline</p>')),
    either(
      'row-too-short',
      rows((it) => it.with(5, (it[5] ?? []).slice(0, -2))),
    ),
    refused(
      'row-too-long',
      rows((it) => it.with(5, [...(it[5] ?? []), 'over', 1])),
    ),
    refused(
      'rows-are-all-alike-but-for-the-name',
      change((it) => ({
        ...plainly(it),
        rows: it.rows.map((row) => {
          const place = columnOf(it, target.identity);
          return (it.rows[0] ?? []).with(place, row[place]);
        }),
      })),
      { generic: 'exact' },
    ),
  ];
}
