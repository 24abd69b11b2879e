import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { queryDuckdb } from '../../../src/export/duckdb.ts';

// A reader of its own: reads every table of PATH in one session, again and again, until stdin ends.
const [path = ''] = process.argv.slice(2);
let isOver = false;
process.stdin.on('end', () => (isOver = true)).resume();

const SQL = `SELECT
  (SELECT max_by(run, sequence) FROM huggingface.releases) AS run,
  (SELECT count(*) FROM huggingface.raw_model) AS models,
  (SELECT list(DISTINCT likes) FROM huggingface.raw_model) AS likes,
  (SELECT count(*) FROM huggingface.core_model) AS core,
  (SELECT count(*) FROM huggingface.parameters) AS parameters,
  (SELECT count(DISTINCT CAST(update_time AS DATE)) FROM huggingface.usage) AS usage_days,
  (SELECT count(*) FROM huggingface.usage) AS usage_rows,
  (SELECT max(likes) FROM huggingface.usage) AS usage_likes,
  (SELECT count(*) FROM huggingface.leaderboard_entries) AS board_days,
  (SELECT count(*) FROM huggingface.runs) AS runs,
  (SELECT count(DISTINCT run) FROM huggingface.releases) AS releases`;

while (!isOver) {
  const [seen] = await queryDuckdb(path, SQL);
  writeSync(1, `${JSON.stringify(seen)}\n`);
  await setImmediate();
}
