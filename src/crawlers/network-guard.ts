import type { lookup as nodeLookup } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { Agent } from 'node:http';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { RequestError, Server } from 'proxy-chain';
import { proxyFor } from '../api/proxy.ts';

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<{ address: string; family: number }[]>;

/** The way of one board's page to the network. */
export interface NetworkGuard {
  /** Of the proxy that the page has to use. */
  url: string;
  /** What the page asked for and did not get, in words, by host. */
  refused: ReadonlyMap<string, string>;
  close: () => Promise<void>;
}

/** More would only repeat that the page tries. */
const MOST_REFUSED = 20;

/** Of this machine, of its networks, or of nobody. Of IPv6, the forms that hold one of IPv4 too. */
const NOT_PUBLIC = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits); // and as ::ffff:…
  NOT_PUBLIC.addSubnet(`64:ff9b::${net}`, 96 + bits, 'ipv6');
}
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 6],
  ['ff00::', 8],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');
}
// fe80::/10 and fec0::/10
NOT_PUBLIC.addSubnet('fe80::', 9, 'ipv6');

/** Whether anybody's page may reach an address. Pure. */
export const isPublic = (address: string): boolean =>
  !NOT_PUBLIC.check(address.split('%', 1)[0] ?? '', isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Names that the public DNS does not have: who names such a host means one of the own network. */
const IN_HOUSE_NAME = /^[^.]+$|\.(?:localhost|local|internal|intranet|corp|lan|home\.arpa)$/;

const isInHouse = (host: string): boolean =>
  isIP(host) === 0 ? IN_HOUSE_NAME.test(host) : !isPublic(host);

/**
 * Starts a proxy on loopback that lets a page reach public addresses and no other, but its own host
 * where that is one of the own network. The address that is judged is the one that is connected to; by way of a
 * proxy of the environment (HTTPS_PROXY) names are judged, and addresses are that proxy's to judge.
 *
 * @param own address of the board
 * @see https://github.com/apify/proxy-chain
 */
export async function openNetworkGuard(
  own: string,
  resolve: Resolve = (name) => lookup(name, { all: true }),
): Promise<NetworkGuard> {
  const ownHost = hostOf(new URL(own).hostname);
  const refused = new Map<string, string>();
  // A connection for each request: one that is kept was judged for another.
  const httpAgent = new Agent();
  const server = new Server({
    host: '127.0.0.1',
    port: 0,
    async prepareRequestFunction({ hostname, port, isHttp }) {
      const host = hostOf(hostname);
      if (host === ownHost && isInHouse(host)) return { httpAgent };
      const family = isIP(host);
      // Where another proxy is the only way out, it alone knows addresses of names.
      const upstream = proxyFor(`${isHttp ? 'http' : 'https'}://${hostname}:${port}`);
      if (upstream !== undefined && !isInHouse(host)) return { upstreamProxyUrl: upstream };
      const found = family === 0 ? await addressesOf(host, resolve) : [{ address: host, family }];
      const [first, ...others] = found.filter(({ address }) => isPublic(address));
      if (first !== undefined) return { httpAgent, dnsLookup: always([first, ...others]) };
      const which = family === 0 ? `, which is ${found[0]?.address ?? 'nowhere'}` : '';
      const text = `${host}${which}: no public address, not reached`;
      if (refused.size < MOST_REFUSED) refused.set(host, text);
      throw new RequestError(text, 403);
    },
  });
  await server.listen();
  return {
    url: `http://127.0.0.1:${server.port}`,
    refused,
    close: () => server.close(true),
  };
}

const hostOf = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();

async function addressesOf(host: string, resolve: Resolve) {
  try {
    return await resolve(host);
  } catch (error) {
    throw new RequestError(`${host} has no address: ${String(error)}`, 502);
  }
}

type Address = Awaited<ReturnType<Resolve>>[number];

/** Gives what was judged, so that no second question can be answered otherwise. */
function always(found: [Address, ...Address[]]): typeof nodeLookup {
  const answer: LookupFunction = (_host, { all }, done) =>
    all === true ? done(null, found) : done(null, found[0].address, found[0].family);
  return answer as typeof nodeLookup; // as sockets call it
}
