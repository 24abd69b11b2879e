import { openHubClient, userAgentOf, type HubClient } from '../../api/client.ts';
import { checkSettings } from '../../pipeline/check-settings.ts';
import { expectedRecords, forecast } from '../../pipeline/forecast.ts';
import { noticeOf, noticeOfError } from '../../pipeline/notify.ts';
import { runPipeline, type Plan } from '../../pipeline/pipeline.ts';
import { withRemoteState } from '../../pipeline/remote-state.ts';
import type { RunReport } from '../../pipeline/report.ts';
import { countRun, span, withTelemetry } from '../../pipeline/telemetry.ts';
import { openStorage } from '../../storage/storage-folder.ts';
import { failureFacts } from '../failure.ts';
import { summary } from '../summary.ts';
import { beat, tell } from '../tell.ts';
import type { Io } from '../io.ts';
import { answerReport, withSession, withSummary, type Flags, type Session } from '../session.ts';

/** `run` and `crawl`. */
export const runCommand = (io: Io, flags: Flags, plan: Plan): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { fresh, dryRun } = session.config;
    if (dryRun) return tellForecast(session, plan);
    try {
      const report = await runSession(withSummary(session), plan);
      answerReport(session, report, summary(report, session.config));
      return report.exitCode;
    } finally {
      const again = `the same command${fresh ? ' without --fresh' : ''} goes on where it stopped`;
      if (session.interrupted() !== undefined) session.hint(`stopped, and saved: ${again}`);
    }
  });

/** `--dry-run`: what would be asked for and made. */
async function tellForecast({ config, version, answer }: Session, plan: Plan): Promise<number> {
  const { forecastText } = await import('../plan.ts');
  await checkSettings(config, plan);
  const told = await forecast(config, plan, { version, now: new Date() });
  answer(told, forecastText(told));
  return 0;
}

/** A run in a session, and telling those who want to know of it; `now` is the clock of the run's state. */
export async function runSession(
  session: Session,
  plan: Plan,
  now = () => new Date(),
): Promise<RunReport> {
  try {
    const report = await withTelemetry(session, async () => {
      const ended = await span(plan.command, {}, () => pipelineIn(session, plan, now));
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
async function pipelineIn(session: Session, plan: Plan, now: () => Date): Promise<RunReport> {
  const { config, log } = session;
  await checkSettings(config, plan);
  const client = hubClient(session);
  const storage = await openStorage(config.storage, { command: plan.command, log });
  try {
    const what = { config, command: plan.command };
    return await withRemoteState(session, what, ({ lost, settle }) => {
      const expected = expectedRecords(config, plan);
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
      return runPipeline(dependencies, config, plan);
    });
  } finally {
    storage.close();
    await client.close();
  }
}

/** A client for the Hub of the settings. @param redirectHosts see `HubClientOptions` */
export const hubClient = (
  { config, log, version }: Session,
  redirectHosts?: readonly string[],
): HubClient =>
  openHubClient({
    redirectHosts,
    endpoint: config.endpoint,
    token: config.token,
    userAgent: userAgentOf(version, config.contact),
    timeoutMs: config.timeout * 1000,
    retry: { baseMs: config.retryBase * 1000 },
    onRetry: ({ error }, waitMs) =>
      log.warn({ why: error.message, waitMs: Math.round(waitMs) }, 'asking again'),
  });
