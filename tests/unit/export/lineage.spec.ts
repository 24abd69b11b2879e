import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
import {
  inputOf,
  readRows,
  tinyModel,
  withTemporaryFolder,
  writeItems,
  writePages,
} from './captured.ts';

/** Models in an order in which children come before what they are made from. */
const RECORDS = [
  tinyModel(1, { id: 'a/child', cardData: { license: 'mit', base_model: ['A/Base', 'o/old'] } }),
  tinyModel(2, { id: 'a/twice', cardData: { base_model: ['o/old', 'n/new'] } }),
  tinyModel(3, { id: 'a/base', cardData: { license: 'llama2', base_model: 'n/new' } }),
  tinyModel(4, { id: 'n/new', cardData: { license: 'cc-by-nc-4.0', base_model: 'a/child' } }),
  tinyModel(5, { id: 'a/self', cardData: { base_model: ['a/self', 'gone/model'] } }),
  tinyModel(6, {
    id: 'a/known',
    baseModels: { relation: 'merge', models: [{ _id: 'x', id: 'x/y' }] },
  }),
  // The Hub did not resolve it here, and the release does not hold it.
  tinyModel(7, { id: 'a/other', cardData: { base_model: 'X/Y' } }),
];

const RENAMED = {
  ...{ source: 'details', id: 'o/old', reason: 'renamed', detail: 'n/new' },
  ...{ url: 'http://hub/', at: '2026-11-23T10:00:00.000Z' },
};

test('bases have the ids of the release, through case and renames; lines of descent end where they turn back', async () => {
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    await writePages(storage, 'models', [{ records: RECORDS }]);
    await writeItems(storage, 'missed', [RENAMED]);
    const out = join(folder, 'out');
    const manifest = await exportRun(inputOf(storage, { models: 'models', missed: 'missed' }), {
      out,
      compress: 'none',
    });
    const idOf = new Map(
      RECORDS.map((it) => JSON.parse(it) as Record<string, string>).map((it) => [
        it['id'],
        it['_id'],
      ]),
    );

    const edges = await readRows(out, manifest, 'base_models');
    expect(
      edges.map((it) => [
        it['id'],
        it['base_model'],
        it['base_model_id'] ?? null,
        it['stated_as'],
        it['is_self'],
      ]),
    ).toEqual([
      ['a/known', 'x/y', 'x', [], false],
      ['a/child', 'A/Base', idOf.get('a/base'), [], false],
      ['a/child', 'n/new', idOf.get('n/new'), ['o/old'], false],
      ['a/twice', 'n/new', idOf.get('n/new'), ['o/old'], false],
      ['a/base', 'n/new', idOf.get('n/new'), [], false],
      ['n/new', 'a/child', idOf.get('a/child'), [], false],
      ['a/self', 'a/self', idOf.get('a/self'), [], true],
      ['a/self', 'gone/model', null, [], false],
      ['a/other', 'X/Y', null, [], false],
    ]);

    const path = join(folder, 'hub.duckdb');
    await buildDuckdb({ manifest, exportDir: out, path });
    const lines = await queryDuckdb(
      path,
      'SELECT id, ancestor, generation, family, ancestor_family FROM huggingface.lineage ORDER BY id, generation, ancestor',
    );
    expect(lines.map((it) => Object.values(it))).toEqual([
      ['a/base', 'n/new', 1, 'use_limits', 'non_commercial'],
      ['a/base', 'a/child', 2, 'use_limits', 'open_source'],
      ['a/child', 'a/base', 1, 'open_source', 'use_limits'],
      ['a/child', 'n/new', 1, 'open_source', 'non_commercial'],
      ['a/known', 'x/y', 1, 'unknown', null],
      ['a/other', 'X/Y', 1, 'unknown', null],
      ['a/self', 'gone/model', 1, 'unknown', null],
      ['a/twice', 'n/new', 1, 'unknown', 'non_commercial'],
      ['a/twice', 'a/child', 2, 'unknown', 'open_source'],
      ['a/twice', 'a/base', 3, 'unknown', 'use_limits'],
      ['n/new', 'a/child', 1, 'non_commercial', 'open_source'],
      ['n/new', 'a/base', 2, 'non_commercial', 'use_limits'],
    ]);

    const held = await queryDuckdb(
      path,
      `SELECT count_if(ancestor_id IS NULL) AS unknown, count_if(ancestor_id = 'x') AS elsewhere FROM huggingface.lineage`,
    );
    expect(held).toEqual([{ unknown: 3, elsewhere: 0 }]);
    const children = await queryDuckdb(
      path,
      `SELECT lower(base_model) AS base, children, merges FROM huggingface.base_model_children WHERE base ILIKE 'x/y'`,
    );
    expect(children).toEqual([{ base: 'x/y', children: 2, merges: 1 }]);
  });
});
