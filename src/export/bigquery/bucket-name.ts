const SCHEME = 'gs://';
const NAME = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;
/** BigQuery reads `*` as any text; the others mean something in addresses, or to Google's tools. */
const FORBIDDEN = /[*?#[\]]|\p{Cc}/u;
/** Google allows 1,024 in all; the rest is for the names of tables and runs. */
const MAX_PREFIX_BYTES = 512;

/**
 * Why a text is no `gs://bucket/prefix`; undefined when it is one.
 *
 * @see https://cloud.google.com/storage/docs/buckets#naming
 */
export function bucketProblem(address: string): string | undefined {
  if (!address.startsWith(SCHEME)) {
    return `${quoted(address)} is no gs://BUCKET or gs://BUCKET/PREFIX`;
  }
  const { name, prefix } = splitBucket(address);
  if (!NAME.test(name) || name.includes('..')) {
    return `${quoted(name)} is no name of a bucket: 3 to 63 of a-z, 0-9, ".", "_" and "-", the first and the last a letter or a digit`;
  }
  if (FORBIDDEN.test(prefix) || !prefix.isWellFormed()) {
    return `${quoted(prefix)} is no prefix: no control characters, and none of * ? # [ ]`;
  }
  const parts = prefix.split('/').slice(0, -1);
  if (parts.some((it) => ['', '.', '..'].includes(it))) {
    return `${quoted(prefix)} is no prefix: a part of it is empty, "." or ".."`;
  }
  if (Buffer.byteLength(prefix) > MAX_PREFIX_BYTES) {
    return `the prefix has more than ${MAX_PREFIX_BYTES} bytes`;
  }
  return undefined;
}

/** The parts of an address: the prefix is empty, or ends in a slash. */
export function splitBucket(address: string): { name: string; prefix: string } {
  const [, name = '', rest = ''] = /^([^/]*)\/?([\s\S]*)$/.exec(address.slice(SCHEME.length)) ?? [];
  return { name, prefix: rest === '' || rest.endsWith('/') ? rest : `${rest}/` };
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));
