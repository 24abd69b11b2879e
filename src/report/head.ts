import type { Manifest } from '../export/manifest.ts';
import { count, duration, plural, time } from './format.ts';
import { clip, html, link, type Content, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import { chip, note } from './parts.ts';

/** What the page is of, whether it may be trusted, and how large it is. */
export function head(input: ReportInput): Markup {
  const manifest = input.release?.manifest;
  return html`<header>
    <p class="brand">huggingface-etl</p>
    <h1>The Hugging Face Hub and its leaderboards</h1>
    ${manifest === undefined ? html`<p class="lead">There are no tables yet.</p>` : about(manifest)}
    ${lastRun(input)} ${manifest === undefined ? '' : figures(manifest)}
  </header>`;
}

const about = (manifest: Manifest): Markup => {
  const { startedAt, version, run, outcome, endpoint } = manifest;
  return html`<p class="lead">
      As they were on <time datetime="${startedAt}">${time(startedAt)} UTC</time>.
      ${verdict(manifest)}
    </p>
    <p class="note">
      Run ${run} of ${link(endpoint, endpoint)}, read in ${duration(outcome.seconds)} by
      huggingface-etl ${version}. Numbers are as published: nothing is estimated or rescaled.
    </p>`;
};

/** One sentence to quote. */
function verdict({ completeness }: Manifest): Content {
  const asked = completeness.filter((it) => it.asked !== null);
  const whole = asked.filter((it) => it.is_complete).length;
  if (asked.length === whole)
    return html`${chip('good', 'whole')} Every source that was asked is complete: ${whole} of
    ${asked.length}.`;
  const isSample = asked.every((it) => it.is_complete || it.is_as_asked === true);
  const word = isSample ? chip('none', 'a sample') : chip('warn', 'not whole');
  return html`${word} ${whole} of ${plural(asked.length, 'source')} that were asked are complete:
    <a href="#completeness">what is missing, and why</a>.`;
}

/** How the last run went, where the tables are not of it, or it did not end well. */
function lastRun({ runs, release }: ReportInput): Content {
  const last = runs.at(-1);
  if (last === undefined) return html`<div class="banner none"><p>No run yet.</p></div>`;
  const { run, status, error, exitCode, startedAt } = last;
  const isShown = run === release?.manifest.run;
  if (status === 'done' && isShown) return '';
  const tone = status === 'failed' ? 'bad' : status === 'done' ? 'none' : 'warn';
  return html`<div class="banner ${tone}">
    <p>
      <strong>The last run, ${time(startedAt)} UTC: ${status}</strong
      >${exitCode === null ? '' : `, exit code ${exitCode}`}.${isShown || release === null ? '' : ' The tables are those of an earlier one.'}
    </p>
    ${
      error === undefined
        ? ''
        : html`<p>${clip(error.message, 600)} <code>${error.code}</code></p>
            ${note(error.hint)}`
    }
  </div>`;
}

const FIGURES: Readonly<Record<string, string>> = {
  raw_model: 'models',
  hub_datasets: 'data sets',
  hub_spaces: 'Spaces',
  authors: 'owners',
  leaderboard_entries: 'leaderboard rows',
  leaderboard_scores: 'scores',
};

const figures = ({ tables }: Manifest): Markup =>
  html`<dl class="figures">
    ${Object.entries(FIGURES).map(([table, name]) => {
      const rows = tables[table]?.rows ?? 0;
      return rows === 0
        ? ''
        : html`<div>
            <dt>${name}</dt>
            <dd>${count(rows)}</dd>
          </div>`;
    })}
  </dl>`;

/** What the numbers stand on. */
export function foot({ release }: ReportInput): Content {
  if (release === null) return '';
  const repairs = Object.values(release.manifest.repairs).reduce((sum, it) => sum + it, 0);
  return html`<footer>
    <p>
      ${plural(repairs, 'repair')} of cleaning, each counted in table <code>repairs</code>. Times
      are UTC. A query of this page goes to the DuckDB file:
      <code>huggingface-etl query "SELECT …"</code>. A number of a source that is not complete is
      one of a sample: say so with it.
    </p>
  </footer>`;
}
