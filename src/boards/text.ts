/** A page's text as we compare it: runs of white space are one space, none at the ends. */
export const foldSpace = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/**
 * A header as we compare it: its name, where two spellings of one character are one, and the invisible
 * mark that chooses between the text and the picture of a character (❤ and ❤️) does not count.
 */
export const normalHeader = (header: string): string =>
  headerName(foldSpace(header.normalize('NFC').replaceAll('\u{FE0F}', '')));

/** Headers of columns that name what is ranked. */
export const MODEL_HEADER = /\b(model|name|method|system|agent|submission)s?\b|模型|モデル|모델/i;

/** A mark of what a header says besides its name: how it is sorted, that there is help, a menu. */
const INDICATOR = /[\p{Extended_Pictographic}\u{FE0F}\s?↑↓↕⇅⇵▲▼△▽▴▾⋮ⓘ☰]/u;

/** The name in a header, without the marks around it. */
export function headerName(header: string): string {
  const characters = [...header];
  while (INDICATOR.test(characters.at(-1) ?? '')) characters.pop();
  while (INDICATOR.test(characters[0] ?? '')) characters.shift();
  return characters.join('') || header;
}

export const HUB_ORIGIN = 'https://huggingface.co/';

/** `owner/name`, as the Hub calls a repository. */
export const REPO_ID = /^[\w.-]+\/[\w.-]+$/;

const RANK_HEADER = /^(#|№|no\.?|rank|place|pos(ition)?\.?|排名|名次|順位|순위)$/i;

/** Whether a header is that of ranks. */
export const isRankHeader = (header: string): boolean =>
  RANK_HEADER.test(headerName(foldSpace(header)));
