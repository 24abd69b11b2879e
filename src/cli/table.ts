/** Widest column that `table` prints. */
const MAX_WIDTH = 60;

/** Rows as aligned text, for a person; numbers to the right. */
export function table(rows: readonly object[]): string {
  const first = rows[0];
  if (first === undefined) return '(no rows)\n';
  const names = Object.keys(first);
  const texts = rows.map((row) => Object.values(row).map(cell));
  const widths = names.map((name, i) =>
    Math.max(name.length, ...texts.map((it) => (it[i] ?? '').length)),
  );
  const right = names.map((_, i) => rows.every((row) => typeof Object.values(row)[i] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((it, i) => (right[i] === true ? it.padStart(widths[i] ?? 0) : it.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return `${[line(names), rule, ...texts.map(line)].join('\n')}\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : printed(value);
  // Control characters of other people's text must not reach a terminal.
  const safe = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return safe.length > MAX_WIDTH ? `${safe.slice(0, MAX_WIDTH - 1)}…` : safe;
}

const printed = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString('en') : JSON.stringify(value);
