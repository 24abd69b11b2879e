import type { PlainRow } from '../export/duckdb/values.ts';
import type { CompletenessRow } from '../export/manifest.ts';
import { count, numberIn, textIn } from './format.ts';
import { clip, html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import {
  at,
  breakable,
  chip,
  fold,
  long,
  named,
  note,
  number,
  query,
  table,
  text,
  type Column,
  type Section,
} from './parts.ts';
import type { Ask } from './source.ts';

/** More of them the page only counts. */
const MOST_SOURCES = 200;

const MISSED = `SELECT source, reason, count(*) AS n, any_value(detail) AS example
FROM huggingface.missed GROUP BY ALL ORDER BY n DESC, source LIMIT 30`;

/** How complete the run is, source by source, and why not. */
export async function completeness({ release }: ReportInput, ask: Ask): Promise<Section | null> {
  if (release === null) return null;
  const rows = release.manifest.completeness;
  const order = ({ is_complete, source }: CompletenessRow): number =>
    2 * Number(is_complete) + Number(source.startsWith('boards/'));
  const asked = rows.filter((it) => it.asked !== null).sort((a, b) => order(a) - order(b));
  const others = rows.flatMap((it) => (it.asked === null ? [it.source] : []));
  const missed = await ask(MISSED);
  const more = asked.length - MOST_SOURCES;
  const body = [
    table('What was asked of each source, and what came', COLUMNS, asked.slice(0, MOST_SOURCES)),
    more > 0 ? note(`${count(more)} more are in table completeness.`) : '',
    note(
      'Listed = exported + carried + duplicates + rejected, exactly. Carried are rows, too: most of their fields are as an earlier run read them. Proof is what speaks for there being no more.',
    ),
    missed.length > 0 ? [missedTable(missed), query(MISSED)] : '',
    others.length > 0
      ? fold(
          html`<span class="note">Not asked in this run: ${others.length}</span>`,
          note(others.join(', ')),
        )
      : '',
  ];
  return { id: 'completeness', title: 'Is anything missing?', body };
}

const missedTable = (rows: readonly PlainRow[]): Markup =>
  table<PlainRow>(
    'What could not be had',
    [
      named('Source', (it) => breakable(clip(textIn(it['source']), 300))),
      text('Reason', (it) => textIn(it['reason']).replaceAll('_', ' ')),
      number('Count', (it) => numberIn(it['n'])),
      long('For example', at('example')),
    ],
    rows,
  );

function stateOf({ is_complete, is_as_asked, status }: CompletenessRow): Markup {
  if (is_complete) return chip('good', 'whole');
  if (is_as_asked === true) return chip('none', 'a sample');
  if (status === 'drifted' || status === 'failed') return chip('bad', status);
  return chip('warn', 'not whole');
}

const COLUMNS: readonly Column<CompletenessRow>[] = [
  named('Source', ({ source }) => breakable(source.replace(/^boards\//, 'board '))),
  text('State', stateOf),
  long('Why not whole', ({ why_not }) => clip(why_not ?? '', 400).replaceAll('_', ' ')),
  number('Stated', ({ stated }) => stated),
  number('Listed', ({ listed }) => listed),
  number('Exported', ({ exported }) => exported),
  number('Carried', ({ carried }) => carried),
  number('Duplicates', ({ duplicates }) => duplicates),
  number('Rejected', ({ rejected }) => rejected),
  number('Missed', ({ missed }) => missed),
  text('Proof', ({ proof }) => proof?.replaceAll('_', ' ') ?? '–'),
];
