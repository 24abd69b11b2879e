import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { MAX_RECORD_BYTES } from '../../../src/clean/cleaner.ts';
import { readFilesSql, withDuckdb } from '../../../src/export/duckdb/session.ts';
import { expect, test } from '../../helpers/fixtures.ts';

test('a new file is written in groups of so many rows, and is read as any other', async ({
  folder,
}) => {
  const file = path.join(folder, 'hub.duckdb.tmp');
  await withDuckdb(file, { rowGroupRows: 2048 }, async (connection) => {
    await connection.run('CREATE SCHEMA huggingface');
    await connection.run('CREATE TABLE huggingface.t AS SELECT range AS n FROM range(10000)');
    await connection.run('CREATE VIEW huggingface.v AS SELECT max(n) AS n FROM huggingface.t');
    await connection.run('CHECKPOINT');
  });
  await withDuckdb(':memory:', { previous: file }, async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT (SELECT n FROM previous.huggingface.v), count(DISTINCT row_group_id)::INTEGER
       FROM pragma_storage_info('previous.huggingface.t')`,
    );
    expect(reader.getRowsJS()).toEqual([[9999n, 5]]);
  });
});

test('a line of twice the largest record that cleaning lets through is read', async ({
  folder,
}) => {
  const text = 'x'.repeat(2 * MAX_RECORD_BYTES);
  const few = `{"text":""}\n`.repeat(9);
  await writeFile(path.join(folder, 't.jsonl'), `${few}${JSON.stringify({ text })}\n`);
  const entry = {
    rows: 1,
    bytes: 0,
    sha256: '',
    files: [{ path: 't.jsonl', rows: 1, bytes: 0, sha256: '' }],
  };
  const sql = `SELECT max(length(text)) FROM ${readFilesSql(entry, folder, "{text: 'VARCHAR'}")}`;
  await withDuckdb(':memory:', {}, async (connection) => {
    const reader = await connection.runAndReadAll(sql);
    expect(reader.getRowsJS()).toEqual([[BigInt(text.length)]]);
  });
});

test('packed files are read below a folder with a question mark in its name', async ({
  folder,
}) => {
  const place = path.join(folder, 'what?');
  await mkdir(place);
  const [text, entry] = ['{"text":"a"}\n', { rows: 1, bytes: 0, sha256: '' }];
  await writeFile(path.join(place, 't.jsonl.zst'), zstdCompressSync(text));
  await writeFile(path.join(place, 't.jsonl.gz'), gzipSync(text));
  await writeFile(path.join(place, 't.jsonl'), text);
  await withDuckdb(':memory:', {}, async (connection) => {
    for (const name of ['t.jsonl.zst', 't.jsonl.gz', 't.jsonl']) {
      const file = { path: name, ...entry };
      const sql = `FROM ${readFilesSql({ ...entry, files: [file] }, place, "{text: 'VARCHAR'}")}`;
      expect((await connection.runAndReadAll(sql)).getRowObjects()).toEqual([{ text: 'a' }]);
    }
  });
});

test('a folder named as a partition adds no column', async ({ folder }) => {
  const place = path.join(folder, 'date=2026-11-30');
  await mkdir(place);
  await writeFile(path.join(place, 't.jsonl'), '{"text":"a"}\n');
  const file = { path: 't.jsonl', rows: 1, bytes: 0, sha256: '' };
  const entry = { rows: 1, bytes: 0, sha256: '', files: [file] };
  await withDuckdb(':memory:', {}, async (connection) => {
    const sql = `FROM ${readFilesSql(entry, place, "{text: 'VARCHAR'}")}`;
    expect((await connection.runAndReadAll(sql)).getRowObjects()).toEqual([{ text: 'a' }]);
  });
});
