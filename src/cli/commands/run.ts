import { checkSettings } from '../../pipeline/check-settings.ts';
import { expectedRecords, forecast } from '../../pipeline/forecast.ts';
import {
  noticeOf,
  noticeOfError,
  sendHeartbeat,
  sendNotice,
  type Notice,
  type SendOptions,
} from '../../pipeline/notify.ts';
import { runPipeline, type Command } from '../../pipeline/pipeline.ts';
import { withRemoteState } from '../../pipeline/remote-state.ts';
import type { RunReport } from '../../pipeline/report.ts';
import { countRun, span, withTelemetry } from '../../pipeline/telemetry.ts';
import { failureFacts } from '../failure.ts';
import { summary } from '../summary.ts';
import type { Io } from '../io.ts';
import { withHub, withStorage } from '../resources.ts';
import { answerReport, withSession, withSummary, type Flags, type Session } from '../session.ts';

/** `run`: crawl, export and load. */
export const runCommand = (io: Io, flags: Flags): Promise<number> => runAs(io, flags, 'run');

/** `crawl [SOURCE…]`; `--sources` adds to them. */
export function crawlCommand(io: Io, flags: Flags, names: string[]): Promise<number> {
  const sources = names.concat(typeof flags['sources'] === 'string' ? flags['sources'] : []);
  return runAs(io, sources.length > 0 ? { ...flags, sources: sources.join(',') } : flags, 'crawl');
}

const runAs = (io: Io, flags: Flags, command: Command): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { fresh, dryRun } = session.config;
    if (dryRun) return tellForecast(session, command);
    try {
      const report = await runSession(withSummary(session), command);
      answerReport(session, report, summary(report, session.config));
      return report.exitCode;
    } finally {
      const again = `the same command${fresh ? ' without --fresh' : ''} goes on where it stopped`;
      if (session.interrupted() !== undefined) session.hint(`stopped, and saved: ${again}`);
    }
  });

/** `--dry-run`: what would be asked for and made. */
async function tellForecast(
  { config, version, answer }: Session,
  command: Command,
): Promise<number> {
  const { forecastText } = await import('../plan.ts');
  await checkSettings(config, command);
  const told = await forecast(config, command, { version, now: new Date() });
  answer(told, forecastText(told));
  return 0;
}

/** A run in a session, and telling those who want to know of it; `now` is the clock of the run's state. */
export async function runSession(
  session: Session,
  command: Command,
  now = () => new Date(),
): Promise<RunReport> {
  try {
    const report = await withTelemetry(session, async () => {
      const ended = await span(command, {}, () => pipelineIn(session, command, now));
      countRun(ended);
      return ended;
    });
    await tell(session, noticeOf(report));
    if (report.exitCode === 0) await beat(session);
    return report;
  } catch (error) {
    if (session.interrupted() === undefined) {
      session.log.error({ error }, 'no run could begin');
      await tell(session, noticeOfError(failureFacts(error)));
    }
    throw error;
  }
}

/** The pipeline in a session: one storage, locked; one client for the Hub. */
async function pipelineIn(session: Session, command: Command, now: () => Date): Promise<RunReport> {
  const { config, log } = session;
  await checkSettings(config, command);
  return withHub(session, (client) =>
    withStorage(session, command, () =>
      withRemoteState(session, { config, command }, ({ lost, settle }) => {
        const expected = expectedRecords(config, command);
        const dependencies = {
          client,
          ...{ log, ...session.listener },
          version: session.version,
          env: session.env,
          now,
          onProgress: (source: string, facts: object) =>
            session.progress.update(source, {
              ...{ expected: expected[source], ...facts },
              quotaLeft: client.gate.last()?.remaining,
            }),
          signal: AbortSignal.any([session.signal, lost]),
          kill: AbortSignal.any([session.kill, lost]),
          interrupted: () => session.interrupted() ?? (lost.aborted ? 143 : undefined),
          beforeEnd: settle,
        };
        return runPipeline(dependencies, config, command);
      }),
    ),
  );
}

/** Tells whom `--notify` names; that nobody could be told is logged, and fails nothing. */
async function tell(session: Session, notice: Notice | undefined): Promise<void> {
  const { config, log } = session;
  if (notice === undefined || config.notify === undefined) return;
  const failure = await sendNotice(config.notify, notice, sendOptions(session));
  const { event } = notice;
  if (failure === undefined) log.info({ event }, 'somebody was told');
  else log.error({ event, why: failure }, 'nobody was told');
}

/** Tells the service of `--heartbeat` that a run went well. */
async function beat(session: Session): Promise<void> {
  const { config, log } = session;
  if (config.heartbeat === undefined) return;
  const failure = await sendHeartbeat(config.heartbeat, sendOptions(session));
  if (failure !== undefined) log.error({ why: failure }, 'the heartbeat was not received');
}

const sendOptions = ({ config, kill }: Session): SendOptions => ({
  retryBaseMs: config.retryBase * 1000,
  signal: kill,
});
