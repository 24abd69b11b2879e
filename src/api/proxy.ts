import { getProxyForUrl } from 'proxy-from-env';
import { EnvHttpProxyAgent, type Agent } from 'undici';
import { EtlError } from '../errors.ts';

/** What is on this machine is never asked for by way of another. */
const OWN = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Connections that go by HTTPS_PROXY, HTTP_PROXY and NO_PROXY of this process. Close it when done.
 *
 * @throws {EtlError} CONFIG_INVALID for a proxy that is none
 */
export function openAgent(options: Agent.Options = {}): EnvHttpProxyAgent {
  const { no_proxy, NO_PROXY } = process.env;
  try {
    return new EnvHttpProxyAgent({ ...options, noProxy: [no_proxy ?? NO_PROXY, ...OWN].join(',') });
  } catch (cause) {
    // Without the address, which may hold a password.
    const what = 'HTTPS_PROXY or HTTP_PROXY is no address of a proxy, as http://proxy:3128 is';
    throw new EtlError('CONFIG_INVALID', what, { cause });
  }
}

/** The proxy that the environment names for an address; undefined for none. */
export const proxyFor = (url: string): string | undefined =>
  OWN.includes(new URL(url).hostname) ? undefined : getProxyForUrl(url) || undefined;
