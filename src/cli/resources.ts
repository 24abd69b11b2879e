import { openHubClient, userAgentOf, type HubClient } from '../api/client.ts';
import { openStorage } from '../storage/storage-folder.ts';
import type { Session } from './session.ts';

/** Who makes a storage where there is none; the others have nothing to do there. */
const MAKERS = new Set(['run', 'crawl', 'pull']);

/**
 * Works on the storage of the settings, which this process alone writes to meanwhile.
 *
 * @param command told to whoever finds it locked
 * @throws {EtlError} as `openStorage`, and what `work` throws
 */
export async function withStorage<Result>(
  { config, log }: Session,
  command: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const storage = await openStorage(config.storage, {
    command,
    log,
    mustExist: !MAKERS.has(command),
  });
  try {
    return await work();
  } finally {
    storage.close();
  }
}

/** Works with a client for the Hub of the settings. @param redirectHosts see `HubClientOptions` */
export async function withHub<Result>(
  { config, log, version }: Session,
  work: (client: HubClient) => Promise<Result>,
  redirectHosts?: readonly string[],
): Promise<Result> {
  const client = openHubClient({
    redirectHosts,
    endpoint: config.endpoint,
    token: config.token,
    userAgent: userAgentOf(version, config.contact),
    timeoutMs: config.timeout * 1000,
    retry: { baseMs: config.retryBase * 1000 },
    onRetry: ({ error }, waitMs) =>
      log.warn({ why: error.message, waitMs: Math.round(waitMs) }, 'asking again'),
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
