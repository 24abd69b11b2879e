import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HubClient } from '../../api/client.ts';
import { probeExpands } from '../../api/repos.ts';
import { findBrowser } from '../../crawlers/browser.ts';
import { tryBrowser } from '../../crawlers/browser-start.ts';
import { EtlError, gravestExitCode } from '../../errors.ts';
import { freeBytesOf } from '../../export/duckdb/space.ts';
import { bigqueryPlace, openBucketByProxy } from '../../pipeline/places.ts';
import type { Io } from '../io.ts';
import { withHub } from '../resources.ts';
import { withSession, type Flags, type Session } from '../session.ts';

interface Finding {
  what: string;
  ok: boolean;
  says: string;
  exitCode: number;
}

/** Bytes that a full crawl with its tables needs: captures, tables and the DuckDB file. */
const NEEDED_BYTES = 20e9;
/** Seconds that our clock may differ from the Hub's before the catch-up pass could miss something. */
const MAX_SKEW_SECS = 120;

/** `doctor`: is everything here that a run needs? The exit code is that of the worst finding. */
export const doctorCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, async (session) => {
    const findings = [
      await browser(session),
      ...(await hub(session)),
      await disk(session),
      ...(await places(session)),
    ];
    const lines = findings.map(
      ({ what, ok, says }) => `${ok ? 'ok  ' : 'FAIL'}  ${what.padEnd(9)} ${says}\n`,
    );
    const report = { findings: findings.map(({ what, ok, says }) => ({ what, ok, says })) };
    session.answer(report, lines.join(''));
    return gravestExitCode(findings.map(({ exitCode }) => exitCode));
  });

const good = (what: string, says: string): Finding => ({ what, ok: true, says, exitCode: 0 });

function bad(what: string, error: unknown): Finding {
  const known = error instanceof EtlError;
  const message = error instanceof Error ? error.message : String(error);
  const says = known ? `${message} [${error.code}] ${error.hint}` : message;
  return { what, ok: false, says, exitCode: known ? error.exitCode : 1 };
}

async function browser({ env }: Session): Promise<Finding> {
  try {
    const { executablePath, kind } = await findBrowser({ env });
    const { version, reason } = await tryBrowser(executablePath, { env });
    return good('browser', `${executablePath} (${kind}), ${version}; ${reason}`);
  } catch (error) {
    return bad('browser', error);
  }
}

async function hub(session: Session): Promise<Finding[]> {
  const { config } = session;
  const token = config.token === undefined ? 'none: the anonymous quota holds' : 'set';
  try {
    return await withHub(session, async (client) => {
      const { serverTime, readable, added, removed } = await probeExpands(
        client,
        'models',
        session.kill,
      );
      const quota = client.gate.last();
      const left = quota === undefined ? 'it states no quota' : `${quota.remaining} requests left`;
      const fields = readable
        ? `${added.length} new, ${removed.length} gone fields`
        : 'fields not named';
      return [
        good('endpoint', `${config.endpoint} answers; ${left}; ${fields}`),
        good('token', config.token === undefined ? token : await scopeOf(client, session.kill)),
        clock(serverTime),
      ];
    });
  } catch (error) {
    const isToken = error instanceof EtlError && error.code.startsWith('AUTH');
    return isToken ? [bad('token', error)] : [bad('endpoint', error), good('token', token)];
  }
}

/** What a token may do, as the Hub says. @throws {EtlError} AUTH_TOKEN */
async function scopeOf(client: HubClient, signal: AbortSignal): Promise<string> {
  try {
    const { name, auth } = WhoAmI.parse((await client.getJson('/api/whoami-v2', signal)).value);
    const { role } = auth.accessToken;
    return `set and accepted: ${role ?? 'unknown scope'}${name === undefined ? '' : ` of ${name}`}`;
  } catch (error) {
    if (error instanceof EtlError && error.code.startsWith('AUTH')) throw error;
    return 'set and accepted; the endpoint does not say what it may do';
  }
}

/** @see https://huggingface.co/docs/hub/api */
const WhoAmI = z.looseObject({
  name: z.string().max(100).optional(),
  auth: z.looseObject({ accessToken: z.looseObject({ role: z.string().max(100).optional() }) }),
});

/** Where a run would keep its state and its tables, as far as the settings name it. */
async function places(session: Session): Promise<Finding[]> {
  const { config, log, signal } = session;
  const { state, bucket, bigqueryEndpoint: google = '' } = config;
  const emulator = config.storageEndpoint ?? (/^http:/.test(google) ? google : undefined);
  const buckets = [
    { what: 'state', address: state, gcsEndpoint: config.storageEndpoint },
    { what: 'bucket', address: bucket, gcsEndpoint: emulator },
    ...config.to
      .filter((it) => it.startsWith('hf://buckets/'))
      .map((address) => ({ what: 'to', address, gcsEndpoint: undefined })),
  ];
  const findings: Finding[] = [];
  for (const { address, ...it } of buckets)
    if (address !== undefined) findings.push(await kept(session.env, { ...it, address }));
  if (config.bigqueryProject === undefined) return findings;
  try {
    const { listBigqueryReleases } = await import('../../export/bigquery/rollback.ts');
    const place = bigqueryPlace(config);
    const releases = await listBigqueryReleases({ log }, { ...place, signal });
    const where = `${place.project}.${config.bigqueryDataset}`;
    return [...findings, good('bigquery', `${where} answers: ${releases.length} releases`)];
  } catch (error) {
    return [...findings, bad('bigquery', error)];
  }
}

/** Writes, reads and removes a small object. */
async function kept(
  env: Session['env'],
  {
    what,
    address,
    gcsEndpoint,
  }: { what: string; address: string; gcsEndpoint: string | undefined },
): Promise<Finding> {
  try {
    const bucket = await openBucketByProxy(address, { env, gcsEndpoint });
    const name = `doctor-${randomUUID()}`;
    await bucket.put(name, Buffer.from('doctor'));
    await bucket.get(name);
    await bucket.remove(name);
    return good(what, `${address} takes, gives and removes`);
  } catch (error) {
    return bad(what, error);
  }
}

function clock(serverTime: string | undefined): Finding {
  if (serverTime === undefined) return good('clock', 'the endpoint tells no time');
  const skewSecs = Math.round((Date.now() - Date.parse(serverTime)) / 1000);
  const says = `${skewSecs} s from the endpoint's`;
  return Math.abs(skewSecs) <= MAX_SKEW_SECS
    ? good('clock', says)
    : { what: 'clock', ok: false, says: `${says}: set the clock of this machine`, exitCode: 2 };
}

async function disk({ config }: Session): Promise<Finding> {
  try {
    const freeBytes = await freeBytesOf(config.storage).catch(() => freeBytesOf('.'));
    const says = `${(freeBytes / 1e9).toFixed(1)} GB free for ${config.storage}`;
    return freeBytes >= NEEDED_BYTES
      ? good('disk', says)
      : { what: 'disk', ok: false, says: `${says}; a whole crawl needs 20 GB`, exitCode: 75 };
  } catch (error) {
    return bad('disk', error);
  }
}
