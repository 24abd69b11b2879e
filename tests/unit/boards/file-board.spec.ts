import { DuckDBInstance } from '@duckdb/node-api';
import Zip from 'adm-zip';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { FileSource } from '../../../src/boards/file-source.ts';
import { formatOf, longestList, rowsOfRecords, valuesAt } from '../../../src/boards/file-source.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { column, model, score, tableBoard } from '../../../src/boards/table-board.ts';
import { crawlFileBoard } from '../../../src/crawlers/file-board.ts';
import type { Capture } from '../../../src/storage/capture.ts';
import { createConfiguration } from '../../../src/storage/storage-client.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

const CSV = 'model,acc,by\n"Ada, 7B",71.50,ada\nBob,8,\n';
const RECORDS = [
  { model: 'Ada, 7B', acc: 71.5, by: 'ada' },
  { model: 'Bob', acc: 8, by: null },
];
const JSON_LIST = JSON.stringify(RECORDS);
const YAML = '- {model: "Ada, 7B", acc: 71.50, by: ada}\n- {model: Bob, acc: 8, by: }\n';

const described = (file: FileSource) =>
  tableBoard({
    ...{ id: 'b', title: 'b', url: 'http://b.test', renderer: 'file', licence: 'none', file },
    ...{ identity: ['model'], minimumRows: 2 },
    columns: [model('model'), score('acc', 'acc', { range: [0, 100] }), column('by', 'by')],
  });

interface Reading {
  file?: FileSource | null;
  path?: string;
}

interface Read {
  /** Reads what is served at a path, by a definition with `file`; null leaves it to be found out. */
  read: (given: Reading) => ReturnType<typeof crawlFileBoard>;
  captures: Capture[];
  at: string;
}

const test = base.extend<{ reading: (answer: RequestListener) => Promise<Read> }>({
  reading: async ({ serve, folder }, use) => {
    await use(async (answer) => {
      const at = await serve(answer);
      const captures: Capture[] = [];
      const dependencies = {
        config: createConfiguration(folder),
        http: { userAgent: 'test', retry: { baseMs: 1, attempts: 2 } },
        write: (capture: Capture) => Promise.resolve(void captures.push(capture)),
      };
      const { signal } = new AbortController();
      const read: Read['read'] = ({ file = {}, path = '/data' }) => {
        const url = `${at}${path}`;
        const board = file === null ? { id: 'b', url } : described(file);
        return crawlFileBoard(dependencies, { board, url }, signal);
      };
      return { read, captures, at };
    });
  },
});

const sent =
  (body: string | Buffer, type = 'text/plain'): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': type, etag: '"1"' }).end(body);

const zipped = (files: Record<string, string>): Buffer => {
  const zip = new Zip();
  for (const [name, text] of Object.entries(files)) zip.addFile(name, Buffer.from(text));
  return zip.toBuffer();
};

