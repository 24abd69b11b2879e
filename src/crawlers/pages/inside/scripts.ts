/**
 * Texts of the document's scripts that hold data, once it has all of them; strings in arrays of pieces,
 * as a framework streams them, are joined.
 */
export async function scriptTexts(): Promise<string[]> {
  if (document.readyState === 'loading') {
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
  }
  const texts = [...document.scripts].map((it) => it.text).filter((it) => it.includes('{'));
  const pieces: string[] = [];
  // A piece as it is written has its quotes escaped: no data can be found in that.
  const others = texts.filter((text) => {
    const pushed = /^self\.__next_f\.push\((.*)\)$/s.exec(text.trim())?.[1];
    try {
      const value: unknown = JSON.parse(pushed ?? '');
      if (!Array.isArray(value) || typeof value[1] !== 'string') return true;
      pieces.push(value[1]);
      return false;
    } catch {
      return true;
    }
  });
  return [...others, pieces.join('')];
}
