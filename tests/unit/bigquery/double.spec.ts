import { expect, test } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishScript } from '../../../src/export/bigquery/script.ts';
import { LOAD } from '../../bigquery/jobs.ts';
import { readRows } from '../../bigquery/rows.ts';
import { parseSchema, type Field } from '../../bigquery/schema.ts';
import { parseScript, tuplesOf } from '../../bigquery/script.ts';
import { clientWith, withDouble } from './warehouse.ts';

const FIELDS: Field[] = parseSchema({
  fields: [
    { name: 's', type: 'STRING', mode: 'REQUIRED' },
    { name: 'i', type: 'INTEGER' },
    { name: 'f', type: 'FLOAT' },
    { name: 'b', type: 'BOOLEAN' },
    { name: 't', type: 'TIMESTAMP' },
    { name: 'd', type: 'DATE' },
    { name: 'j', type: 'JSON' },
    { name: 'many', type: 'STRING', mode: 'REPEATED' },
    { name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER', mode: 'REQUIRED' }] },
    { name: 'rs', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'x', type: 'STRING' }] },
  ],
});

const GOOD = [
  '{"s":"a"}',
  '{"s":"a","i":null,"f":null,"b":null,"t":null,"d":null,"r":null}',
  '{"s":"a","i":9007199254740991,"f":1e300,"b":false,"t":"2026-11-23T10:00:00.123Z","d":"2024-02-29"}',
  '{"s":"","i":"9223372036854775807","t":"2026-11-23T10:00:00+01:00","j":{"a":[null]},"many":[],"rs":[{}]}',
  '{"s":"\\u00e9","many":["a","b"],"r":{"x":1},"rs":[{"x":"1"},{"x":null}],"j":null}',
];

const BAD: [string, RegExp][] = [
  ['{}', /Missing required field: s/],
  ['{"s":null}', /Only optional fields/],
  ['{"s":1}', /Could not convert value to string/],
  ['{"s":"\\ud800"}', /Could not convert value to string/],
  ['{"s":["a"]}', /Array specified for non-repeated field: s/],
  ['{"s":"a","x":null}', /No such field: x/],
  ['{"s":"a","i":1.5}', /Could not convert/],
  ['{"s":"a","i":9007199254740992}', /Could not convert/],
  ['{"s":"a","f":"NaN"}', /Could not convert/],
  ['{"s":"a","b":"true"}', /Could not convert/],
  ['{"s":"a","t":"2026-11-23"}', /Could not convert/],
  ['{"s":"a","t":"2026-11-23T10:00:00-0400"}', /Could not convert/],
  ['{"s":"a","t":1700000000000}', /Could not convert/],
  ['{"s":"a","d":"2023-02-29"}', /Could not convert/],
  ['{"s":"a","d":"2023/02/28"}', /Could not convert/],
  ['{"s":"a","many":null}', /Only optional fields/],
  ['{"s":"a","many":[null]}', /Only optional fields/],
  ['{"s":"a","many":"a"}', /Repeated field must be imported as a JSON array/],
  ['{"s":"a","rs":{"x":"1"}}', /Repeated field must be imported as a JSON array/],
  ['{"s":"a","r":{}}', /Missing required field: r\.x/],
  ['{"s":"a","r":{"x":1,"y":2}}', /No such field: r\.y/],
  ['{"s":"a","r":[{"x":1}]}', /Array specified for non-repeated field: r/],
  ['{"s":"a"', /Parser terminated/],
  ['[]', /Array specified/],
];

test('the double takes the rows that BigQuery takes, and fills the columns left out', () => {
  const rows = readRows(Buffer.from(`${GOOD.join('\n')}\n`), FIELDS);
  expect(rows.length).toBe(GOOD.length);
  const nothing = { i: null, f: null, b: null, t: null, d: null, j: null, r: null };
  expect(rows[0]).toEqual({ s: 'a', ...nothing, many: [], rs: [] });
});

