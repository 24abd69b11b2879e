import { PAGE_START } from '../export/page-file.ts';
import { boards } from './boards.ts';
import { events, risers } from './changes.ts';
import { checks } from './checks.ts';
import { completeness } from './completeness.ts';
import { foot, head } from './head.ts';
import { html, markupOf, trusted } from './html.ts';
import { growth } from './growth.ts';
import type { ReportInput } from './input.ts';
import type { Section } from './parts.ts';
import { licences, owners, tasks } from './shares.ts';
import { withTables, type Ask } from './source.ts';
import { STYLE } from './style.ts';
import { tables } from './tables.ts';

export type { ReportInput } from './input.ts';

type MakeSection = (input: ReportInput, ask: Ask) => Section | null | Promise<Section | null>;

/** In the order of the page. */
const SECTIONS: readonly MakeSection[] = [
  ...[completeness, boards, growth, licences, tasks, owners, risers, events],
  ...[checks, tables],
];

/** Nothing is loaded, nothing runs: should a text ever not be inert, the browser has no use for it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The page that people look at, as HTML in one file: how complete a release is and why not, its boards, what
 * it says of the Hub, its checks and tables. It needs no network, no script and no font, and holds nothing
 * but what it is given: the same input gives the same bytes.
 *
 * @param options.spill a folder for what memory does not hold; it is removed afterwards
 * @throws {EtlError} LOAD_FAILED when a file of the tables, or the DuckDB file, cannot be read
 */
export async function renderReport(
  input: ReportInput,
  options: { spill: string; signal?: AbortSignal | undefined },
): Promise<string> {
  return withTables(input, options, async (ask) => {
    const sections: Section[] = [];
    for (const make of SECTIONS) {
      const section = await make(input, ask);
      if (section !== null) sections.push(section);
    }
    return markupOf(pageOf(input, sections));
  });
}

const pageOf = (input: ReportInput, sections: readonly Section[]) =>
  html`${trusted(PAGE_START)}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="generator" content="huggingface-etl" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>
          Hugging Face Hub and leaderboards:
          ${input.release?.manifest.startedAt.slice(0, 10) ?? 'no tables yet'}
        </title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <div class="page">
          ${head(input)}
          <nav aria-label="Parts of this page">
            <ul>
              ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
          <main id="main">
            ${sections.map(
              ({ id, title, body }) =>
                html`<section id="${id}" aria-labelledby="${id}-title">
                  <h2 id="${id}-title">${title}</h2>
                  ${body}
                </section> `,
            )}
          </main>
          ${foot(input)}
        </div>
      </body>
    </html> `;
