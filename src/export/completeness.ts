import { parseSource } from '../boards/benchmark-source.ts';
import { wantedBoards } from '../boards/choice.ts';
import { boardIdOf } from '../boards/rows/hub-benchmarks.ts';
import { tables } from '../tables/index.ts';
import { RECORD_ORIGINS, type TableOrigin } from '../tables/table.ts';
import type { ExportInput } from './export-session.ts';
import { missedOf, type Missed } from './export-missed.ts';
import { REPOS } from './export-repos.ts';
import {
  NO_COUNTS,
  type Asked,
  type CompletenessRow,
  type Manifest,
  type SourceEntry,
} from './manifest.ts';

/** What was asked for, exactly: a part of the models, or of the tables, is a sample. */
export interface Scope extends Asked {
  tables: readonly string[] | null;
}

/** Whether repositories were left out by what was asked. */
export const isSample = ({ limit, filter, author }: Asked): boolean =>
  limit !== null || filter !== null || author !== null;

interface Source {
  /** As in table `completeness`. */
  source: string;
  /** What its rows are in. */
  tables: readonly string[];
  wasAsked: boolean;
  entry: SourceEntry | undefined;
  missed: number;
  /** Flags that left out a part of it. */
  flags: readonly string[];
  /** Why a source that gave nothing failed. */
  failure: string | undefined;
}

/** The rows of `completeness`: what was asked, then what was left out. */
export function completenessRows(
  input: ExportInput,
  sources: Manifest['sources'],
  { missed, scope }: { missed: readonly Missed[]; scope: Scope },
): CompletenessRow[] {
  const all = [...hubSources(input, sources, missed), ...boardSources(input, sources, missed)];
  return all
    .map((source) => rowOf(input.run, source, scope))
    .sort((a, b) => Number(a.asked === null) - Number(b.asked === null));
}

function hubSources(
  { asked, outcome }: ExportInput,
  sources: Manifest['sources'],
  missed: readonly Missed[],
): Source[] {
  const { limit, filter, author } = asked;
  const flags = [
    ...(limit === null ? [] : [`--limit ${limit}`]),
    ...(filter === null ? [] : [`--filter ${filter}`]),
    ...(author === null ? [] : [`--author ${author}`]),
  ];
  const hub = (
    source: Exclude<keyof Manifest['sources'], 'boards'>,
    origin: TableOrigin,
    count: number,
  ): Source => ({
    source,
    tables: namesOf(origin),
    wasAsked: asked.sources.includes(source),
    entry: sources[source],
    missed: count,
    flags: Object.hasOwn(REPOS, origin) ? flags : [],
    failure: outcome.failures.find((it) => it.source === source)?.code,
  });
  const ofList = missed.filter((it) => parseSource(it.source)?.kind === 'list');
  return [
    ...RECORD_ORIGINS.map((origin) => {
      const { source } = REPOS[origin];
      return hub(source, origin, missed.filter((it) => missedOf(it) === source).length);
    }),
    hub('tags', 'tags', 0),
    {
      ...hub('authors', 'owner', sources.authors?.missed ?? 0),
      flags: ownersLeftOut(asked, sources),
    },
    ...(asked.details === undefined
      ? []
      : [
          {
            ...hub('details', 'model', sources.details?.missed ?? 0),
            tables: ['model_details'],
            wasAsked: true,
            flags: [`--details ${asked.details}`],
          },
        ]),
    hub('benchmarks', 'benchmark', ofList.length),
  ];
}

/** Why not all owners of the Hub were asked for: their repositories were not listed, or there are more. */
function ownersLeftOut(asked: Asked, { authors, ...sources }: Manifest['sources']): string[] {
  const lists = RECORD_ORIGINS.map((it) => REPOS[it].source);
  const without = lists.filter((it) => sources[it]?.['proof'] !== 'list_end');
  const asks = (authors?.exported ?? 0) + (authors?.missed ?? 0);
  return [
    ...(without.length === 0 ? [] : [`a part of ${without.join(', ')}`]),
    ...(asks < (authors?.owners ?? 0) ? [`--overviews ${String(asked.overviews ?? 0)}`] : []),
  ];
}

