import type { ControlState } from '../../../boards/controls.ts';
import { allIn, fold, isChoice, isInData, isShown } from './text.ts';

/** What each control of the document is set to; a label, or what stands for one, may be empty. */
export function controlStates(): ControlState[] {
  const marked =
    'button[class], a[class], li[class], [role="button"][class], [active], [selected], [class*="tab" i]';
  const roles =
    '[role="tab"][aria-selected="true"], [aria-pressed="true"], [role="switch"], [aria-sort]';
  const boxes = '[role="combobox"], [aria-haspopup="listbox"]';
  const found = allIn(document, `select, input, ${roles}, ${boxes}, ${marked}`);
  const states = found.flatMap((it) => {
    // A switch may be drawn by its label, and hidden itself.
    const label = it instanceof HTMLInputElement ? it.labels?.[0] : null;
    const isSeen = isShown(it) || label?.checkVisibility() === true;
    return isSeen && !isInData(it) ? (fieldState(it) ?? boxState(it) ?? buttonState(it) ?? []) : [];
  });
  return states.slice(0, 100);
}

/** The state of a field of a form; null for anything else, and for one that is empty. */
export function fieldState(it: Element): ControlState | null {
  if (it instanceof HTMLSelectElement) {
    const chosen = [...it.selectedOptions].map(({ text }) => text).join(', ');
    return { kind: 'select', label: labelOf(it), value: fold(chosen) };
  }
  if (!(it instanceof HTMLInputElement)) return null;
  const label = labelOf(it);
  if (it.type === 'checkbox') return { kind: 'checkbox', label, value: it.checked ? 'on' : 'off' };
  if (it.type === 'radio')
    return it.checked ? { kind: 'radio', label: it.name, value: label } : null;
  const text = /^(text|search)$/.test(it.type) ? fold(it.value).slice(0, 60) : '';
  const isSearch = it.matches('[type="search"], [role="searchbox"]');
  return text === '' ? null : { kind: isSearch ? 'search' : 'field', label, value: text };
}

/**
 * What a box of choices that is no `select` shows, in it or beside the field that one types in; null for
 * one of which nothing is chosen, or that is about pages of rows.
 */
export function boxState(it: Element): ControlState | null {
  const isBox = it.matches('[role="combobox"], [aria-haspopup="listbox"]');
  if (!isBox || it.matches('[data-placeholder]') || it.closest('[class*="pagin" i]')) return null;
  const outer = (inner?: Element | null) => inner?.parentElement?.closest('[class*="select" i]');
  const boxes = it instanceof HTMLInputElement ? [outer(it), outer(outer(it))] : [it];
  const value = boxes.map(valueIn).find((text) => text !== '') ?? '';
  const label = labelOf(it);
  return value === '' || value === label ? null : { kind: 'select', label, value };
}

/** The text of a box of choices, without what it is called or asks for. */
export function valueIn(box?: Element | null): string {
  const others = [...(box?.querySelectorAll('label, [class*="placeholder" i]') ?? [])];
  const text = box?.textContent ?? '';
  return fold(others.reduce((rest, other) => rest.replace(other.textContent, ''), text)).slice(
    0,
    60,
  );
}

/** The state of what is pressed; null for what is not chosen. */
export function buttonState(it: Element): ControlState | null {
  const label = labelOf(it);
  const text = fold(it.textContent).slice(0, 60) || label;
  const sort = it.getAttribute('aria-sort') ?? '';
  if (/^(ascending|descending)$/.test(sort)) return { kind: 'sort', label: text, value: sort };
  if (it.matches('[role="tab"][aria-selected="true"]')) {
    return { kind: 'tab', label: 'tab', value: text };
  }
  if (it.matches('[aria-pressed="true"]')) return { kind: 'toggle', label: text, value: 'on' };
  if (it.matches('[role="switch"]')) {
    const value = it.getAttribute('aria-checked') === 'true' ? 'on' : 'off';
    return { kind: 'toggle', label, value };
  }
  // A panel is marked as its tab is.
  const isPanel = !it.matches('button, a, li') && fold(it.textContent).length > 60;
  const isOne = isChoice(it) && text !== '' && !isPanel;
  return isOne ? { kind: 'choice', label: 'choice', value: text } : null;
}

/** What a control is called: by a label of its own, else by a short text before it, else by its name. */
export function labelOf(it: Element): string {
  const isField = it instanceof HTMLInputElement || it instanceof HTMLSelectElement;
  // A label around a field has the field's own texts, such as all options, as a part of its own.
  const labels = [...((isField && it.labels) || [])].map((label) =>
    [...label.childNodes]
      .filter((node) => !node.contains(it) && !(node instanceof Comment))
      .map((node) => node.textContent),
  );
  const before = it.previousElementSibling;
  const beside = before?.childElementCount === 0 ? fold(before.textContent) : '';
  const named = document.getElementById(it.getAttribute('aria-labelledby') ?? '');
  const names = [
    fold(it.getAttribute('aria-label')),
    fold(named?.textContent),
    ...labels.map((texts) => fold(texts.join(' '))),
    fold(it.getAttribute('placeholder')),
    beside.length > 40 ? '' : beside.replace(/:$/, ''),
    fold(it.getAttribute('name')),
    it.id,
  ].filter((name) => !/^[:_«]r\w*[:_»]$/.test(name)); // React's own: others with each version of a page
  return (names.find((name) => name !== '') ?? '').slice(0, 60);
}
