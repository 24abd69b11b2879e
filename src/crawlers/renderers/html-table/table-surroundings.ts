import type { PageReader } from './page-reader.ts';
import type { ScanTools } from './table-scan.ts';

export interface Control {
  label: string;
  disabled: boolean;
  /** It leads to another document. */
  leaves: boolean;
}

/** What stands around a table, as far as no other table does. */
export interface Surroundings {
  /** Short texts with a number. */
  notes: string[];
  controls: Control[];
  /** What is typed into search fields. */
  searches: string[];
}

/** Where the table at a place among the own ones is, and the control to press. */
export interface Press {
  table: number;
  label: string;
}

/** The tables that `scanTables` reads, in the same order, and how far it is theirs around them. */
export interface Scopes {
  own: HTMLTableElement[];
  scopeOf: (table: Element) => Element;
  /** In a row of data: that may have buttons and numbers of its own. */
  isData: (element: Element) => boolean;
  buttonsOf: (table: Element) => Element[];
}

/** Makes what tells the surroundings of tables. Runs in the page. */
export function makeScopes({ isShown }: PageReader, smallLayout: number): Scopes {
  const own = [...document.querySelectorAll('table')].filter((table) => {
    const outer = table.parentElement?.closest('table');
    return (!outer || outer.rows.length <= smallLayout) && isShown(table);
  });
  const scopeOf = (table: Element): Element => {
    let scope = table;
    for (let up = table.parentElement; up; up = up.parentElement) {
      const others = own.filter((it) => it !== table && it.rows.length > 1 && up.contains(it));
      if (others.some((it) => !it.contains(table) && !table.contains(it))) break;
      if (up.matches('main, article, body')) break;
      scope = up;
    }
    return scope;
  };
  // A row of one cell is about the table.
  const isData = (element: Element): boolean => {
    const row = element.closest('tr');
    return row !== null && row.cells.length > 1 && element.closest('tfoot, caption') === null;
  };
  const buttonsOf = (table: Element): Element[] => {
    const around = [...scopeOf(table).querySelectorAll('button, a, [role="button"], summary')];
    const about = `[aria-controls~="${CSS.escape(table.id)}"]`;
    const named = table.id === '' ? [] : document.querySelectorAll(about);
    return [...new Set([...around, ...named])].filter((it) => !isData(it) && isShown(it));
  };
  return { own, scopeOf, isData, buttonsOf };
}

/**
 * Reads what stands around each table; with `press`, works that control first. Runs in the page.
 */
export function readSurroundings(
  tools: ScanTools & { makeScopes: typeof makeScopes },
  { smallLayout, press }: { smallLayout: number; press: Press | null },
): Surroundings[] {
  const reader = tools.makePageReader();
  const { fold } = reader;
  const { own, scopeOf, isData, buttonsOf } = tools.makeScopes(reader, smallLayout);
  const OFF = ':disabled, [aria-disabled="true"], .disabled';
  const controlOf = (element: Element): Control => {
    const told = fold(element.getAttribute('aria-label')) || fold(element.textContent);
    return {
      label: (told || fold(element.getAttribute('title'))).slice(0, 60),
      disabled: element.matches(OFF) || element.parentElement?.matches(OFF) === true,
      leaves:
        element instanceof HTMLAnchorElement &&
        /^https?:/.test(element.href) &&
        element.href.split('#')[0] !== location.href.split('#')[0],
    };
  };
  const notesOf = (scope: Element, table: HTMLTableElement): string[] => {
    // What is around a large table is no short text, and long to put together.
    const isLarge = table.rows.length > 100;
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_ELEMENT, (node) =>
      node instanceof HTMLTableRowElement && isData(node.cells[0] ?? node)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
    );
    const notes = new Set<string>();
    for (let node = walker.nextNode(); node && notes.size < 200; node = walker.nextNode()) {
      if (isLarge && (node.contains(table) || node.contains(table.tBodies[0] ?? table))) continue;
      const text = (node.textContent ?? '').length > 400 ? '' : fold(node.textContent);
      if (text.length <= 80 && /\d/.test(text)) notes.add(text);
    }
    return [...notes];
  };
  const table = press && own[press.table];
  const found = table && buttonsOf(table).find((it) => controlOf(it).label === press.label);
  if (found instanceof HTMLElement) found.click();
  return own.map((it) => {
    const scope = scopeOf(it);
    const fields = [...scope.querySelectorAll('input[type="search"], [role="searchbox"]')];
    const typed = fields.map((field) =>
      field instanceof HTMLInputElement ? fold(field.value) : '',
    );
    return {
      notes: notesOf(scope, it),
      controls: buttonsOf(it).map(controlOf),
      searches: typed.filter((text) => text !== ''),
    };
  });
}
