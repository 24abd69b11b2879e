import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createStore, readEntries } from '../demo/hub/store.ts';
import { buildVocabulary } from '../demo/hub/vocabulary.ts';
import { compareWithSql } from '../tests/unit/export/sql-agrees.ts';

/**
 * Exports any file of models (JSONL, gzipped) and compares each table with SQL over what was sent:
 * `node scripts/sql-check.ts FILE`. `npm test` does the same with the replica's own models.
 */
const [file = 'demo/data/models.jsonl.gz'] = process.argv.slice(2);
const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
const vocabulary = buildVocabulary(createStore(await readEntries(file)));
const { rows, disagreements } = await compareWithSql(lines, JSON.stringify(vocabulary));
for (const [table, count] of Object.entries(rows)) {
  const differs = disagreements.some((it) => it.table === table);
  process.stdout.write(
    `${table.padEnd(14)} ${String(count).padStart(9)} rows ${differs ? 'DIFFER' : 'agree'}\n`,
  );
}
for (const it of disagreements) process.stdout.write(`${JSON.stringify(it).slice(0, 4000)}\n`);
process.exitCode = disagreements.length === 0 ? 0 : 1;
