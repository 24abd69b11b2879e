import type { TableBoard, TableColumn } from './table-board.ts';

interface DefinitionFile {
  /** What the page was read as. */
  board: TableBoard;
  /** Rows that it had. */
  rows: number;
  /** ISO 8601, UTC. */
  readAt: string;
  /** Where the file is to find `table-board.ts`, e.g. `.`. */
  boardsFolder: string;
}

/** Boards lose an entry here and there; fewer than this share of what there was is drift. */
const LEAST_ROWS = 0.8;

/**
 * The TypeScript file that describes a board which was found out; `npm run format` breaks its lines. What
 * only a person can know is left as found: title, licence, units, directions and ranges.
 */
export function definitionSource({ board, rows, readAt, boardsFolder }: DefinitionFile): string {
  const { id, title, url, renderer, file, licence, identity, repeats, columns } = board;
  const calls = columns.map(columnCall);
  const used = ['column', 'model', 'score'].filter((name) =>
    calls.some((call) => call.startsWith(`${name}(`)),
  );
  return `import { ${[...used, 'tableBoard'].join(', ')} } from ${quoted(`${boardsFolder}/table-board.ts`)};

/**
 * ${commented(title)}: described from its page on ${readAt.slice(0, 10)}, which had ${rows} rows. Look through titles,
 * licence, units, directions and ranges: a page does not say them.
 *
 * @see ${commented(url)}
 */
export const ${identifierOf(id)} = tableBoard({
  id: ${quoted(id)},
  title: ${quoted(title)},
  url: ${quoted(url)},
  renderer: ${quoted(renderer)},
${file === undefined ? '' : `  file: ${quoted(file)},\n`}  licence: ${quoted(licence)},
  identity: [${identity.map(quoted).join(', ')}],
${repeats === true ? '  repeats: true,\n' : ''}  minimumRows: ${leastRows(rows)},
  columns: [
${calls.map((call) => `    ${call},\n`).join('')}  ],
});
`;
}

const leastRows = (rows: number): number => Math.max(1, Math.floor(LEAST_ROWS * rows));

/** The same as JSON, for the folder of the user's own boards. */
export function definitionJson({ board, rows }: Pick<DefinitionFile, 'board' | 'rows'>): string {
  const { id, title, url, renderer, file, licence, identity, repeats, columns } = board;
  const facts = { id, title, url, renderer, file, licence, identity, repeats };
  return `${JSON.stringify({ ...facts, minimumRows: leastRows(rows), columns }, null, 2)}\n`;
}

/** `open-asr` → `openAsr`; `3d-arena` → `board3dArena`. */
export function identifierOf(id: string): string {
  const [first = '', ...words] = id.split('-');
  const name = first + words.map((it) => it.slice(0, 1).toUpperCase() + it.slice(1)).join('');
  if (/^\d/.test(name)) return `board${name}`;
  return RESERVED.has(name) ? `${name}Board` : name;
}

/** Words that an id may be and a constant may not, and the names that such a file imports. */
const RESERVED = new Set(
  'arguments await break case catch class column const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let model new null package private protected public return score static super switch tableboard this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
);

/** A column as a call of the helper that says it shortest. */
function columnCall(given: TableColumn): string {
  const { header, name, kind, score, unit, lowerIsBetter, form } = given;
  const options: string[] = [];
  if (kind !== defaultKind(given)) options.push(`kind: ${quoted(kind)}`);
  if (unit !== undefined) options.push(`unit: ${quoted(unit)}`);
  if (lowerIsBetter !== undefined) options.push(`lowerIsBetter: ${lowerIsBetter}`);
  if (form !== undefined) options.push(`form: ${quoted(form)}`);
  const helper = kind === 'model' ? 'model' : score === true ? 'score' : 'column';
  const texts = kind === 'model' ? [quoted(header)] : [quoted(header), quoted(name)];
  const last = options.length === 0 ? [] : [`{ ${options.join(', ')} }`];
  return `${helper}(${[...texts, ...last].join(', ')})`;
}

const defaultKind = ({ kind, score }: TableColumn): string =>
  kind === 'model' ? 'model' : score === true ? 'number' : 'text';

const quoted = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u2028\u2029\u007f-\u009f]/g,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** What others wrote must not end a comment, nor the line. */
const commented = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').replaceAll('*/', '*\\/');
