import { createHubClient, type HubClient } from '../../api/hub-client.ts';
import { parseEndpoint } from '../../api/endpoint.ts';
import { createQuotaGate } from '../../api/quota-gate.ts';
import { systemClock } from '../../api/system-clock.ts';
import { createTransport } from '../../api/transport.ts';
import { EtlError } from '../../errors.ts';
import { runPipeline, type Plan } from '../../pipeline/pipeline.ts';
import type { RunReport } from '../../pipeline/report.ts';
import { openStorage } from '../../storage/storage-folder.ts';
import { summary } from '../summary.ts';
import type { Io } from '../io.ts';
import { openSession, type Flags, type Session } from '../session.ts';

/** `run` and `crawl`. */
export async function runCommand(io: Io, flags: Flags, plan: Plan): Promise<number> {
  const session = openSession(io, flags);
  try {
    const report = await runSession(session, plan);
    session.progress.close();
    session.print(
      session.config.json ? `${JSON.stringify(report)}\n` : summary(report, session.config),
    );
    if (report.error !== undefined) session.complain(report.error);
    return report.exitCode;
  } finally {
    session.close();
  }
}

/** The pipeline in a session: one storage, locked; one client for the Hub. */
export async function runSession(session: Session, plan: Plan): Promise<RunReport> {
  const { config, log } = session;
  const client = hubClient(session);
  const storage = await openStorage(config.storage, { command: plan.command, log });
  try {
    const dependencies = {
      client,
      log,
      version: session.version,
      env: session.env,
      now: () => new Date(),
      onProgress: (source: string, facts: object) =>
        session.progress.update(source, { ...facts, quotaLeft: client.gate.last()?.remaining }),
      signal: session.signal,
      kill: session.kill,
      interrupted: session.interrupted,
    };
    return await runPipeline(dependencies, config, plan);
  } finally {
    storage.close();
    await client.transport.close();
  }
}

/** A token is never sent in the clear but to this machine. */
function refuseClearToken(endpoint: string, token: string | undefined): void {
  const { protocol, hostname } = new URL(endpoint);
  const local = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (token === undefined || protocol === 'https:' || local) return;
  throw new EtlError('CONFIG_INVALID', 'A token is set and the endpoint is not https');
}

/** A client for the Hub of the settings. */
export function hubClient({ config, log, version }: Session): HubClient {
  const endpoint = parseEndpoint(config.endpoint);
  refuseClearToken(endpoint.url, config.token);
  return createHubClient({
    endpoint,
    transport: createTransport({
      endpoint,
      token: config.token,
      userAgent: `huggingface-etl/${version}`,
      timeoutMs: config.timeout * 1000,
    }),
    gate: createQuotaGate(systemClock),
    clock: systemClock,
    retry: {
      baseMs: config.retryBase * 1000,
      maxMs: 30_000,
      attempts: 5,
      random: Math.random,
    },
    onRetry: (failure, waitMs) =>
      log.warn({ why: failure.error.message, waitMs: Math.round(waitMs) }, 'asking again'),
  });
}
