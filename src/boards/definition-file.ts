import type { TableBoard, TableColumn } from './table-board.ts';

export interface DefinitionFile {
  /** What the page was read as. */
  board: TableBoard;
  /** Rows that it had. */
  rows: number;
  /** ISO 8601, UTC. */
  readAt: string;
  /** Where the file is to find `table-board.ts`, e.g. `.`. */
  boardsFolder: string;
}

/** Columns of a line, as Prettier is told. */
const LINE = 100;
/** Boards lose an entry here and there; fewer than this share of what there was is drift. */
const LEAST_ROWS = 0.8;

/**
 * The TypeScript file that describes a board which was found out, formatted as Prettier would. What
 * only a person can know is left as found: title, licence, units, directions and ranges.
 */
export function definitionSource({ board, rows, readAt, boardsFolder }: DefinitionFile): string {
  const { id, title, url, renderer, licence, identity, repeats, columns } = board;
  const lines = columns.map(columnCall);
  const used = ['column', 'model', 'score'].filter((name) =>
    lines.some((line) => line.trimStart().startsWith(`${name}(`)),
  );
  const from = quoted(`${boardsFolder}/table-board.ts`);
  const names = [...used, 'tableBoard'];
  return `import ${braced('{ ', names, ` } from ${from};`)}

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
  licence: ${quoted(licence)},
  ${braced('identity: [', identity.map(quoted), '],')}
${repeats === true ? '  repeats: true,\n' : ''}  minimumRows: ${Math.max(1, Math.floor(LEAST_ROWS * rows))},
${columnList(lines)}
});
`;
}

/** `open-asr` → `openAsr`; `3d-arena` → `board3dArena`. */
export function identifierOf(id: string): string {
  const name = id.replaceAll(/-+([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  if (/^\d/.test(name)) return `board${name}`;
  return RESERVED.has(name) ? `${name}Board` : name;
}

/** A list on one line, or where it is too long on a line for each. */
function braced(head: string, items: readonly string[], tail: string): string {
  const whole = `${head}${items.join(', ')}${tail}`;
  const isImport = head.startsWith('{');
  if (widthOf(whole) + (isImport ? 'import '.length : 2) <= LINE) return whole;
  const [inner, outer] = isImport ? ['  ', ''] : ['    ', '  '];
  const lines = items.map((item) => `${inner}${item},`);
  return [head.trimEnd(), ...lines, `${outer}${tail.trimStart()}`].join('\n');
}

/** The calls on one line if none was broken and all fit, else on a line each. */
function columnList(lines: readonly string[]): string {
  const calls = lines.map((line) => line.trim().replace(/,$/, ''));
  const whole = `  columns: [${calls.join(', ')}],`;
  const fits = !whole.includes('\n') && widthOf(whole) <= LINE;
  return fits ? whole : ['  columns: [', ...lines, '  ],'].join('\n');
}

/** Words that an id may be and a constant may not, and the names that such a file imports. */
const RESERVED = new Set(
  'arguments await break case catch class column const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let model new null package private protected public return score static super switch tableboard this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
);

/** A column as a call of the helper that says it shortest. */
function columnCall(given: TableColumn): string {
  const { header, name, kind, score, unit, lowerIsBetter } = given;
  const options: string[] = [];
  if (kind !== defaultKind(given)) options.push(`kind: ${quoted(kind)}`);
  if (unit !== undefined) options.push(`unit: ${quoted(unit)}`);
  if (lowerIsBetter !== undefined) options.push(`lowerIsBetter: ${lowerIsBetter}`);
  const isUsual = header === 'Model' && options.length === 0;
  if (kind === 'model') return call('model', isUsual ? [] : [quoted(header)], options);
  return call(score === true ? 'score' : 'column', [quoted(header), quoted(name)], options);
}

const defaultKind = ({ kind, score }: TableColumn): string =>
  kind === 'model' ? 'model' : score === true ? 'number' : 'text';

/** A call in the list of columns; one that is too long for a line is broken where Prettier does. */
function call(name: string, texts: readonly string[], options: readonly string[]): string {
  const last = options.length === 0 ? [] : [`{ ${options.join(', ')} }`];
  const whole = `    ${name}(${[...texts, ...last].join(', ')}),`;
  if (widthOf(whole) <= LINE) return whole;
  const hugged = `    ${name}(${texts.join(', ')}, {`;
  if (options.length > 0 && widthOf(hugged) <= LINE) {
    return [hugged, ...options.map((it) => `      ${it},`), '    }),'].join('\n');
  }
  return [`    ${name}(`, ...[...texts, ...last].map((it) => `      ${it},`), '    ),'].join('\n');
}

/** Pictures and the letters of East Asia take two places. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    const isWide = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{FE0F}/u.test(segment);
    width +=
      isWide ||
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        segment,
      )
        ? 2
        : 1;
  }
  return width;
}

/** A string literal in the quotes that need fewer escapes, single ones if equal. */
function quoted(text: string): string {
  const singles = text.split("'").length;
  const doubles = text.split('"').length;
  const quote = singles > doubles ? '"' : "'";
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(/[\u2028\u2029\u007f-\u009f]/g, unicodeEscape);
  return `${quote}${escaped}${quote}`;
}

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** What others wrote must not end a comment, nor the line. */
const commented = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').replaceAll('*/', '*\\/');
