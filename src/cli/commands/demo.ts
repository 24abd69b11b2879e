import path from 'node:path';
import { queryDuckdb } from '../../export/duckdb.ts';
import { runSession } from './run.ts';
import type { Io } from '../io.ts';
import { answerReport, openSession, withSession, withSummary, type Flags } from '../session.ts';
import { summary } from '../summary.ts';
import { table } from '../table.ts';

const QUERIES = [
  {
    asks: 'Which kinds of model are there most?',
    sql: `SELECT coalesce(pipeline_tag, '(none)') AS task, count(*) AS models, sum(downloads) AS downloads_30_days
FROM huggingface.raw_model GROUP BY ALL ORDER BY models DESC, task LIMIT 5`,
  },
  {
    asks: 'The best of the Open LLM Leaderboard, one row a model?',
    sql: `SELECT id AS model, max(average) AS average, any_value(params) AS billion_parameters
FROM huggingface.leaderboard GROUP BY id ORDER BY average DESC LIMIT 5`,
  },
  {
    asks: 'Is anything missing?',
    sql: `SELECT source, status, stated, exported, missed, is_complete, why_not FROM huggingface.completeness
WHERE run = (SELECT max_by(run, sequence) FROM huggingface.releases) AND asked IS NOT NULL ORDER BY is_complete, source`,
  },
];

/**
 * `demo`: the whole pipeline against a replica of the Hub and of a leaderboard, on this machine. Given
 * again it is one more run of the same storage: nothing is removed for it.
 */
export async function demoCommand(io: Io, flags: Flags): Promise<number> {
  const { startReplica } = await import('../../../demo/index.ts');
  const replica = await startReplica();
  try {
    const { config, close } = openSession(io, { ...flags, endpoint: replica.hubUrl });
    close();
    const storage = path.join(config.storage, 'demo');
    const settings = {
      // What the replica says of owners is made up, and their names are real.
      ...{ ...flags, storage, endpoint: replica.hubUrl, fresh: true, overviews: 0 },
      ...{ board: ['open-llm'], boardUrl: [`open-llm=${replica.openLlmUrl}`] },
    };
    return await withSession(io, settings, async (session) => {
      const report = await runSession(withSummary(session), 'run');
      answerReport(session, report, summary(report, session.config));
      if (!session.config.json && report.warehouse !== null) {
        session.print(await answers(report.warehouse.path, storage));
      }
      return report.exitCode;
    });
  } finally {
    await replica.close();
  }
}

async function answers(file: string, storage: string): Promise<string> {
  const parts: string[] = [];
  for (const { asks, sql } of QUERIES) {
    parts.push(
      `\n${asks}\n\n${sql.replace(/^/gm, '  ')};\n\n${table(await queryDuckdb(file, sql))}`,
    );
  }
  parts.push(`
Where to look next
  npx huggingface-etl query --storage ${storage} "SHOW ALL TABLES"
  npx huggingface-etl schema raw_model     what each column means
  npx huggingface-etl run --limit 5000     the real Hub, its oldest 5,000 models
`);
  return parts.join('');
}
