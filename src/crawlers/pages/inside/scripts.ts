/**
 * Texts of the document's scripts that hold data, once it has all of them; strings in arrays of pieces,
 * as Next.js streams them, are joined, and the properties of Astro's islands written plainly.
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
  const islands = [...document.querySelectorAll('astro-island[props]')].flatMap((island) => {
    try {
      const props: unknown = JSON.parse(island.getAttribute('props') ?? '');
      return [JSON.stringify(plainIsland([0, props]))];
    } catch {
      return [];
    }
  });
  return [...islands, ...others, pieces.join('')];
}

/** Astro writes each value as a kind and what it holds: 0 a plain value or object, 1 a list. */
export function plainIsland(value: unknown): unknown {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [];
  const [kind, held] = pair;
  if (kind === 1 && Array.isArray(held)) return held.map(plainIsland);
  if (kind !== 0 || typeof held !== 'object' || held === null || Array.isArray(held)) return held;
  return Object.fromEntries(Object.entries(held).map(([key, it]) => [key, plainIsland(it)]));
}
