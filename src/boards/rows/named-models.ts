import { repoName } from '../../tables/repo-names.ts';
import type { BoardColumn } from '../definition.ts';
import { cellOf } from '../table.ts';
import { REPO_ID } from '../text.ts';
import { attempt, textOf } from '../values.ts';
import type { BoardFacts, Item } from './facts.ts';
import type { NamedModel } from './rows.ts';

/** Columns of definitions that say which model is meant, by our names of them. */
const STATED = 'hub_id';
const OTHERS = 'also_called';
const ORGANIZATION = 'organization';

const HUB_URL = /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\//;

export const valueOf = (column: BoardColumn, { record }: Pick<Item, 'record'>): unknown =>
  attempt(() => column.value(record));

const modelColumn = ({ columns }: BoardFacts): BoardColumn | undefined =>
  columns.find(({ kind }) => kind === 'model');

/** The name that a row has for its model; null for none. */
export function nameOf(facts: BoardFacts, item: Item): string | null {
  const column = modelColumn(facts);
  return column === undefined ? textOf(item.entryId) : textOf(valueOf(column, item));
}

/** Where the row's name leads to. */
export function linkOf(facts: BoardFacts, { record }: Item): string | null {
  const column = modelColumn(facts);
  return (column && textOf(cellOf(record, column)?.link)) ?? null;
}

function linkedId(url: string | null): string | null {
  const id = url !== null && HUB_URL.test(url) ? repoName(url) : null;
  return id !== null && REPO_ID.test(id) ? id : null;
}

/** The names of a board, by name. A name is one model: what its rows say is taken together. */
export function namedModels(
  facts: BoardFacts,
  items: readonly Item[],
): ReadonlyMap<string, NamedModel> {
  const texts = (name: string, rows: readonly Item[]): string[] => {
    const column = facts.columns.find((it) => it.name === name);
    return column === undefined ? [] : distinct(rows.map((row) => textOf(valueOf(column, row))));
  };
  const byName = Map.groupBy(items, (item) => nameOf(facts, item));
  return new Map(
    [...byName].flatMap(([name, rows]): [string, NamedModel][] => {
      if (name === null) return [];
      const linked = distinct(rows.map((row) => linkedId(linkOf(facts, row) ?? name)));
      const stated = texts(STATED, rows).filter((id) => REPO_ID.test(id));
      const others = texts(OTHERS, rows);
      return [[name, { name, linked, stated, others, organizations: texts(ORGANIZATION, rows) }]];
    }),
  );
}

const distinct = (texts: readonly (string | null)[]): string[] => [
  ...new Set(texts.filter((it) => it !== null)),
];