test('the double refuses the rows that BigQuery refuses, and says where they begin', () => {
  for (const [row, message] of BAD) {
    const read = () => readRows(Buffer.from(`{"s":"first"}\n${row}\n`), FIELDS);
    expect(read, row).toThrow(message);
    expect(read, row).toThrow('position: 14');
  }
});

test('the double knows the script we send, and no other SQL', () => {
  const script = publishScript(
    [
      { target: 'p.d.a', source: 'p.s.a__r', columns: ['id', 'MMLU-PRO'], slice: [] },
      {
        target: 'p.d.u',
        source: 'p.s.u__r',
        columns: ['t'],
        slice: [{ name: 't', byDay: true }],
      },
      {
        target: 'p.d.e',
        source: 'p.s.e__r',
        columns: ['board', 'day'],
        slice: [
          { name: 'board', byDay: false },
          { name: 'day', byDay: false },
        ],
      },
      { target: 'p.d.gone', source: null, columns: [], slice: [] },
    ],
    {
      dataset: 'p.d',
      sequence: 7,
      checks: [
        {
          ...{ sequence: 7, run: 'r', check: 'empty', table: 'a', severity: 'warn' },
          ...{ outcome: 'passed', found: '3 rows \u2713\n', expected: 'a row' },
        },
      ],
      rows: [
        {
          sequence: 7,
          action: 'publish',
          run: "it's; COMMIT \\",
          published_at: '2026-11-23T10:00:00.000Z',
          started_at: '2026-11-23T10:00:00.000Z',
          finished_at: '2026-11-23T10:00:00.000Z',
          version: '0.1.0',
          table: 'a',
          rows: 3,
          sha256: 'f',
          backup: null,
          schema_version: 1,
        },
      ],
    },
  );
  const statements = parseScript(script);
  expect(statements.map(({ kind }) => kind)).toEqual([
    'guard',
    'truncate',
    'select',
    'delete',
    'select',
    'delete',
    'select',
    'truncate',
    'values',
    'values',
  ]);
  const message = "'another release was published meanwhile'";
  expect(statements[0]?.parts).toEqual(['sequence', 'p.d.releases', '6', message]);
  const [checks, values] = statements.slice(-2).map(({ parts }) => tuplesOf(parts[2] ?? '')[0]);
  expect(checks?.[6]).toEqual({ type: 'STRING', value: '3 rows ??' });
  expect(values?.[1]).toEqual({ type: 'STRING', value: "it's; COMMIT \\" });
  expect(values?.at(-1)).toEqual({ type: 'NULL', value: null });
  for (const sql of [
    '',
    'SELECT 1;',
    'DROP TABLE `p.d.a`;',
    'CREATE OR REPLACE TABLE `p.d.a` AS SELECT `x` FROM `p.d.b`;',
    'DELETE FROM `p.d.a` WHERE TRUE;',
    'INSERT INTO `p.d.a` (`x`) SELECT * FROM `p.d.b`;',
    'TRUNCATE TABLE `p.d.a`',
    'BEGIN TRANSACTION; TRUNCATE TABLE `p.d.a`;',
    "INSERT INTO `p.d.a` (`x`) VALUES ('a' 'b');",
    script.replace('COMMIT TRANSACTION;', ''),
    script.replaceAll('`t`', 't'),
  ]) {
    expect(() => parseScript(sql), sql).toThrow(/does not know this SQL/);
  }
});

