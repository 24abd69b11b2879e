import type { ShownRow } from '../../boards/snapshot.ts';
import type { NamedTable } from './choose.ts';

/** Rows of a table as a reading has them. */
export const shownRows = ({ headers, rows }: NamedTable): ShownRow[] =>
  rows.map((cells, index) => {
    const entries = cells.map(({ text }, at): [string, string] => [headers[at] ?? '', text]);
    const links = cells.flatMap(({ link }, at): [string, string][] =>
      link === undefined ? [] : [[headers[at] ?? '', link]],
    );
    return {
      identity: '',
      index,
      cells: Object.fromEntries(entries),
      ...(links.length > 0 && { links: Object.fromEntries(links) }),
    };
  });
