import { readFileSync } from 'node:fs';
import { boards } from '../src/boards/definitions/index.ts';
import type { BoardDefinition } from '../src/boards/definition.ts';
import { licenceOf } from '../src/boards/licence.ts';

const BOARDS_PAGE = new URL('../docs/boards.md', import.meta.url);
const SOURCES_PAGE = new URL('../docs/sources.md', import.meta.url);
/** The file that shows how a board is added. */
const EXAMPLE = 'src/boards/definitions/vectara.ts';

/** `docs/boards.md` with its parts that are made from the code: the boards, and the worked example. */
export function boardsPage(): string {
  const example = readFileSync(new URL(`../${EXAMPLE}`, import.meta.url), 'utf8');
  const page = readFileSync(BOARDS_PAGE, 'utf8');
  const withBoards = between(page, 'boards', boardsTable());
  return between(withBoards, 'example', `\`\`\`ts\n// ${EXAMPLE}\n${example}\`\`\``);
}

/** `docs/sources.md` with what each board's licence allows. */
export const sourcesPage = (): string =>
  between(readFileSync(SOURCES_PAGE, 'utf8'), 'licences', licencesTable());

/** A line for all boards of the same terms. */
function licencesTable(): string {
  const ids = new Map<string, string[]>();
  for (const { id, licence } of boards) {
    const { name, publish, terms, citation = '' } = licenceOf(licence);
    const linked = terms === undefined ? name : `[${name}](${terms})`;
    const line = `${linked} | \`${publish}\` | ${citation}`;
    ids.set(line, [...(ids.get(line) ?? []), `\`${id}\``]);
  }
  const rows = [...ids].map(([line, of]) => `| ${of.join(', ')} | ${line} |`);
  return [
    '| boards | licence | publish | to be cited as |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function between(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no ${start} … ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function boardsTable(): string {
  const rows = boards.map((board) => {
    const { id, title, url, renderer, columns } = board;
    const scores = columns.filter(({ score }) => score).map(({ name }) => `\`${name}\``);
    return `| \`${id}\` | [${title}](${url}) | \`${renderer}\` | ${stateOf(board)} | ${identityOf(board)} | ${scores.join(', ')} |`;
  });
  return [
    '| id | board | renderer | state | identity of a row | scores |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function stateOf({ frozen, onRequest, unproved, minimumRows }: BoardDefinition): string {
  const asked = onRequest || unproved ? `, ${unproved ? 'unproved, ' : ''}only when named` : '';
  return frozen
    ? `frozen since ${frozen.since}: ${frozen.rows} rows and their hash${asked}`
    : `living: at least ${minimumRows} rows${asked}`;
}

const identityOf = ({ table, repeats }: BoardDefinition): string =>
  table ? `${table.identity.join(', ')}${repeats ? ', numbered' : ''}` : "the board's own id";
