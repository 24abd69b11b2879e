import { plural } from './format.ts';
import { clip, html } from './html.ts';
import type { ReportInput, ToldCheck } from './input.ts';
import { chip, long, named, note, table, text, type Section } from './parts.ts';

/** What the checks of the release said, with the query that shows the rows at fault. */
export function checks({ runs, release }: ReportInput): Section | null {
  const told = runs.find(({ run }) => run === release?.manifest.run)?.checks;
  if (told === undefined) return null;
  const { passed, skipped, findings } = told;
  const refused = findings.filter(({ outcome }) => outcome === 'refused').length;
  const warned = findings.length - refused;
  const state =
    refused > 0
      ? chip('bad', 'refused')
      : warned > 0
        ? chip('warn', 'published, with warnings')
        : chip('good', 'published');
  const body = [
    html`<p>
      ${state} ${plural(passed, 'check')} passed, ${warned} warned, ${refused} refused, ${skipped}
      had nothing to compare with.
    </p>`,
    refused > 0
      ? note(
          html`Readers have the release before.
            <code>huggingface-etl query --refused "…"</code> asks the refused one.`,
        )
      : '',
    findings.length > 0 ? table('What the checks found', COLUMNS, findings.slice(0, 100)) : '',
  ];
  return { id: 'checks', title: 'Checks of the release', body };
}

const COLUMNS = [
  named<ToldCheck>('Check', ({ check }) => check),
  text<ToldCheck>('Outcome', ({ outcome }) =>
    chip(outcome === 'refused' ? 'bad' : 'warn', outcome),
  ),
  text<ToldCheck>('Table', (it) => html`<code>${it.table}</code>`),
  long<ToldCheck>('Found', ({ found }) => clip(found, 400)),
  long<ToldCheck>('Expected', ({ expected }) => clip(expected, 200)),
  long<ToldCheck>('Query that shows the rows', ({ sampleSql }) =>
    sampleSql === undefined ? '' : html`<code>${clip(sampleSql, 1500)}</code>`,
  ),
];
