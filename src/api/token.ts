/**
 * Takes a token out of texts, also where a server or a page repeats it in other letters: as `\u0068` in
 * JSON, as `%68` in an address, as `&#104;` in HTML.
 */
export function withoutToken(token: string | undefined): (text: string) => string {
  if (token === undefined || token === '') return (text) => text;
  const pattern = new RegExp([...token].map(spellings).join(''), 'gi');
  return (text) => text.replace(pattern, '[redacted]');
}

function spellings(letter: string): string {
  const code = letter.charCodeAt(0);
  const hex = code.toString(16);
  const plain = letter.replace(/[^\w]/, String.raw`\$&`);
  return `(?:${plain}|\\\\u${hex.padStart(4, '0')}|%${hex.padStart(2, '0')}|&#0*(?:${code}|x0*${hex});)`;
}
