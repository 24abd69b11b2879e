import { bigqueryPlace } from '../stage-export.ts';
import { openSession, type Flags } from './session.ts';
import { table } from './table.ts';

/** `releases`: what was published to BigQuery. */
export async function releasesCommand(flags: Flags): Promise<number> {
  const { listBigqueryReleases } = await import('../export/bigquery/rollback.ts');
  const session = openSession(flags);
  const { config, log, signal } = session;
  try {
    const releases = await listBigqueryReleases({ log }, { ...bigqueryPlace(config), signal });
    session.print(config.json ? `${JSON.stringify({ releases })}\n` : table(releases));
    return 0;
  } finally {
    session.close();
  }
}

/** `rollback RUN`: the tables as that release left them, from the snapshots. */
export async function rollbackCommand(flags: Flags, [run = '']: string[]): Promise<number> {
  const { rollbackBigquery } = await import('../export/bigquery/rollback.ts');
  const session = openSession(flags);
  const { config, log, signal } = session;
  try {
    const done = await rollbackBigquery({ log }, run, { ...bigqueryPlace(config), signal });
    const rows = Object.entries(done.tables).map(([name, count]) => ({ table: name, rows: count }));
    const text = `${done.outcome}: ${done.run}\n\n${table(rows)}`;
    session.print(config.json ? `${JSON.stringify(done)}\n` : text);
    return 0;
  } finally {
    session.close();
  }
}
