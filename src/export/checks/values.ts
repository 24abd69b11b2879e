import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { Check, Finding } from './check.ts';
import { factsOf, factsSql, rangesOf, type SideFacts } from './facts.ts';
import { percentOf, quote, SAMPLE_ROWS, sampleSql } from './sql.ts';

const requiredOf = (table: Table): string[] =>
  columnsOf(table).flatMap(({ name, mode }) => (mode === 'REQUIRED' ? [name] : []));

/**
 * Rows with one key, or without it, would be counted twice, or joined with nothing. Where a column of a
 * key may be null, null is a value like others.
 */
export const uniqueKey: Check = {
  name: 'unique-key',
  tables: ({ tables }) => tables.filter(({ key }) => key.length > 0),
  sql: factsSql,
  judge: (table, answer, scene) => {
    const { engine } = scene;
    const { rows, doubledKeys, filled } = factsOf(table, answer, scene);
    const expected = `each row with a ${table.key.join(', ')} of its own`;
    const head = { severity: 'refuse', expected } as const;
    if (doubledKeys > 0) {
      const list = table.key.map((name) => quote(engine, name)).join(', ');
      return {
        ...head,
        outcome: 'refused',
        found: `${doubledKeys} keys that several rows have`,
        sampleSql: `SELECT ${list}, COUNT(*) AS n FROM ${engine.table(table.name)} AS t GROUP BY ${list} HAVING COUNT(*) > 1 LIMIT ${SAMPLE_ROWS}`,
      };
    }
    const required = new Set(requiredOf(table));
    const missing = table.key.find((name) => required.has(name) && (filled.get(name) ?? 0) < rows);
    if (missing === undefined) return { ...head, outcome: 'passed', found: `${rows} keys` };
    return {
      ...head,
      outcome: 'refused',
      found: `${rows - (filled.get(missing) ?? 0)} rows without ${missing}`,
      sampleSql: sampleSql(engine, table, {
        column: missing,
        where: `${quote(engine, missing)} IS NULL`,
      }),
    };
  },
};

/** Columns that are promised never to be null. */
export const required: Check = {
  name: 'required',
  tables: ({ tables }) => tables,
  sql: factsSql,
  judge: (table, answer, scene) => {
    const { rows, filled } = factsOf(table, answer, scene);
    const names = requiredOf(table);
    const missing = names.filter((name) => (filled.get(name) ?? 0) < rows);
    const [first] = missing;
    const head = { severity: 'refuse', expected: 'a value in each required column' } as const;
    if (first === undefined) {
      return { ...head, outcome: 'passed', found: `${names.length} columns are filled` };
    }
    const shown = missing.map((name) => `${name} (${rows - (filled.get(name) ?? 0)} rows)`);
    const where = `${quote(scene.engine, first)} IS NULL`;
    return {
      ...head,
      outcome: 'refused',
      found: `null in ${shown.slice(0, 5).join(', ')}`,
      sampleSql: sampleSql(scene.engine, table, { column: first, where }),
    };
  },
};

/** A column that had a value in so many rows is not empty by chance. */
const MIN_FILLED_BEFORE = 0.5;
const MAX_DROP = 0.2;
/** Of fewer rows, shares say nothing. */
const FEW_ROWS = 20;
/** A field that has gone from its source leaves a column that is there and empty. */
export const coverage: Check = {
  name: 'coverage',
  tables: ({ tables }) => tables.filter(({ origin }) => origin !== 'run' && origin !== 'crawl'),
  sql: factsSql,
  judge: (table, answer, scene) => {
    const { before, ...now } = factsOf(table, answer, scene);
    const expected = 'columns filled as in the release before';
    const head = { severity: 'refuse', expected } as const;
    if (before === null || Math.min(before.rows, now.rows) < FEW_ROWS) {
      return { ...head, outcome: 'skipped', found: 'too few rows to compare with' };
    }
    const drops = dropsOf(table, now, before);
    const gone = drops.filter(({ isGone }) => isGone);
    const shown = gone.length > 0 ? gone : drops;
    const [first] = shown;
    if (first === undefined) {
      return { ...head, outcome: 'passed', found: `${before.filled.size} columns compared` };
    }
    // A sample may lack what the whole has: a column that few of its models fill.
    const isSample = scene.options.minRows === 0;
    const column = quote(scene.engine, first.name);
    const where = first.isList ? `ARRAY_LENGTH(${column}) = 0` : `${column} IS NULL`;
    const words = shown.map(
      ({ name, was, is }) => `${name} ${percentOf(is)}, was ${percentOf(was)}`,
    );
    return {
      ...head,
      outcome: gone.length > 0 && !isSample ? 'refused' : 'warned',
      found: `less filled: ${words.slice(0, 5).join('; ')}`,
      sampleSql: sampleSql(scene.engine, table, { column: first.name, where }),
    };
  },
};

