import { sendHeartbeat, sendNotice, type Notice, type SendOptions } from '../pipeline/notify.ts';
import type { Session } from './session.ts';

/** Tells whom `--notify` names; that nobody could be told is logged, and fails nothing. */
export async function tell(session: Session, notice: Notice | undefined): Promise<void> {
  const { config, log } = session;
  if (notice === undefined || config.notify === undefined) return;
  const failure = await sendNotice(config.notify, notice, sendOptions(session));
  const { event } = notice;
  if (failure === undefined) log.info({ event }, 'somebody was told');
  else log.error({ event, why: failure }, 'nobody was told');
}

/** Tells the service of `--heartbeat` that a run went well. */
export async function beat(session: Session): Promise<void> {
  const { config, log } = session;
  if (config.heartbeat === undefined) return;
  const failure = await sendHeartbeat(config.heartbeat, sendOptions(session));
  if (failure !== undefined) log.error({ why: failure }, 'the heartbeat was not received');
}

const sendOptions = ({ config, kill }: Session): SendOptions => ({
  retryBaseMs: config.retryBase * 1000,
  signal: kill,
});
