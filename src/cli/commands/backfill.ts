import { FILE_HOSTS } from '../../api/repo-files.ts';
import { EtlError } from '../../errors.ts';
import { backfill, type BackfillInput, type BackfillReport } from '../../pipeline/backfill.ts';
import type { Io } from '../io.ts';
import { withHub, withStorage } from '../resources.ts';
import { withSession, type Flags } from '../session.ts';
import { table } from '../table.ts';

/**
 * `backfill FROM`: public snapshots of the Hub into the DuckDB file.
 *
 * @throws {EtlError} as `backfill` of the pipeline does
 */
export const backfillCommand = (io: Io, flags: Flags, [from = '']: string[]): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { config, log, signal, progress } = session;
    const input = inputOf(from, flags);
    const onProgress = (note: string): void => progress.update('backfill', { note });
    const report = await withStorage(session, 'backfill', () =>
      withHub(
        session,
        (client) => backfill({ client, log, signal, onProgress }, config, input),
        FILE_HOSTS,
      ),
    );
    for (const { kind, date } of report.cut)
      log.warn({ kind, date }, 'a snapshot lacks too much: no events are told of it');
    progress.close();
    session.answer(report, textOf(report));
    return 0;
  });

function inputOf(from: string, flags: Flags): BackfillInput {
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  for (const name of ['since', 'until'] as const)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text(name) ?? '2000-01-01'))
      throw new EtlError('CONFIG_INVALID', `--${name}: YYYY-MM-DD is wanted`);
  return {
    from,
    ...{ source: text('source'), licence: text('licence') },
    ...{ since: text('since'), until: text('until') },
  };
}

const textOf = ({ source, licence, snapshots, events, skipped }: BackfillReport): string =>
  `${source} (${licence}): ${snapshots.length} snapshots brought, ${skipped} were there\n${
    snapshots.length === 0 ? '' : `${table(snapshots)}\n${events} events\n`
  }`;
