import type { RunState } from '../../pipeline/state.ts';
import { html, markupOf } from '../../report/html.ts';

/** What `serve` knows of itself and of the last runs; all that its pages say. */
export interface Status {
  version: string;
  schedule: string;
  next: Date | null;
  runningSince: Date | null;
  /** Runs that ended since the start of this process, by exit code. */
  ended: Map<number, number>;
  skipped: number;
  /** Newest first. */
  runs: readonly RunState[];
  /** Path of the newest report, where there is one. */
  report: string | undefined;
}

type Sample = [labels: Record<string, string>, value: number];

const seconds = (time: Date | string | null | undefined): Sample[] =>
  time === null || time === undefined ? [] : [[{}, new Date(time).getTime() / 1000]];

/**
 * The same as numbers, as Prometheus reads them.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsText({ runs, ended, ...status }: Status): string {
  const last = runs.find(({ finishedAt }) => finishedAt !== null);
  const { boards = {}, ...lists } = last?.sources ?? {};
  const sources = (count: 'listed' | 'requests'): Sample[] =>
    Object.entries(lists).map(([source, facts]) => [{ source }, facts?.[count] ?? 0]);
  return [
    metric('running', 'gauge', [[{}, status.runningSince === null ? 0 : 1]]),
    metric('next_run_timestamp_seconds', 'gauge', seconds(status.next)),
    metric(
      'runs_total',
      'counter',
      [...ended].map(([code, n]) => [{ exit_code: `${code}` }, n]),
    ),
    metric('skipped_total', 'counter', [[{}, status.skipped]]),
    metric('last_run_exit_code', 'gauge', last ? [[{}, last.exitCode ?? 1]] : []),
    metric('last_run_start_timestamp_seconds', 'gauge', seconds(last?.startedAt)),
    metric('last_run_end_timestamp_seconds', 'gauge', seconds(last?.finishedAt)),
    metric(
      'last_success_timestamp_seconds',
      'gauge',
      seconds(runs.find(({ exitCode }) => exitCode === 0)?.finishedAt),
    ),
    metric('last_run_records', 'gauge', sources('listed')),
    metric('last_run_requests', 'gauge', sources('requests')),
    metric(
      'last_run_board_taken',
      'gauge',
      Object.entries(boards).map(([board, { error }]) => [{ board }, error === undefined ? 1 : 0]),
    ),
    metric('resident_memory_bytes', 'gauge', [[{}, process.memoryUsage.rss()]]),
  ].join('');
}

const HELP = {
  running: 'Whether a run is going on.',
  next_run_timestamp_seconds: 'When the next run begins.',
  runs_total: 'Runs that ended since this process began, by exit code.',
  skipped_total: 'Times at which a run was still going.',
  last_run_exit_code: 'How the last run ended.',
  last_run_start_timestamp_seconds: 'When the last run began.',
  last_run_end_timestamp_seconds: 'When the last run ended.',
  last_success_timestamp_seconds: 'When the last run ended that went well, of the newest ten.',
  last_run_records: 'Records that the Hub listed, by source.',
  last_run_requests: 'Requests to the Hub, by source.',
  last_run_board_taken: 'Whether a leaderboard was taken.',
  resident_memory_bytes: 'Memory of this process.',
};

function metric(name: keyof typeof HELP, type: string, samples: readonly Sample[]): string {
  const full = `huggingface_etl_${name}`;
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(
      ([label, text]) =>
        `${label}="${text.replace(/[\\"\n]/g, (it) => `\\${it === '\n' ? 'n' : it}`)}"`,
    );
    return `${full}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${full} ${HELP[name]}\n# TYPE ${full} ${type}\n${lines.join('')}`;
}

const escaped = (text: unknown): string => markupOf(html`${String(text)}`);

const cells = (name: 'th' | 'td', values: readonly unknown[]): string =>
  `<tr>${values.map((it) => `<${name}>${escaped(it)}</${name}>`).join('')}</tr>`;

/** The same for a person. */
export function statusPage({ runs, ...status }: Status): string {
  const rows = runs.map(({ run, status: how, exitCode, sources, error, finishedAt }) =>
    cells('td', [
      ...[run, how, exitCode ?? '', finishedAt ?? ''],
      (sources.models?.listed ?? 0).toLocaleString('en'),
      error === undefined ? '' : `${error.message} [${error.code}] ${error.hint}`,
    ]),
  );
  const since = status.runningSince;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="60">
<title>huggingface-etl</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
td, th { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; }
div { overflow-x: auto; }
</style>
<h1>huggingface-etl ${escaped(status.version)}</h1>
<p>${since === null ? 'No run is going on.' : `A run is going on since ${since.toISOString()}.`}
Next: ${status.next?.toISOString() ?? 'none'} (<code>${escaped(status.schedule)}</code>).</p>
<p>${status.report === undefined ? 'There is no report yet.' : '<a href="report.html">The newest report</a>'}
· <a href="metrics">metrics</a></p>
<h2>The last runs</h2>
<div><table>
${cells('th', ['run', 'status', 'exit code', 'ended', 'models', 'what failed'])}
${rows.join('\n')}
</table></div>
</html>
`;
}
