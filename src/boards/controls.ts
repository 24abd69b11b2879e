/** A control of a page and the state that it is in. */
export interface ControlState {
  kind: 'select' | 'radio' | 'checkbox' | 'toggle' | 'tab' | 'choice' | 'field' | 'search' | 'sort';
  label: string;
  value: string;
}

/** What a page looks like, or speaks, has no say in its rows. */
const ABOUT_THE_PAGE = /\b(theme|dark|light|language|locale|font|colou?r|contrast)\b/i;

/** A page's number or length, or the end of a range; a year may be a choice. */
const NUMBER = /^(?!(?:19|20)\d\d$)\d[\d.,]*\s?[a-z%]?$/i;

/** Whether a control, in its state, may hide rows or choose one table of several. */
export const mayChoose = ({ kind, label, value }: ControlState): boolean =>
  kind !== 'sort' &&
  value !== 'off' &&
  !ABOUT_THE_PAGE.test(label) &&
  !NUMBER.test(value) &&
  !(kind === 'select' && /^(?:en|english)$/i.test(value));

/** Searches in force, as `filters` of a reading: nobody knows which rows these leave. */
export const searchesIn = (controls: readonly ControlState[]): string[] =>
  controls.filter(({ kind }) => kind === 'search').map(({ value }) => `search=${value}`);

export const controlText = ({ label, value }: ControlState): string => `${label}=${value}`;

/** What tells this view of a board from its others; '' where nothing does. */
export const variantOf = (controls: readonly ControlState[]): string =>
  [...new Set(controls.filter(mayChoose).map(controlText))].join('; ');
