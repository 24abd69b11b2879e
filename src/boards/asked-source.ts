/** What may own a repository. */
const OWNER_KINDS = ['organization', 'user'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** What is asked of one model, each by a request. */
export const DETAIL_PARTS = ['info', 'treesize', 'scan'] as const;
export type DetailPart = (typeof DETAIL_PARTS)[number];

const KINDS = { authors: OWNER_KINDS, details: DETAIL_PARTS } as const;
type Kinds = typeof KINDS;

/**
 * Of what a capture of the dataset `authors-<run>` or `details-<run>` is, told by its `source`:
 * `authors/<kind>/<name>`, `details/<part>/<id>`.
 */
interface AskedSource<Kind> {
  kind: Kind;
  name: string;
}

export const nameAsked = <Source extends keyof Kinds>(
  asked: Source,
  { kind, name }: AskedSource<Kinds[Source][number]>,
): string => `${asked}/${kind}/${name}`;

/** What a source of that name is of, or null for one of another kind. */
export function parseAsked<Source extends keyof Kinds>(
  asked: Source,
  source: string,
): AskedSource<Kinds[Source][number]> | null {
  const [prefix, said, ...name] = source.split('/');
  const kinds: readonly Kinds[Source][number][] = KINDS[asked];
  const kind = kinds.find((it) => it === said);
  return prefix !== asked || kind === undefined || name.length === 0
    ? null
    : { kind, name: name.join('/') };
}
