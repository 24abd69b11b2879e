import { EtlError } from '../errors.ts';

/** The host that names itself in the Hub's own links. */
const CANONICAL_HOST = 'huggingface.co';

/** This machine; `127.evil.example` is another. */
const LOCAL = /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/;

/** The base address of a Hub, without a trailing slash. */
export interface Endpoint {
  url: string;
  origin: string;
  /** What is sent there is read by nobody else: https, or this machine. */
  isPrivate: boolean;
  /** The address of a path and query (`/api/models?…`) on this Hub. */
  at: (pathAndQuery: string) => string;
  /**
   * Path and query of a link that this Hub sent, whether it names this host or the canonical one.
   *
   * @throws {EtlError} HTTP_FOREIGN_HOST for any other host
   */
  pathOf: (link: string) => string;
}

/**
 * Checks the address of a Hub.
 *
 * @throws {EtlError} CONFIG_INVALID when it is no http(s) URL, holds credentials, query or fragment
 */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new EtlError('CONFIG_INVALID', `The endpoint is no http(s) address: ${quoted(text)}`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new EtlError(
      'CONFIG_INVALID',
      'The endpoint may not hold a user, a query or a fragment.',
    );
  }
  const base = withoutSlashes(url.href);
  const prefix = withoutSlashes(url.pathname);
  const pathOf = (link: string): string => {
    const target = URL.canParse(link, `${url.origin}/`)
      ? new URL(link, `${url.origin}/`)
      : undefined;
    if (target?.origin === url.origin) {
      return (
        target.pathname.slice(target.pathname.startsWith(prefix) ? prefix.length : 0) +
        target.search
      );
    }
    if (target?.protocol === 'https:' && target.host === CANONICAL_HOST) {
      return target.pathname + target.search;
    }
    const host = target?.host ?? 'no address';
    throw new EtlError('HTTP_FOREIGN_HOST', `${url.host} sent a link to another host: ${host}`);
  };
  const isPrivate = url.protocol === 'https:' || LOCAL.test(url.hostname);
  return { url: base, origin: url.origin, isPrivate, at: (path) => `${base}${path}`, pathOf };
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));