async function parquet(folder: string, type = 'DOUBLE'): Promise<Buffer> {
  const file = join(folder, 'b.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = `(VALUES ('Ada, 7B', 71.6::${type}, 'ada'), ('Bob', 8, NULL)) AS t(model, acc, "by")`;
  await connection.run(`COPY (SELECT * FROM ${rows}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return readFile(file);
}

const page = (json: string): string =>
  `<script id="other">1</script><script type="application/json" id="data">${json}</script>`;

/** Each is the same board: as it is sent, and what a definition says of it. */
const FORMATS: Record<string, { body: string | Buffer; file: FileSource; type?: string }> = {
  csv: { body: `\uFEFF${CSV}`, file: { format: 'csv' } },
  'csv by its type': { body: CSV.replaceAll('\n', '\r\n'), file: {}, type: 'text/csv' },
  'csv with semicolons': {
    body: 'model;acc;by\nAda, 7B;71.50;ada\nBob;8;\n',
    file: { format: 'csv' },
  },
  'csv whose cells are links': {
    body: 'model,acc,by\n"<a href=""https://hf.co/a/b"">Ada, 7B</a>",71.50,ada\n[Bob](https://hf.co/c/d),8,\n',
    file: { format: 'csv' },
  },
  tsv: { body: 'model\tacc\tby\nAda, 7B\t71.50\tada\nBob\t8\t\n', file: { format: 'tsv' } },
  json: { body: JSON_LIST, file: {}, type: 'application/json' },
  'json as Python has it': {
    body: '[{"model": "Ada, 7B", "acc": 71.5, "by": "ada"}, {"model": "Bob", "acc": 8, "by": NaN}]',
    file: { format: 'json' },
  },
  'json deep inside': {
    body: JSON.stringify({ boards: [{ name: 'x' }, { name: 'y', at: { rows: RECORDS } }] }),
    file: { format: 'json', path: 'boards[name=y].at.rows[]' },
  },
  jsonl: { body: RECORDS.map((it) => JSON.stringify(it)).join('\n'), file: { format: 'jsonl' } },
  yaml: { body: YAML, file: { format: 'yaml' } },
  zip: {
    body: zipped({ 'a/b.csv': CSV, 'a/c.csv': 'x,y\n1,2\n' }),
    file: { format: 'zip', member: 'a/b.csv' },
  },
  'a script of a page': { body: page(JSON_LIST), file: { format: 'html', script: 'data' } },
};

for (const [name, { body, file, type }] of Object.entries(FORMATS)) {
  test(`${name} is read, every cell as it is written`, async ({ reading }) => {
    const { read, captures, at } = await reading(sent(body, type));
    const outcome = await read({ file });
    expect(outcome).toMatchObject({ status: 'verified', rows: 2, warnings: [] });
    const snapshot = JSON.parse(captures[0]?.body.toString() ?? '') as BoardSnapshot; // ours
    const [ada, bob] = (snapshot.loaded ?? []) as Record<string, { text: string }>[];
    expect(ada).toMatchObject({ model: { text: 'Ada, 7B' }, by: { text: 'ada' } });
    expect(Number(ada?.['acc']?.text)).toBe(71.5);
    expect(bob).toMatchObject({ model: { text: 'Bob' }, acc: { text: '8' }, by: { text: '' } });
    const sha256 = createHash('sha256').update(body).digest('hex');
    const bytes = Buffer.byteLength(body);
    expect(snapshot.files).toEqual([{ url: `${at}/data`, bytes, sha256, etag: '"1"' }]);
  });
}

for (const type of ['DOUBLE', 'FLOAT']) {
  test(`Parquet is read in its order, numbers as numbers: ${type}`, async ({ reading, folder }) => {
    const { read, captures } = await reading(sent(await parquet(folder, type)));
    expect(await read({ file: { format: 'parquet' } })).toMatchObject({
      status: 'verified',
      rows: 2,
    });
    const { loaded } = JSON.parse(captures[0]?.body.toString() ?? '') as BoardSnapshot; // ours
    expect(loaded?.[0]).toMatchObject({
      model: { text: 'Ada, 7B' },
      acc: { text: '71.6', value: 71.6 },
    });
  });
}

test('a file that lists others is read with them, each row under its name', async ({ reading }) => {
  const files: Record<string, unknown> = {
    '/data': { files: ['x y/1.json', '2.json', 'README.md'].map((path) => ({ path })) },
    '/in/x%20y/1.json': RECORDS[0],
    '/in/2.json': RECORDS[1],
  };
  const { read, captures } = await reading(({ url = '' }, response) => {
    response.writeHead(url in files ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(files[url] ?? null));
  });
  const each = { path: 'files[path$=.json].path', url: '/in/{}' };
  expect(await read({ file: { each } })).toMatchObject({ status: 'verified', rows: 2 });
  const snapshot = JSON.parse(captures[0]?.body.toString() ?? '') as BoardSnapshot; // ours
  expect(snapshot.loaded).toMatchObject([
    { file: { text: 'x y/1.json' } },
    { file: { text: '2.json' } },
  ]);
  expect(snapshot.files).toHaveLength(3);
});

const REFUSED: Record<string, { body: string | Buffer; file: FileSource; says: RegExp }> = {
  'cut JSON': { body: JSON_LIST.slice(0, -9), file: { format: 'json' }, says: /broken JSON/ },
  'a short line': { body: `${CSV}Eve,9\n`, file: { format: 'csv' }, says: /no csv/ },
  'a title before the heads': {
    body: `Board,,\n${CSV}`,
    file: { format: 'csv' },
    says: /only one column/,
  },
  'a remark before the heads': { body: `# 2026\n${CSV}`, file: { format: 'csv' }, says: /no csv/ },
  'columns by name': { body: '{"model":{"0":"A"}}', file: { format: 'json' }, says: /no records/ },
  'a page': { body: '<html><p>Sign in', file: { format: 'csv' }, says: /expected "model"/ },
  'no such path': { body: JSON_LIST, file: { format: 'json', path: 'x[]' }, says: /"model"/ },
  'a list of words': { body: '["a", "b"]', file: { format: 'json' }, says: /something else/ },
  'no such member': {
    body: zipped({ 'b.csv': CSV }),
    file: { format: 'zip', member: 'c.csv' },
    says: /0 files c\.csv: it holds b\.csv/,
  },
  'a broken zip': {
    body: zipped({ 'b.csv': CSV }).fill(1, 40, 60),
    file: { format: 'zip', member: 'b.csv' },
    says: /broken zip/,
  },
  'no such script': { body: page('[]'), file: { format: 'html', script: 'x' }, says: /0 scripts/ },
  'YAML with an alias to nothing': { body: '- *x', file: { format: 'yaml' }, says: /no yaml/ },
  'broken text': {
    body: Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]),
    file: { format: 'json' },
    says: /not valid UTF-8/,
  },
  'no Parquet': { body: CSV, file: { format: 'parquet' }, says: /no parquet/ },
  'nothing that is known': { body: CSV, file: {}, says: /of no kind/ },
};

