import { expect, test } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { createStore, readEntries } from '../../../demo/hub/store.ts';
import { buildVocabulary } from '../../../demo/hub/vocabulary.ts';
import { realModels } from './captured.ts';
import { compareWithSql } from './sql-agrees.ts';

const DATA = fileURLToPath(new URL('../../../demo/data/models.jsonl.gz', import.meta.url));

test('SQL over what was sent finds the same rows in every table that is made of models', async () => {
  const vocabulary = buildVocabulary(createStore(await readEntries(DATA)));
  const { rows, disagreements } = await compareWithSql(
    await realModels(),
    JSON.stringify(vocabulary),
  );
  expect(disagreements).toEqual([]);
  // A comparison of nothing with nothing says nothing.
  for (const [table, count] of Object.entries(rows)) expect(count, table).toBeGreaterThan(0);
});
