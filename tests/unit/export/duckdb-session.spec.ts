import path from 'node:path';
import { withDuckdb } from '../../../src/export/duckdb/session.ts';
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
