import { getProxyForUrl } from 'proxy-from-env';
import { EnvHttpProxyAgent, type Agent } from 'undici';

/** What is on this machine is never asked for by way of another. */
const OWN = ['localhost', '127.0.0.1', '[::1]'];

/** Connections that go by HTTPS_PROXY, HTTP_PROXY and NO_PROXY of this process. Close it when done. */
export function openAgent(options: Agent.Options = {}): EnvHttpProxyAgent {
  const { no_proxy, NO_PROXY } = process.env;
  return new EnvHttpProxyAgent({ ...options, noProxy: [no_proxy ?? NO_PROXY, ...OWN].join(',') });
}

/** The proxy that the environment names for an address; undefined for none. */
export const proxyFor = (url: string): string | undefined =>
  OWN.includes(new URL(url).hostname) ? undefined : getProxyForUrl(url) || undefined;
