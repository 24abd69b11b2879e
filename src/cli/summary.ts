import type { Config } from '../config.ts';
import type { RunReport } from '../pipeline/report.ts';
import { count, plural } from '../report/format.ts';
import { boardText } from './board-text.ts';
import { plain } from './table.ts';

const number = (value: unknown): string => count(typeof value === 'number' ? value : null);

/** A run, for a person. */
export function summary(report: RunReport, config: Config): string {
  const lines = [`run ${report.run}: ${report.status}`, ''];
  for (const [source, facts] of Object.entries(report.sources)) {
    if (source !== 'boards') lines.push(hubLine(source, facts as Record<string, unknown>));
  }
  for (const [id, facts] of Object.entries(report.sources.boards ?? {})) {
    lines.push(boardText(id, facts));
  }
  const tables = Object.entries(report.tables);
  if (tables.length > 0) lines.push('', 'table                      rows');
  for (const [name, { rows }] of tables) {
    lines.push(`${name.padEnd(20)} ${number(rows).padStart(10)}`);
  }
  lines.push(...lackLines(report.completeness ?? []));
  lines.push(...checkLines(report.checks ?? []));
  lines.push(...failureLines(report, lines.join('\n')));
  lines.push(...placeLines(report), `storage    ${config.storage}`);
  if (report.folder === null && report.status === 'done')
    lines.push(`next       huggingface-etl export --storage ${config.storage}`);
  return [...lines, ''].join('\n');
}

/** What failed, but for boards: their own lines say it. */
function failureLines({ failures }: RunReport, before: string): string[] {
  const more = failures.filter(({ message }) => !before.includes(plain(message, 600)));
  const lines = more.map((it) => `${it.source}: ${plain(it.message, 600)} [${it.code}]`);
  return lines.length === 0 ? [] : ['', 'failed', ...lines];
}

/** A commit, or the folder of a release. */
const heldBy = (commit: string): string =>
  commit.includes('/') ? commit : `commit ${commit.slice(0, 12)}`;

/** Where the tables are. */
const placeLines = ({ folder, page, warehouse, hub = [] }: RunReport): string[] => [
  ...(folder === null ? [] : ['', `tables     ${folder}`]),
  ...(page === undefined ? [] : [`page       ${page}`]),
  ...(warehouse === null ? [] : [`warehouse  ${warehouse.path}`]),
  ...hub.map(
    ({ target, outcome, commit }) => `published  ${target} (${outcome}, ${heldBy(commit)})`,
  ),
];

/** What was asked for and is not whole; of a sample, what it is a sample of. */
function lackLines(rows: NonNullable<RunReport['completeness']>): string[] {
  const lacks = rows.filter((it) => it.asked !== null && !it.is_complete);
  if (lacks.length === 0) return [];
  const lines = lacks.map(({ source, why_not }) => `${source}: ${plain(why_not ?? '', 600)}`);
  return ['', 'not whole', ...lines];
}

/** What people should look at before they trust the release, or why there is none. */
function checkLines(checks: NonNullable<RunReport['checks']>): string[] {
  if (checks.length === 0) return [];
  const lines = checks.flatMap(
    ({ warehouse, outcome, check, table, found, expected, sampleSql }) => [
      `${outcome.padEnd(8)} ${table}: ${found}; expected ${expected} (check ${check}, ${warehouse})`,
      ...(outcome === 'refused' && sampleSql !== undefined ? [`         ${sampleSql}`] : []),
    ],
  );
  return ['', 'checks of the release', ...lines];
}

function hubLine(source: string, facts: Record<string, unknown>): string {
  if (source.startsWith('catchup'))
    return `${source.padEnd(10)} ${plural(Number(facts['pages']), 'page')} of newest changes`;
  if (source.startsWith('singles'))
    return `${source.padEnd(10)} ${number(facts['pages'])} asked for one by one`;
  const parts = [`${source.padEnd(10)} ${number(facts['listed'])} listed`];
  for (const name of ['exported', 'carried', 'duplicates', 'rejected', 'missed']) {
    if (typeof facts[name] === 'number') parts.push(`${number(facts[name])} ${name}`);
  }
  parts.push(plural(Number(facts['requests']), 'request'));
  if (typeof facts['resumedFrom'] === 'number')
    parts.push(`resumed after page ${number(facts['resumedFrom'])}`);
  const { warnings } = facts;
  return [
    parts.join(', '),
    ...(typeof warnings === 'string' ? [`  warning: ${warnings}`] : []),
  ].join('\n');
}