for (const [name, { body, file, says }] of Object.entries(REFUSED)) {
  test(`${name} is refused, and nothing is written`, async ({ reading }) => {
    const { read, captures } = await reading(sent(body));
    const { status, error } = await read({ file });
    expect(['drifted', 'failed']).toContain(status);
    expect(error?.message).toMatch(says);
    expect(captures).toEqual([]);
  });
}

test('a redirect is followed to hosts that are named, and to no other', async ({ reading }) => {
  const { read, at } = await reading(({ url = '' }, response) => {
    const there = `${at.replace('127.0.0.1', 'localhost')}/there`;
    if (url === '/data') response.writeHead(302, { location: there }).end();
    else sent(CSV, 'text/csv')({} as never, response);
  });
  const refused = await read({});
  expect(refused).toMatchObject({ status: 'drifted', error: { code: 'BOARD_DRIFT' } });
  expect(refused.error?.message).toContain('address of the file');
  expect(await read({ file: { hosts: ['localhost'] } })).toMatchObject({ status: 'verified' });
});

test('a file that nobody described tells its list, its columns and what a zip holds', async ({
  reading,
}) => {
  const inside = JSON.stringify({ about: [{ x: 1 }], boards: { all: RECORDS } });
  const { read } = await reading(sent(zipped({ 'README.md': '', 'all.json': inside })));
  const outcome = await read({ file: null, path: '/data.zip' });
  expect(outcome).toMatchObject({ status: 'verified', rows: 2 });
  expect(outcome.inferred).toMatchObject({
    ...{ renderer: 'file', identity: ['model'] },
    file: { member: 'all.json', path: 'boards.all[]' },
  });
});

test('a cell that is a link leads there', () => {
  const cells = ['[Bob](https://hf.co/c/d)', '<a style="x" href="https://hf.co/c/d">Bob</a>'];
  const { rows } = rowsOfRecords(cells.map((model) => ({ model }))) ?? {};
  expect(rows).toEqual(cells.map(() => ({ model: { text: 'Bob', link: 'https://hf.co/c/d' } })));
  const others = [
    '[Bob] (2)',
    '[a](https://x.y) [b](https://x.y)',
    'see <a href="https://x.y">b</a>',
  ];
  expect(rowsOfRecords(others.map((model) => ({ model })))?.rows).toEqual(
    others.map((text) => ({ model: { text } })),
  );
});

test('a path leads to each value that it means', () => {
  const data = {
    a: [
      { n: 'x', r: [1, 2] },
      { n: 'y', r: [3] },
    ],
    o: { k: { v: 1 }, l: { v: 2 } },
  };
  expect(valuesAt(data, 'a[].r[]')).toEqual([1, 2, 3]);
  expect(valuesAt(data, 'a[n=y].r[]')).toEqual([3]);
  expect(valuesAt(data, 'o[]')).toEqual([
    { key: 'k', v: 1 },
    { key: 'l', v: 2 },
  ]);
  expect(valuesAt(data, 'o[v$=2].key')).toEqual(['l']);
  expect(valuesAt(data, 'a.constructor[]')).toEqual([]);
  expect(longestList({ a: [1, 2, 3], b: { c: [{}, {}] }, d: [{}] })).toBe('b.c[]');
  expect(longestList([1])).toBeNull();
});

test('a file is known by its name, else by its type', () => {
  expect(formatOf('/x/b.CSV?raw=1', 'text/plain')).toBe('csv');
  expect(formatOf('/x/b.yml')).toBe('yaml');
  expect(formatOf('/x/b', 'application/json; charset=utf-8')).toBe('json');
  expect(formatOf('/x/b', 'text/html')).toBe('html');
  expect(formatOf('/x/b', 'text/plain')).toBeNull();
});
