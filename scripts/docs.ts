import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RELEASE_FIELDS } from '../src/export/bigquery/releases.ts';
import {
  RELEASE_CHECK_COLUMNS,
  RELEASE_CHECKS_DESCRIPTION,
} from '../src/export/duckdb/release-checks.ts';
import { RELEASE_COLUMNS, RELEASES_DESCRIPTION } from '../src/export/duckdb/releases.ts';
import { REPAIR_RULES } from '../src/clean/rules.ts';
import { ERRORS } from '../src/errors.ts';
import { tables } from '../src/tables/index.ts';
import { markdown } from '../src/tables/markdown.ts';
import { boardsPage } from './docs-boards.ts';

const WRITTEN = '<!-- Written by `npm run docs`. Do not edit. -->';

/** Pages that are made from the code, by path from the root of the project. */
export const PAGES: Record<string, () => string> = {
  'docs/tables.md': tablesPage,
  'docs/errors.md': errorsPage,
  'docs/boards.md': boardsPage,
};

function tablesPage(): string {
  const list = tables.map(
    ({ name, description }) => `- [${name}](#${name}): ${description.split(/(?<=\.) /)[0] ?? ''}`,
  );
  const rules = Object.entries(REPAIR_RULES).map(
    ([rule, meaning]) => `| \`${rule}\` | ${meaning} |`,
  );
  return `${WRITTEN}

# Tables

What every table and column holds. Times are UTC. \`null\` means that the source gave nothing; a list
is empty then, never null. Scores and counts are as published.

${list.join('\n')}

${tables.map(markdown).join('\n')}
## Tables that the load adds

They are in the warehouses only, not among the files of an export. Types are those of DuckDB.

${loadTables()}
## Rules of cleaning

What the table \`repairs\` counts. Nothing is lost by any of them: what does not fit is kept in the
nearest \`params\`, or in \`extra\`, with its path.

| rule | what was done |
| --- | --- |
${rules.join('\n')}
`;
}

/** What is said of releases, in both warehouses. */
function loadTables(): string {
  const inDuckdb = new Set(RELEASE_COLUMNS.map(([name]) => name));
  const more = RELEASE_FIELDS.filter(({ name }) => !inDuckdb.has(name)).map(
    ({ name, type, description = '' }) => [name, `${type}, in BigQuery only`, description] as const,
  );
  return [
    chapter('releases', RELEASES_DESCRIPTION, [...RELEASE_COLUMNS, ...more]),
    chapter('release_checks', RELEASE_CHECKS_DESCRIPTION, RELEASE_CHECK_COLUMNS),
  ].join('\n');
}

function chapter(
  name: string,
  description: string,
  columns: readonly (readonly [string, string, string])[],
): string {
  const rows = columns.map(([column, type, meaning]) => `| \`${column}\` | ${type} | ${meaning} |`);
  return [
    `### ${name}`,
    ...['', description, '', '| column | type | meaning |', '| --- | --- | --- |'],
    ...[...rows, ''],
  ].join('\n');
}

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { exitCode, hint }]) =>
      `| \`${code}\` | ${exitCode} | ${hint.replaceAll('|', '\\|')} |`,
  );
  return `${WRITTEN}

# Errors

Every failure has a code that stays the same, and an exit code that says what to do next. Exit code 1
is a bug of ours: please report it.

| code | exit code | what to do |
| --- | --- | --- |
${rows.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, page] of Object.entries(PAGES)) {
    const file = new URL(`../${path}`, import.meta.url);
    const text = page();
    if (textOf(file) !== text) writeFileSync(file, text);
  }
}

function textOf(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not written yet.
    return undefined;
  }
}
