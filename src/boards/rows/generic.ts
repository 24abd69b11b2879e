import { cellOf } from '../table.ts';
import type { BoardSnapshot, ShownRow } from '../snapshot.ts';
import { attempt, itemsOf, type BoardColumnFacts, type BoardFacts, type Item } from './facts.ts';
import {
  emptyBoardRows,
  type BoardContext,
  type BoardRows,
  type EntryRow,
  type ScoreRow,
} from './rows.ts';
import { integerOf, isObject, numberOf, textOf, wellFormed } from '../values.ts';

/**
 * Rows of any board, by its definition alone: scores are the columns marked `score`, the name is the
 * column of kind `model`. A loaded row is read through `value`, a shown one through its header.
 */
export function cleanAnyBoard(
  facts: BoardFacts,
  snapshot: BoardSnapshot,
  context: BoardContext,
): BoardRows {
  const rows = emptyBoardRows();
  const seen = new Set<string>();
  for (const item of itemsOf(facts, snapshot)) {
    rows.listed += 1;
    const { position, record, entryId } = item;
    const name = nameOf(facts, item);
    if (entryId === '' || name === null) {
      const reason = !isObject(record)
        ? 'not_an_object'
        : entryId === ''
          ? 'no_identity'
          : 'no_model';
      rows.rejects.push({ position, reason, detail: snapshot.board, record });
      continue;
    }
    if (seen.has(entryId)) {
      rows.duplicates += 1;
      continue;
    }
    seen.add(entryId);
    const entry = entryRow(item, { name, facts, snapshot, context });
    rows.entries.push(entry);
    rows.scores.push(...scoreRows(facts, item, entry));
  }
  return rows;
}

const shownText = (column: BoardColumnFacts, shown: ShownRow | undefined): string | undefined => {
  const header = headerOf(column, shown);
  return shown === undefined || !Object.hasOwn(shown.cells, header)
    ? undefined
    : shown.cells[header];
};

/** The header under which the shown row has the column: the one of now, or of another generation. */
const headerOf = (column: BoardColumnFacts, shown: ShownRow | undefined): string => {
  const names = [column.header, ...(column.aliases ?? [])];
  return (
    names.find((name) => shown !== undefined && Object.hasOwn(shown.cells, name)) ?? column.header
  );
};

const valueOf = (column: BoardColumnFacts, item: Item): unknown => {
  const { value } = column;
  if (item.readable && value !== undefined) return attempt(() => value(item.record));
  return shownText(column, item.shown);
};

const modelColumn = (facts: BoardFacts): BoardColumnFacts | undefined =>
  facts.columns.find((it) => it.kind === 'model');

const nameOf = (facts: BoardFacts, item: Item): string | null => {
  const column = modelColumn(facts);
  return column === undefined ? textOf(item.entryId) : textOf(valueOf(column, item));
};

const REPO_URL = /^https:\/\/huggingface\.co\/([\w.-]+\/[\w.-]+)\/?$/;
const REPO_ID = /^[\w.-]+\/[\w.-]+$/;

/** Addresses of data sets and Spaces have a word of their own before the name. */
const NO_OWNER = /^(?:datasets|spaces|collections|papers|docs|models|blog)\//;

/** Where the row's name leads to, and the model when that is one of the Hub. */
function linkOf(facts: BoardFacts, item: Item): { url: string | null; linked: string | null } {
  const column = modelColumn(facts);
  const url = (column && textOf(cellOf(item.record, column)?.link)) ?? null;
  const id = url === null ? undefined : REPO_URL.exec(url)?.[1];
  return { url, linked: id !== undefined && !NO_OWNER.test(id) ? id : null };
}

interface EntryInput {
  name: string;
  facts: BoardFacts;
  snapshot: BoardSnapshot;
  context: BoardContext;
}

function entryRow(item: Item, { name, facts, snapshot, context }: EntryInput): EntryRow {
  const { url, linked } = linkOf(facts, item);
  const { modelId, match } = context.resolve({ name, linked });
  return {
    board: snapshot.board,
    entry_id: item.entryId,
    snapshot_date: context.capturedAt.slice(0, 10),
    captured_at: context.capturedAt,
    rank_stated: rankOf(facts, item),
    rank_computed: item.position + 1,
    model_name: name,
    model_url:
      url ?? (REPO_ID.test(name) && modelId !== null ? `https://huggingface.co/${name}` : null),
    model_id: modelId,
    model_match: match,
    status: snapshot.status,
    row_checked: item.shown !== undefined,
    shown_checked: snapshot.shownChecked,
    renderer: snapshot.renderer,
    attributes: attributesOf(facts, item),
    raw: wellFormed(item.record),
    run: context.run,
  };
}

function rankOf(facts: BoardFacts, item: Item): number | null {
  const column = facts.columns.find(({ name }) => name === 'rank');
  const shown = item.shown?.cells['Rank'];
  return integerOf(column === undefined ? shown : (valueOf(column, item) ?? shown));
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
  return facts.columns.flatMap((column) => {
    if (column.score !== true) return [];
    const raw = valueOf(column, item);
    const text =
      textOf(cellOf(item.record, column)?.text) ??
      textOf(shownText(column, item.shown)) ??
      textOf(raw);
    const value = numberOf(raw);
    if (value === null && text === null) return [];
    return [
      {
        board: entry.board,
        entry_id: entry.entry_id,
        snapshot_date: entry.snapshot_date,
        captured_at: entry.captured_at,
        metric: column.name,
        header: headerOf(column, item.shown),
        value,
        value_text: text,
        unit: column.unit ?? null,
        lower_is_better: column.lowerIsBetter ?? null,
        model_id: entry.model_id,
        status: entry.status,
        run: entry.run,
      },
    ];
  });
}
