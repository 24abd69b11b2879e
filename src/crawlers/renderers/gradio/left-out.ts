/*
 * Keeps the cells of long tables out of a page's layout while the page is read: drawing them takes
 * most of what a window of rows takes, and what is read of them is the text in the document. As in
 * page-dom.ts, only the texts of the functions go into the page.
 */

/**
 * Runs in the page before its own scripts. Rows whose height the page does not set get one: that which
 * the newest Gradio guesses.
 */
export function leaveOutCells(): void {
  const key = Symbol.for('huggingface-etl.left-out');
  if (Reflect.has(window, key)) return;
  // Only of Gradio: another kind of page may have such names, and another reader.
  const bodies = ':is(.virtual-body, svelte-virtual-table-viewport tbody)';
  const rows = `:is(gradio-app, .gradio-container) ${bodies} > *`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `${rows} { height: 35px; }
    ${rows} > * { display: none !important; }`,
  );
  Object.defineProperty(window, key, { value: sheet });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Runs in the page: makes it look as ever. */
export function putBackCells(): void {
  const sheet: unknown = Reflect.get(window, Symbol.for('huggingface-etl.left-out'));
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== sheet);
}
