import { createHash } from 'node:crypto';
import { attempt } from './values.ts';

/** Longer ids are cut, and end with a hash of the address. */
const LONGEST = 80;
const HASH_DIGITS = 8;

const SPACE = /^\/spaces\/([^/]+)\/([^/]+)(\/.*)?$/;
const SPACE_HOST = /^([a-z0-9-]+?)(?:\.static)?\.hf\.space$/;

/**
 * The id of a board that nobody described, made of its address: small letters, digits and dashes. The
 * same address always gives the same id, and the Hub's page of a Space the same one as the Space's own
 * host: `huggingface.co/spaces/Owner/My_board` and `owner-my-board.hf.space` are `owner-my-board`. Of
 * other addresses it is host, path, query and fragment.
 */
export function boardIdOf(url: string): string {
  const { hostname, port, pathname, search, hash } = new URL(url);
  const space = SPACE.exec(pathname);
  const place = hostname === 'huggingface.co' && space !== null ? space.slice(1) : null;
  const host = SPACE_HOST.exec(hostname)?.[1] ?? `${hostname.replace(/^www\./, '')} ${port}`;
  // The Hub's page passes theme and signature on to the frame: no part of what is shown.
  const query = new URLSearchParams(search);
  for (const name of ['__theme', '__sign']) query.delete(name);
  const parts = [...(place ?? [host, pathname]), query.toString(), hash];
  const text = parts.join(' ');
  // Percent signs of an address may stand for anything; what is no text stays as it is.
  const id = (attempt(() => decodeURIComponent(text)) ?? text)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (id !== '' && id.length <= LONGEST) return id;
  const digest = createHash('sha256').update(url).digest('hex').slice(0, HASH_DIGITS);
  return `${id.slice(0, LONGEST - HASH_DIGITS - 1)}-${digest}`
    .replace(/^-/, '')
    .replaceAll('--', '-');
}
