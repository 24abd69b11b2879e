import { expect, test } from '@playwright/test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCsvRow } from '../../../src/export/csv.ts';
import { exportRun } from '../../../src/export/export.ts';
import { inputOf, realModels, tinyModel, withTemporaryFolder, writePages } from './captured.ts';

const COLUMNS = [
  { name: 'text', type: 'STRING' },
  { name: 'number', type: 'FLOAT' },
  { name: 'json', type: 'JSON' },
] as const;

test('a text that a spreadsheet would run does not begin a cell', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|"/c calc"!A0']) {
    const cell = formatCsvRow(COLUMNS, { text, number: -1.5, json: null });
    expect(cell.replace(/^"/, '')).toMatch(/^'/);
    expect(cell.trimEnd().endsWith(',-1.5,')).toBe(true);
  }
});

test('null is an empty field and the empty text is quoted', () => {
  expect(formatCsvRow(COLUMNS, { text: '', number: null, json: { a: [1] } })).toBe(
    '"",,"{""a"":[1]}"\n',
  );
});

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

test('any text comes back', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '=', 'a') }),
  );
  fc.assert(
    fc.property(text, (value) => {
      const row = parseCsv(
        formatCsvRow(
          [
            { name: 'a', type: 'STRING' },
            { name: 'b', type: 'STRING' },
          ],
          { a: value, b: 'z' },
        ),
      );
      expect(row).toEqual([[/^[=+\-@\t\r]/.test(value) ? `'${value}` : value, 'z']]);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('flat tables become CSV and all tables Parquet, the same each time', async () => {
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
    expect(manifest.tables['raw_model']?.csv).toBeUndefined();
    const usage = parseCsv(await readFile(join(folder, 'out', 'usage.csv'), 'utf8'));
    expect(usage).toHaveLength((manifest.tables['usage']?.rows ?? 0) + 1);
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    for (const [name, { rows, parquet }] of Object.entries(manifest.tables)) {
      const sql = `SELECT count(*)::INTEGER AS n FROM read_parquet('${join(folder, 'out', parquet?.path ?? '')}')`;
      expect((await connection.runAndReadAll(sql)).getRowObjectsJS(), name).toEqual([{ n: rows }]);
    }
    connection.closeSync();
    instance.closeSync();
    await writeFile(join(folder, 'done'), '');
  });
});
