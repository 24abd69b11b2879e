import type { JoinedNames } from '../pipeline/report.ts';
import type { BoardFacts, BoardFound } from '../pipeline/state.ts';
import { changesText, howChecked } from '../report/board-words.ts';
import { count } from '../report/format.ts';
import { plain, table } from './table.ts';

/** A board's reading, for a person. */
export function boardText(id: string, facts: BoardFacts & JoinedNames): string {
  const { status, rows, seconds, renderer, warnings, error, evidence, found, changes } = facts;
  const kind = renderer === undefined || renderer === null ? '' : `, read as ${renderer}`;
  const head = `${id.padEnd(10)} ${status}, ${count(rows)} rows, ${howChecked(facts)}${kind}, ${seconds} s`;
  const lines = [head];
  if (error !== undefined) lines.push(`  ${plain(error.message, 600)} [${error.code}]`);
  if (error !== undefined && evidence !== undefined)
    lines.push(`  evidence: ${evidence}; \`boards diff ${id}\` and \`boards show ${id}\` show it`);
  if (facts.variant !== '') lines.push(`  read with: ${plain(facts.variant, 600)}`);
  for (const warning of warnings) lines.push(`  warning: ${plain(warning, 600)}`);
  lines.push(...joinedLines(facts));
  if (changes !== undefined && changes !== null) {
    lines.push(`  since run ${changes.since}: ${changesText(changes)}`);
  }
  return [...lines, ...(found === undefined ? [] : foundText(facts.url ?? '', found))].join('\n');
}

/** `joined to models: 71 of 120 names (59 %)` */
function joinedLines({ names = 0, resolved = 0, joined }: JoinedNames): string[] {
  if (names === 0) return [];
  const share = (some: number) =>
    `${count(some)} of ${count(names)} names (${percent(some, names)})`;
  if (typeof joined !== 'number')
    return [`  names of models: ${share(resolved)}; no models were read`];
  const others = resolved - joined;
  const more = others === 0 ? '' : `; ${count(others)} more are models that this release lacks`;
  return [`  joined to models: ${share(joined)}${more}`];
}

const percent = (some: number, all: number): string => `${Math.floor((100 * some) / all)} %`;

function foundText(
  url: string,
  { model, identity, repeats, columns, tables }: BoardFound,
): string[] {
  const apart = identity.map((it) => plain(it)).join(', ');
  const numbered = repeats ? '; entries are listed several times, and numbered' : '';
  const rows = columns.map(({ header, name, kind, unit, score, lowerIsBetter }) => ({
    header,
    name,
    kind,
    unit,
    better: !score ? '' : lowerIsBetter === null ? 'not said' : lowerIsBetter ? 'lower' : 'higher',
  }));
  return [
    `  page: ${plain(url, 600)}`,
    `  model: ${plain(model)}`,
    `  told apart by: ${apart}${numbered}`,
    '',
    indented(table(rows)),
    ...(tables.length < 2 ? [] : ['', '  tables of the page:', indented(tablesText(tables))]),
  ];
}

const tablesText = (tables: BoardFound['tables']): string =>
  table(
    tables.map(({ chosen, rows, place, headers }) => ({
      taken: chosen ? 'yes' : '',
      rows,
      place,
      headers: headers.join(' | '),
    })),
  );

const indented = (text: string): string => text.trimEnd().replace(/^/gm, '  ');
