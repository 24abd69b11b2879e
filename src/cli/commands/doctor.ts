import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { probeExpands } from '../../api/repos.ts';
import { findBrowser } from '../../crawlers/browser.ts';
import { tryBrowser } from '../../crawlers/browser-start.ts';
import { EtlError, gravestExitCode } from '../../errors.ts';
import { hubClient } from './run.ts';
import type { Io } from '../io.ts';
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
    const findings = [await browser(session), ...(await hub(session)), await disk(session)];
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
    const client = hubClient(session);
    try {
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
        good('token', config.token === undefined ? token : 'set and accepted'),
        clock(serverTime),
      ];
    } finally {
      await client.close();
    }
  } catch (error) {
    const isToken = error instanceof EtlError && error.code.startsWith('AUTH');
    return isToken ? [bad('token', error)] : [bad('endpoint', error), good('token', token)];
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
    const { bavail, bsize } = await statfs(path.resolve(config.storage)).catch(() => statfs('.'));
    const freeBytes = bavail * bsize;
    const says = `${(freeBytes / 1e9).toFixed(1)} GB free for ${config.storage}`;
    return freeBytes >= NEEDED_BYTES
      ? good('disk', says)
      : { what: 'disk', ok: false, says: `${says}; a whole crawl needs 20 GB`, exitCode: 75 };
  } catch (error) {
    return bad('disk', error);
  }
}
