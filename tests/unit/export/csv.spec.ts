import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeCopy } from '../../../src/export/copies.ts';
import { countOf, withDuckdb } from '../../../src/export/duckdb/session.ts';
import { exportRun } from '../../../src/export/export.ts';
import { rowLine } from '../../../src/export/row-line.ts';
import { createTableWriter } from '../../../src/export/table-writer.ts';
import { json, num, str, ts } from '../../../src/tables/fields.ts';
import { defineTable } from '../../../src/tables/table.ts';
import { inputOf, realModels, tinyModel, withTemporaryFolder, writePages } from './captured.ts';

/** RFC 4180 by hand, so that it is not our own reading that is tested. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quoted && char === '"' && text[at + 1] === '"') cell += text[(at += 1)];
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === ',' || char === '\n')) {
      rows.at(-1)?.push(cell);
      cell = '';
      if (char === '\n') rows.push([]);
    } else cell += char;
  }
  return rows.slice(0, -1);
}

/** Any text, and those that a spreadsheet would run as a formula. */
const TEXTS = [
  ...['', '=1+1', '+1+1', '-1+1', '-1\n', '-A1', '@SUM(A1)', '\t=1', '\r=1'],
  ...['=cmd|"/c calc"!A0', "'=1"],
  ...['a"b', 'a,b', 'a\nb', 'a\r\nb', ' a ', 'NULL', '\u2028', 'größe 🤗', '\u0000'],
  ...fc.sample(fc.string({ unit: 'binary' }), { seed: 4, numRuns: 300 }),
  ...fc.sample(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '=', 'a') }), {
    ...{ seed: 5, numRuns: 300 },
  }),
].map((text) => text.toWellFormed());

/** Scores are texts as stated: one below zero is a number to each reader, not a text of an apostrophe. */
const SCORES = ['-1', '+1', '-10.305', '-3.2e-05', '-.5', '-0.'];

const NUMBERS = [null, -1.5, 5, 1e-7, 1e300, 2 ** 53 - 1];

/** A flat table with each kind of cell. */
const things = defineTable({
  name: 'things',
  description: 'Rows for this test.',
  origin: 'run',
  row: z.strictObject({
    text: str('Text.'),
    number: num('Number.'),
    day: ts('Time.'),
    json: json('Anything.'),
  }),
  key: [],
});

test('any text comes back, none of them as a formula, and null is not the empty text', async () => {
  await withTemporaryFolder(async (folder) => {
    const day = '2026-11-23T10:00:00.000Z';
    const texts = [...TEXTS, ...SCORES];
    const rows = texts.map((text, n) => ({
      ...{ text, number: NUMBERS[n % NUMBERS.length] ?? null, day, json: { [text]: [1, null] } },
    }));
    const last = { text: null, number: null, day: null, json: '=1' };
    const writer = createTableWriter('things', { folder, compress: 'zstd', shardBytes: Infinity });
    const lines = [...rows, last].map((row) => rowLine(things, row));
    await writer.append(Buffer.from(lines.join('')), lines.length);
    const facts = { run: 'r1', version: '0.1.0', schemaVersion: 1 };
    const table = { table: things, entry: await writer.close(), facts };

    const file = await writeCopy(table, 'csv', folder);

    const text = await readFile(join(folder, file.path), 'utf8');
    const [header, ...read] = parseCsv(text);
    expect(header).toEqual(['text', 'number', 'day', 'json']);
    expect(
      read.map(([, number = '', time, value = '']) => [
        ...[number === '' ? null : Number(number), time, JSON.parse(value) as unknown],
      ]),
    ).toEqual(
      [...rows, last].map(({ number, day: time, json: value }) => [...[number, time ?? '', value]]),
    );
    const isRun = (it: string): boolean => /^[=+\-@\t\r]/.test(it) && !SCORES.includes(it);
    for (const [n, expected] of texts.entries())
      expect(read[n]?.[0]).toBe(isRun(expected) ? `'${expected}` : expected);
    expect(text.startsWith('text,number,day,json\n"",')).toBe(true);
    expect(text.endsWith('\n,,,"""=1"""\n')).toBe(true);
  });
});

test('all tables become CSV and Parquet, the same each time; lists and records are JSON in CSV', async () => {
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    const hostile = tinyModel(1, { author: '=HYPERLINK("http://x")', library_name: 'a\n"b"' });
    await writePages(storage, 'models', [{ records: [hostile, ...(await realModels())] }]);
    const run = (out: string) =>
      exportRun(inputOf(storage, { models: 'models' }), {
        out: join(folder, out),
        compress: 'gzip',
        formats: ['parquet', 'csv'],
        shardBytes: 300_000,
      });
    const manifest = await run('out');
    expect(await run('again')).toEqual(manifest);
    expect(manifest.tables['usage']?.csv).toMatchObject({ path: 'usage.csv' });
    const raw = parseCsv(await readFile(join(folder, 'out', 'raw_model.csv'), 'utf8'));
    expect(raw).toHaveLength((manifest.tables['raw_model']?.rows ?? 0) + 1);
    const tags = raw[0]?.indexOf('tags') ?? -1;
    expect(raw.slice(1).every((row) => Array.isArray(JSON.parse(row[tags] ?? '')))).toBe(true);
    const usage = parseCsv(await readFile(join(folder, 'out', 'usage.csv'), 'utf8'));
    expect(usage).toHaveLength((manifest.tables['usage']?.rows ?? 0) + 1);
    await withDuckdb(':memory:', {}, async (connection) => {
      for (const [name, { rows, parquet }] of Object.entries(manifest.tables)) {
        const path = join(folder, 'out', parquet?.path ?? '');
        const count = `SELECT count(*) FROM read_parquet('${path}')`;
        expect(await countOf(connection, count), name).toBe(rows);
      }
    });
  });
});