/** Columns that are filled much less than before, as shares of the rows. */
const dropsOf = (table: Table, now: SideFacts, before: SideFacts) =>
  columnsOf(table).flatMap(({ name, mode }) => {
    const was = (before.filled.get(name) ?? 0) / before.rows;
    const is = (now.filled.get(name) ?? 0) / now.rows;
    const isGone = is === 0 && was >= MIN_FILLED_BEFORE;
    const isList = mode === 'REPEATED';
    return isGone || is < was - MAX_DROP ? [{ name, was, is, isGone, isList }] : [];
  });

/** Figures that cannot be: fewer than no downloads. A few are told, most of them refuse the release. */
export const valueRange: Check = {
  name: 'value-range',
  tables: ({ tables }) => tables.filter((table) => rangesOf(table).length > 0),
  sql: factsSql,
  judge: (table, answer, scene) => {
    const { outside, filled } = factsOf(table, answer, scene);
    return rangesOf(table).map((range): Finding => {
      const { column, expected } = range;
      const wrong = outside.get(column) ?? 0;
      const all = filled.get(column) ?? 0;
      const found = `${column}: ${wrong} of ${all} values outside`;
      const head = { severity: 'refuse', found, expected } as const;
      if (wrong === 0) return { ...head, outcome: 'passed' };
      const where = range.outside(quote(scene.engine, column));
      return {
        ...head,
        outcome: wrong * 2 > all ? 'refused' : 'warned',
        sampleSql: sampleSql(scene.engine, table, { column, where }),
      };
    });
  },
};

const outsideOfUnit = (value: string, unit: string): string =>
  `(${unit} = 'percent' AND (${value} < 0 OR ${value} > 100)) OR (${unit} = 'ratio' AND (${value} < 0 OR ${value} > 1))`;

/**
 * Scores outside of what their unit allows: a board that changed from ratio to percent, or a column
 * read for another. A few may be so (an error rate above 100 %); most of a metric's may not.
 */
export const scoreRange: Check = {
  name: 'score-range',
  tables: ({ tables }) => tables.filter(({ name }) => name === 'leaderboard_scores'),
  sql: (table, { engine }) => {
    const [board, metric, unit, value] = ['board', 'metric', 'unit', 'value'].map((name) =>
      quote(engine, name),
    ) as [string, string, string, string]; // as many as there are names
    const wrong = `COUNTIF(${outsideOfUnit(value, unit)})`;
    return [
      `SELECT ${board} AS board_id, ${metric} AS metric_id, ${unit} AS unit_id, COUNT(${value}) AS n, ${wrong} AS wrong FROM ${engine.table(table.name)} AS t GROUP BY ${board}, ${metric}, ${unit} HAVING ${wrong} > 0 ORDER BY wrong DESC LIMIT 20`,
    ];
  },
  judge: (table, rows, { engine }) => {
    const head = { severity: 'refuse', expected: 'percent 0 to 100, ratio 0 to 1' } as const;
    if (rows.length === 0) return { ...head, outcome: 'passed', found: 'no score outside' };
    const most = rows.filter(({ n, wrong }) => Number(wrong) * 2 > Number(n));
    const shown = (most.length > 0 ? most : rows).slice(0, 5);
    const words = shown.map(
      ({ board_id: board, metric_id: metric, unit_id: unit, n, wrong }) =>
        `${board} ${metric}: ${Number(wrong)} of ${Number(n)} are no ${unit}`,
    );
    const where = outsideOfUnit(quote(engine, 'value'), quote(engine, 'unit'));
    return {
      ...head,
      outcome: most.length > 0 ? 'refused' : 'warned',
      found: words.join('; '),
      sampleSql: sampleSql(engine, table, { column: 'value', where }),
    };
  },
};