function boardSources(
  { asked, outcome }: ExportInput,
  sources: Manifest['sources'],
  missed: readonly Missed[],
): Source[] {
  const entries = sources.boards ?? {};
  const ids = new Set([
    ...asked.boards,
    ...Object.keys(entries),
    ...wantedBoards({}).map(({ id }) => id),
  ]);
  const missedOfBoards = Map.groupBy(missed, ({ source }) => {
    const parsed = parseSource(source);
    return parsed === null || parsed.kind === 'list' ? null : boardIdOf(parsed.id);
  });
  return [...ids].sort().map((id) => ({
    source: `boards/${id}`,
    tables: ['leaderboard_entries', 'leaderboard_scores'],
    wasAsked: asked.boards.includes(id) || entries[id] !== undefined,
    entry: entries[id],
    missed: missedOfBoards.get(id)?.length ?? 0,
    flags: [],
    failure: outcome.failures.find(({ source }) => source === 'boards')?.code,
  }));
}

const namesOf = (origin: TableOrigin): string[] =>
  tables.filter((table) => table.origin === origin).map(({ name }) => name);

/** What is known of a board that was read, beside its rows, where that is not all of it. */
const DOUBTS: Partial<Record<string, string>> = {
  at_rest: 'nothing says that the rows which the page showed are all',
  loaded_only: 'the page showed an error of its own: rows are as it loaded them, not compared',
};
const WHOLE = new Set(['done', 'verified']);

function rowOf(run: string, source: Source, scope: Scope): CompletenessRow {
  const { entry, wasAsked, missed } = source;
  const { listed, exported, carried = 0, duplicates, rejected } = entry ?? NO_COUNTS;
  const status = statusOf(source);
  const lacks = lacksOf(source, status);
  const flags = [...source.flags, ...withoutTables(source, scope)];
  const only = flags.map((it) => `only asked for with ${it}`);
  const why = wasAsked ? [...lacks, ...only] : ['not asked for'];
  const asked = flags.length === 0 ? 'all' : flags.join(' ');
  return {
    ...{ run, source: source.source, asked: wasAsked ? asked : null, status },
    stated: numberIn(entry?.['statedTotal']),
    ...{ listed, exported, carried, duplicates, rejected, missed },
    is_as_asked: wasAsked ? lacks.length === 0 : null,
    is_complete: why.length === 0,
    why_not: why.length === 0 ? null : why.join('; '),
    proof: textIn(entry?.['proof']) ?? null,
  };
}

/** Why not all came that was asked for. */
function lacksOf({ entry, failure, missed }: Source, status: string): string[] {
  const code = entry === undefined ? failure : textIn(entry['error']);
  const bad = code === undefined ? status : `${status}: ${code}`;
  const lacks = {
    'could not be had': missed,
    'rows that the page loaded were not shown': numberIn(entry?.['hidden']) ?? 0,
    'are no record': entry?.rejected ?? 0,
    'more are counted by the search of the Hub': uncountedOf(entry, missed),
  };
  return [
    ...(WHOLE.has(status) ? [] : [DOUBTS[status] ?? bad]),
    ...Object.entries(lacks).flatMap(([what, count]) => (count === 0 ? [] : `${count} ${what}`)),
  ];
}

/** The search may count so much more than is known, or so many: it is not of the same moment, and nobody promises it. */
const UNCOUNTED = { share: 0.01, few: 3 };

function uncountedOf(entry: SourceEntry | undefined, missed: number): number {
  const { exported, carried = 0, rejected } = entry ?? NO_COUNTS;
  const known = exported + carried + rejected + missed;
  const more = (numberIn(entry?.['counted']) ?? 0) - known;
  return more > Math.max(known * UNCOUNTED.share, UNCOUNTED.few) ? more : 0;
}

function withoutTables({ tables: own }: Source, { tables: wanted }: Scope): string[] {
  const left = wanted === null ? [] : own.filter((name) => !wanted.includes(name));
  return left.length === 0 ? [] : [`--tables without ${left.join(', ')}`];
}

function statusOf({ wasAsked, entry }: Source): string {
  if (!wasAsked) return 'not_asked';
  if (entry === undefined) return 'failed';
  const status = textIn(entry['status']) ?? 'done';
  // That it took several processes is no lack of it: see `runs`.
  return status === 'resumed' ? 'done' : status;
}

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const numberIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
