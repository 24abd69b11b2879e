import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { publications, releaseChecks, releases } from '../src/export/warehouse/releases.ts';
import { REPAIR_RULES } from '../src/clean/rules.ts';
import { ERRORS } from '../src/errors.ts';
import { readSettings, variablesOf } from '../src/config.ts';
import { createProgram } from '../src/cli/program.ts';
import { columnsOf } from '../src/tables/columns.ts';
import { duckdbType } from '../src/tables/duckdb.ts';
import { tables } from '../src/tables/index.ts';
import { cell, markdown } from '../src/tables/markdown.ts';
import type { Table } from '../src/tables/table.ts';
import { boardsPage, sourcesPage } from './docs-boards.ts';

const WRITTEN = '<!-- Written by `npm run docs`. Do not edit. -->';

/** Pages that are made from the code, by path from the root of the project. */
export const PAGES: Record<string, () => string> = {
  'docs/tables.md': tablesPage,
  'docs/errors.md': errorsPage,
  'docs/boards.md': boardsPage,
  'docs/sources.md': sourcesPage,
  'docs/settings.md': settingsPage,
};

function settingsPage(): string {
  const { config, origins } = readSettings({ flags: {}, env: NO_LOGIN, folder: '/' });
  const program = createProgram({ stdout: process.stdout }, () => Promise.resolve());
  const [top, below] = [[program], program.commands];
  const options = [...top, ...below, ...below.flatMap(({ commands }) => commands)].flatMap(
    (command) => command.options,
  );
  const rows = Object.keys(origins)
    .filter((it) => it !== 'token')
    .map((key) => {
      const value = config[key as keyof typeof config]; // as `origins` has their names
      const option = options.find((it) => it.attributeName() === key);
      const variables = variablesOf(key).map((it) => `\`${it}\``);
      const cells = [`\`${key}\``, variables.join(', '), `\`${option?.flags ?? ''}\``];
      const shown = String(value ?? '') === '' ? '' : `\`${String(value)}\``;
      return `| ${[...cells, shown, option?.description ?? ''].map(cell).join(' | ')} |`;
    });
  return `${WRITTEN}

# Settings

Each is a flag of the commands that it concerns, an environment variable, and a key of
\`huggingface-etl.config.json\` in the folder where the command is given. Flags win over variables, variables over the
file, the file over the default. Lists have commas. \`huggingface-etl config show\` prints them all, and where each is
from. Of two variables the first that is set counts. The token is no setting: \`HF_TOKEN\`,
\`HUGGING_FACE_HUB_TOKEN\`, or what \`hf auth login\` stored.

| key | variable | flag | default | meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

const NO_LOGIN = { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' };

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
is empty then, never null. Scores and counts are as published. JSON lines leave nulls out: give a reader that
guesses columns the schema (\`schema TABLE\`).

In CSV null is an empty field and the empty text \`""\`; a list or a record is its JSON; a text that a spreadsheet would run
(it begins with \`=\`, \`+\`, \`-\` or \`@\`, and is no number) has an apostrophe before it. pandas takes texts such as \`NA\` and
\`None\` for nothing, unless it is told \`keep_default_na=False, na_values=['']\`; a spreadsheet cuts cells beyond 32,767
characters, as some of \`raw_model\` and \`core_model\` are.

${list.join('\n')}

${tables.map((table) => markdown(table)).join('\n')}
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

/** What is said of releases; the DuckDB file has fewer columns. */
function loadTables(): string {
  const inDuckdb = new Set([releases, releaseChecks].flatMap(columnsOf).map(({ name }) => name));
  return [publications, releaseChecks].map((table) => chapter(table, inDuckdb)).join('\n');
}

function chapter(table: Table, inDuckdb: ReadonlySet<string>): string {
  const rows = columnsOf(table).map((column) => {
    const only = inDuckdb.has(column.name) ? '' : ', in BigQuery only';
    return `| \`${column.name}\` | ${duckdbType(column)}${only} | ${column.description} |`;
  });
  return [
    `### ${table.name}`,
    ...['', table.description, '', '| column | type | meaning |', '| --- | --- | --- |'],
    ...[...rows, ''],
  ].join('\n');
}

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { exitCode, hint }]) => `| \`${code}\` | ${exitCode} | ${cell(hint)} |`,
  );
  return `${WRITTEN}

# Errors

Every failure has a code that stays the same, and an exit code that says what to do next. Exit code 1
is a bug of ours: please report it. Of several failures it is the first of 1, 2, 8, 7, 6, 5, 4, 3, 75.

| code | exit code | what to do |
| --- | --- | --- |
${rows.join('\n')}
`;
}

/**
 * The pages that are not as the code says; unless they are only checked, they are written anew.
 *
 * @param root where the project is, or a folder with `docs`
 */
export function update(root: URL, { isCheck }: { isCheck: boolean }): string[] {
  return Object.entries(PAGES).flatMap(([path, page]) => {
    const [file, text] = [new URL(path, root), page()];
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return [];
    if (!isCheck) writeFileSync(file, text);
    return [path];
  });
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  const stale = update(new URL('../', import.meta.url), { isCheck });
  if (isCheck && stale.length > 0) {
    console.error(`Not as the code says: ${stale.join(', ')}. Run npm run docs`);
    process.exitCode = 1;
  }
}