test("Google's own client reads its answers: datasets, tables, a multipart load, errors", async () => {
  await withDouble(async (place) => {
    const { double, folder } = place;
    const client = clientWith('any', place.double);
    const dataset = client.dataset('d');
    expect(await dataset.exists()).toEqual([false]);
    await client.createDataset('d', { location: 'US' });
    await expect(client.createDataset('d', { location: 'US' })).rejects.toMatchObject({
      code: 409,
      errors: [{ reason: 'duplicate' }],
    });
    const [table] = await dataset.createTable('t', {
      schema: { fields: [{ name: 's', type: 'STRING', mode: 'REQUIRED' }] },
    });
    const file = join(folder, 'rows.jsonl');
    await writeFile(file, '{"s":"a"}\n{"s":"b"}\n');
    const [job] = await table.load(file, { ...LOAD, jobId: 'one' });
    expect(job.statistics?.load?.outputRows).toBe('2');
    expect(double.rows('d', 't')).toEqual([{ s: 'a' }, { s: 'b' }]);
    await expect(table.load(file, { ...LOAD, jobId: 'one' })).rejects.toMatchObject({ code: 409 });
    const [metadata] = (await table.getMetadata()) as [{ etag: string; numRows: string }, unknown];
    expect(metadata.numRows).toBe('2');
    await expect(table.setMetadata({ etag: 'old', description: 'x' })).rejects.toMatchObject({
      code: 412,
      errors: [{ reason: 'conditionNotMet' }],
    });
    await table.setMetadata({ etag: metadata.etag, description: 'x' });
    const reference = (tableId: string) => ({
      projectId: client.projectId,
      datasetId: 'd',
      tableId,
    });
    const [copying] = await client.createJob({
      jobId: 'two',
      configuration: {
        copy: {
          sourceTables: [reference('t')],
          destinationTable: reference('snapshot'),
          operationType: 'SNAPSHOT',
          writeDisposition: 'WRITE_EMPTY',
          createDisposition: 'CREATE_IF_NEEDED',
          destinationExpirationTime: '2027-01-01T00:00:00Z',
        },
      },
    });
    await copying.promise();
    expect(double.tables('d').get('snapshot')?.kind).toBe('SNAPSHOT');
    await writeFile(file, '{"s":"a"}\n{"S":"b"}\n');
    await expect(table.load(file, { ...LOAD, jobId: 'three' })).rejects.toMatchObject({
      errors: [{ reason: 'invalid', message: expect.stringContaining('No such field: S') }],
    });
    expect(double.rows('d', 't').length).toBe(2);
    await table.delete();
    await expect(table.getMetadata()).rejects.toMatchObject({ code: 404 });
  });
});

test('the double refuses what it does not know', async () => {
  await withDouble(async (place) => {
    const { double } = place;
    const client = clientWith('any', place.double);
    await client.createDataset('d', { location: 'US' });
    const refused = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${double.url}/bigquery/v2/projects/${double.project}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.status;
    };
    expect(await refused('GET', '/datasets/d/tables?unknown=1')).toBe(400);
    expect(await refused('GET', '/datasets/d/routines')).toBe(404);
    expect(await refused('PUT', '/datasets/d/tables/t', {})).toBe(404);
    expect(await refused('POST', '/queries', { query: 'SELECT 1' })).toBe(404);
    expect(await refused('GET', '/queries/q?location=US')).toBe(404);
    expect(await refused('POST', '/datasets/d/tables', { friendlyName: 'x' })).toBe(400);
    const jobReference = { projectId: double.project, jobId: 'j', location: 'US' };
    const job = (configuration: object) =>
      refused('POST', '/jobs', { jobReference, configuration });
    expect(await job({ extract: {} })).toBe(400);
    expect(await job({ query: { query: 'SELECT 1;', useLegacySql: false } })).toBe(400);
    expect(await job({ query: { query: 'SELECT 1;', useLegacySql: false, dryRun: true } })).toBe(
      400,
    );
    expect(await refused('GET', '/jobs/j?location=EU')).toBe(404);
    const table = client.dataset('d').table('t');
    await expect(table.load('/dev/null', { ...LOAD, maxBadRecords: 1 })).rejects.toMatchObject({
      code: 400,
    });
  });
});

test('a token is asked for when the double has one', async () => {
  await withDouble(
    async ({ double }) => {
      const response = await fetch(`${double.url}/bigquery/v2/projects/${double.project}/jobs/j`);
      expect(response.status).toBe(401);
    },
    { token: 'secret' },
  );
});
