import type { BoardSnapshot, ShownRow } from '../../capture.ts';
import {
  emptyBoardRows,
  type BoardContext,
  type BoardRows,
  type EntryRow,
  type ScoreRow,
} from './board-rows.ts';
import { integerOf, isObject, numberOf, textOf, wellFormed } from './values.ts';

/** What rows of any board need of its definition (`src/crawlers/boards/definition.ts` satisfies it). */
export interface BoardFacts {
  identity: (row: unknown) => string;
  columns: readonly BoardColumnFacts[];
}

export interface BoardColumnFacts {
  header: string;
  aliases?: readonly string[];
  name: string;
  kind: string;
  score?: boolean;
  unit?: string;
  lowerIsBetter?: boolean;
  value?: (row: unknown) => unknown;
}

/** A row of a snapshot, loaded or shown or both. */
interface Item {
  position: number;
  entryId: string;
  record: unknown;
  loaded: boolean;
  shown: ShownRow | undefined;
}

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
    const entry = entryRow(item, { name, snapshot, context });
    rows.entries.push(entry);
    rows.scores.push(...scoreRows(facts, item, entry));
  }
  return rows;
}

function* itemsOf(facts: BoardFacts, snapshot: BoardSnapshot): Generator<Item> {
  if (snapshot.loaded === null) {
    for (const [position, shown] of snapshot.shown.entries()) {
      const entryId = shown.identity.toWellFormed();
      yield { position, entryId, record: shown.cells, loaded: false, shown };
    }
    return;
  }
  const shownById = new Map(snapshot.shown.map((row) => [row.identity, row]));
  for (const [position, record] of snapshot.loaded.entries()) {
    const identity = attempt(() => facts.identity(record)) ?? '';
    const entryId = typeof identity === 'string' ? identity.toWellFormed() : '';
    yield { position, entryId, record, loaded: true, shown: shownById.get(identity) };
  }
}

const cellOf = (column: BoardColumnFacts, shown: ShownRow | undefined): string | undefined => {
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
  if (item.loaded && value !== undefined) return attempt(() => value(item.record));
  return cellOf(column, item.shown);
};

/** Total also over a definition's functions, which trust the payload. */
const attempt = <Value>(read: () => Value): Value | undefined => {
  try {
    return read();
  } catch {
    // A row that its definition cannot read is a reject, told by its caller.
    return undefined;
  }
};

const nameOf = (facts: BoardFacts, item: Item): string | null => {
  const column = facts.columns.find((it) => it.kind === 'model');
  return column === undefined ? textOf(item.entryId) : textOf(valueOf(column, item));
};

const REPO_ID = /^[\w.-]+\/[\w.-]+$/;

interface EntryInput {
  name: string;
  snapshot: BoardSnapshot;
  context: BoardContext;
}

function entryRow(item: Item, { name, snapshot, context }: EntryInput): EntryRow {
  const { modelId, match } = context.resolve({ name, linked: null });
  return {
    board: snapshot.board,
    entry_id: item.entryId,
    snapshot_date: context.capturedAt.slice(0, 10),
    captured_at: context.capturedAt,
    rank_stated: integerOf(item.shown?.cells['Rank']),
    rank_computed: item.position + 1,
    model_name: name,
    model_url: REPO_ID.test(name) && modelId !== null ? `https://huggingface.co/${name}` : null,
    model_id: modelId,
    model_match: match,
    status: snapshot.status,
    row_checked: item.shown !== undefined,
    shown_checked: snapshot.shownChecked,
    renderer: snapshot.renderer,
    raw: wellFormed(item.record),
    run: context.run,
  };
}

function scoreRows(facts: BoardFacts, item: Item, entry: EntryRow): ScoreRow[] {
  return facts.columns.flatMap((column) => {
    if (column.score !== true) return [];
    const raw = valueOf(column, item);
    const text = textOf(cellOf(column, item.shown)) ?? textOf(raw);
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
