import type { Control } from './inside/around.ts';

/** A control that opens the page of a table after the one in view, by its place among all controls. */
export interface Turn {
  at: number;
  control: Control;
  /** It was told by its place in its group alone. */
  wordless?: boolean;
}

const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);

const SIGN = /^[›→>▶⟩❯＞▸▷⏵]$/;
const LAST_SIGN = /^(?:»|>>|≫)$/;
/** What pages say in the languages that boards are written in; others are told by marks and numbers. */
const SAYS_NEXT =
  /^(?:go to )?(?:the )?(?:next(?!\p{L})|weiter(?!\p{L})|nächste|suivante?|siguiente|próxim[oa]|seguinte|avanti|successiv[oa]|volgende|nästa|neste|næste|seuraava|następn[ay]|další|ďalší|következő|sonraki|ileri|след|далее|вперед|вперёд|наступн|下一?[页頁]|次|다음|التالي|بعدی|הבא|ถัดไป|tiếp|berikut|selanjutnya)/iu;
const OTHER_WAYS = new Set([
  ...['prev', 'previous', 'back', 'left', 'last', 'first', 'double', 'jump', 'fast', 'end'],
]);
const TOWARDS = new Set(['right', 'forward']);
const ARROWS = new Set(['chevron', 'angle', 'arrow', 'caret', 'navigate']);

/** Whether a control is marked as one that leads to what follows, whatever its language. */
function isNext({ label, marks }: Control, hasSign: boolean): boolean {
  if (SIGN.test(label) || (LAST_SIGN.test(label) && !hasSign)) return true;
  if (LAST_SIGN.test(label)) return false;
  if (SAYS_NEXT.test(label)) return label.split(' ').length <= 4 && !/\d/.test(label);
  const words = wordsOf(marks);
  if (words.some((it) => OTHER_WAYS.has(it))) return false;
  const isArrow = words.some((it) => ARROWS.has(it)) && words.some((it) => TOWARDS.has(it));
  return words.includes('next') || isArrow;
}

const digitsOf = (text: string): string =>
  text.replaceAll(/[٠-٩۰-۹０-９๐-๙]/g, (it) => String((it.codePointAt(0) ?? 0) & 15));

/** The number that a control of a page has; null for other controls. */
function pageOf({ label }: Control): number | null {
  const found = /^\D{0,20}?(\d{1,5})$/.exec(digitsOf(label))?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * What opens the page after `page`, which is counted from 1: the control that is marked so, else the one
 * with the next number, else the one that leads on among wordless ones, of which on the first page the
 * first half is off. Null where there is none, or it is off. Pure.
 */
export function nextTurn(
  controls: readonly Control[],
  page: number,
  before: Turn | null = null,
): Turn | null {
  const all = controls.map((control, at): Turn => ({ at, control }));
  const inside = all.filter(({ control }) => control.leaves !== 'elsewhere');
  const on = (turns: readonly Turn[]): Turn | null =>
    turns.find(({ control }) => !control.disabled) ?? null;
  const hasSign = inside.some(({ control }) => SIGN.test(control.label));
  const marked = inside.filter(({ control }) => isNext(control, hasSign));
  if (marked.length > 0) return on(marked);
  return on(byNumber(inside, page)) ?? byPlace(inside, before);
}

/** Controls of the page's number, in groups that have other pages' too. */
function byNumber(turns: readonly Turn[], page: number): Turn[] {
  return turns.filter(({ control }) => {
    if (pageOf(control) !== page + 1) return false;
    const group = turns.filter((it) => it.control.group === control.group);
    const numbers = new Set(group.map((it) => pageOf(it.control)));
    const isPager = /pag(?:e|ing|er|in)/i.test(group.map((it) => it.control.marks).join(' '));
    return numbers.has(page) || numbers.has(page + 2) || isPager;
  });
}

/** Of two wordless controls the second, of four the third. */
function byPlace(turns: readonly Turn[], before: Turn | null): Turn | null {
  const groups = Map.groupBy(turns, ({ control }) => control.group);
  const isOff = ({ control }: Turn): boolean => control.disabled;
  for (const [number, group] of groups) {
    const half = group.length / 2;
    const isWordless = group.every(({ control }) => control.label === '');
    if (!isWordless || ![1, 2].includes(half)) continue;
    const isFirst = group.slice(0, half).every(isOff) && !group.slice(half).some(isOff);
    const isLater = before?.wordless === true && before.control.group === number;
    const next = group[half];
    if (!next || !(before ? isLater : isFirst)) continue;
    return isOff(next) ? null : { ...next, wordless: true };
  }
  return null;
}

/** What a control is called in a refusal. */
export const nameOf = ({ label, marks }: Control): string => label || marks.trim() || 'an icon';

/** Whether the page in view has one before it, as far as its controls say. Pure. */
export const hasEarlier = (controls: readonly Control[]): boolean =>
  controls.some(
    ({ label, marks, disabled, leaves }) =>
      !disabled &&
      leaves !== 'elsewhere' &&
      (/^[‹←<◀⟨❮]$/.test(label) || wordsOf(`${label} ${marks}`).some((it) => /^prev/.test(it))),
  );

/** The numbers in a text, in any digits; groups of thousands are one. */
export const numbersIn = (text: string): number[] =>
  (digitsOf(text).match(/\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?!\d)|\d+/g) ?? []).map((it) =>
    Number(it.replaceAll(/\D/g, '')),
  );
