/** A control of a page and the state that it is in. */
export interface ControlState {
  kind: 'select' | 'radio' | 'checkbox' | 'toggle' | 'tab' | 'choice' | 'search' | 'sort';
  label: string;
  value: string;
}

/** What a page looks like, or speaks, has no say in its rows. */
const ABOUT_THE_PAGE = /\b(theme|dark|light|language|locale|font|colou?r|contrast)\b/i;

/** Whether a control, in its state, may hide rows or choose one table of several. */
export const mayChoose = ({ kind, label, value }: ControlState): boolean =>
  kind !== 'sort' &&
  value !== 'off' &&
  !ABOUT_THE_PAGE.test(label) &&
  !(kind === 'select' && /^\d+$|^(?:en|english)$/i.test(value));

export const controlText = ({ label, value }: ControlState): string => `${label}=${value}`;

/** What tells this view of a board from its others; '' where nothing does. */
export const variantOf = (controls: readonly ControlState[]): string =>
  [...new Set(controls.filter(mayChoose).map(controlText))].join('; ');
