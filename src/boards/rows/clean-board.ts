import { cellOf } from '../table.ts';
import type { BoardSnapshot, ShownRow } from '../snapshot.ts';
import type { BoardColumn } from '../definition.ts';
import { inferredFacts, itemsOf, type BoardFacts, type Item } from './facts.ts';
import { linkOf, namedModels, nameOf, valueOf } from './named-models.ts';
import {
  emptyBoardRows,
  entryFacts,
  modelRows,
  ofEntry,
  resolveAll,
  UNRESOLVED,
  type BoardContext,
  type BoardRows,
  type EntryRow,
  type ResolvedModel,
  type ScoreRow,
} from './rows.ts';
import { rankOf } from '../form.ts';
import { HUB_ORIGIN, REPO_ID } from '../text.ts';
import { field, integerOf, isObject, numberOf, textOf, wellFormed } from '../values.ts';

/** What says how the rows of a snapshot are read. */
export const boardFacts = (
  snapshot: BoardSnapshot,
  given: BoardFacts = inferredFacts(snapshot),
): BoardFacts =>
  // Rows that were only shown are no records.
  snapshot.loaded === null ? { ...given, records: undefined } : given;

/**
 * Turns one snapshot of a board into rows, by its definition alone: scores are the columns marked
 * `score`, the name is the column of kind `model`. Pure and total.
 *
 * @param given the board's definition; without one, what the crawl found out of the page; without that
 * only shown rows are taken, with no scores.
 */
export function cleanBoard(
  snapshot: BoardSnapshot,
  context: BoardContext,
  given?: BoardFacts,
): BoardRows {
  const facts = boardFacts(snapshot, given);
  const rows = emptyBoardRows();
  const seen = new Set<string>();
  const items = itemsOf(facts, snapshot);
  const models = resolveAll(namedModels(facts, items), context);
  for (const item of items) {
    rows.listed += 1;
    const { position, source, entryId } = item;
    const name = nameOf(facts, item);
    if (entryId === '' || name === null) {
      const reason = !isObject(source)
        ? 'not_an_object'
        : entryId === ''
          ? 'no_identity'
          : 'no_model';
      rows.rejects.push({ position, reason, detail: snapshot.board, record: source });
      continue;
    }
    if (seen.has(entryId)) {
      rows.duplicates += 1;
      continue;
    }
    seen.add(entryId);
    const model = models.get(name) ?? UNRESOLVED;
    const entry = entryRow(item, { name, model, facts, snapshot, context });
    rows.entries.push(entry);
    rows.scores.push(...scoreRows(facts, item, entry));
    if (facts.records) rows.leaderboard.push(facts.records.wideRow(source, entry));
  }
  rows.models = modelRows(rows.entries, models);
  return rows;
}

const shownText = (column: BoardColumn, { shown }: Item): string | null =>
  textOf(field(shown?.cells, headerOf(column, shown)));

/** The header under which the shown row has the column: the one of now, or of another generation. */
const headerOf = (column: BoardColumn, shown: ShownRow | undefined): string => {
  const names = [column.header, ...(column.aliases ?? [])];
  return names.find((name) => field(shown?.cells, name) !== undefined) ?? column.header;
};

interface EntryInput {
  name: string;
  model: ResolvedModel;
  facts: BoardFacts;
  snapshot: BoardSnapshot;
  context: BoardContext;
}

function entryRow(item: Item, { name, model, facts, snapshot, context }: EntryInput): EntryRow {
  const url = linkOf(facts, item);
  return {
    ...entryFacts(context, model),
    board: snapshot.board,
    entry_id: item.entryId,
    ...ranksOf(facts, item),
    model_name: name,
    model_url:
      url ?? (REPO_ID.test(name) && model.modelId !== null ? `${HUB_ORIGIN}${name}` : null),
    status: snapshot.status,
    proof: snapshot.proof,
    variant: textOf(snapshot.variant),
    row_checked: item.shown !== undefined,
    shown_checked: snapshot.shownChecked,
    renderer: snapshot.renderer,
    attributes: facts.records ? null : attributesOf(facts, item),
    raw: wellFormed(item.source),
  };
}

/** The rank in a row that we made of a record is ours: only a shown one is the page's. */
function ranksOf(facts: BoardFacts, item: Item) {
  const column = facts.columns.find(({ name }) => name === 'rank');
  const shown = item.shown?.cells['Rank'];
  const known = column && valueOf(column, item);
  if (facts.records) return { rank_stated: integerOf(shown), rank_computed: integerOf(known) };
  const text = (column && cellOf(item.record, column)?.text) ?? shown ?? '';
  return { rank_stated: integerOf(known) ?? rankOf(text), rank_computed: item.position + 1 };
}

/** Known columns that are no scores, typed, by our name; null when the board has none. */
function attributesOf(facts: BoardFacts, item: Item): Record<string, unknown> | null {
  const found = facts.columns.flatMap((column): [string, unknown][] => {
    const { name, kind, score } = column;
    if (score === true || kind === 'model' || name === 'rank' || name === 'pin') return [];
    const value = valueOf(column, item);
    return value === undefined || value === null || value === '' ? [] : [[name, wellFormed(value)]];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

function scoreRows(facts: BoardFacts, item: Item, entry: EntryRow): ScoreRow[] {
  const rows = facts.columns.flatMap((column): ScoreRow[] => {
    if (column.score !== true) return [];
    const { raw, text } = (facts.records ? scoreOfRecord : scoreOfCell)(column, item);
    const value = numberOf(raw);
    if (value === null && text === null) return [];
    const header = headerOf(column, item.shown);
    const { unit = null, lowerIsBetter = null } = column;
    return [
      {
        ...{ ...ofEntry(entry), metric: column.name, header },
        ...{ value, value_text: text, unit, lower_is_better: lowerIsBetter },
      },
    ];
  });
  const more = facts.records?.moreScores(item.source) ?? [];
  const others = more.map(({ metric, header, unit, value }): ScoreRow => ({
    ...{ ...ofEntry(entry), metric, header, unit, lower_is_better: false },
    ...{ value: numberOf(value), value_text: textOf(value) },
  }));
  return [...rows, ...others.filter((it) => it.value !== null || it.value_text !== null)];
}

/** A page may draw a word for no value: that makes no score of it, since of most rows nobody read the word. */
const scoreOfCell = (column: BoardColumn, item: Item) => {
  const [raw, cell] = [valueOf(column, item), cellOf(item.record, column)];
  const shown = cell?.value === null ? null : shownText(column, item);
  return { raw, text: textOf(cell?.text) ?? shown ?? textOf(raw) };
};

/** What the page would show of a record is no text of its own: only what it did show. */
const scoreOfRecord = (column: BoardColumn, item: Item) => {
  const raw = cellOf(item.record, column)?.value;
  const text = raw === undefined ? null : (shownText(column, item) ?? textOf(raw));
  return { raw, text };
};
