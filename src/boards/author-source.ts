/** What may own a repository. */
export const OWNER_KINDS = ['organization', 'user'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** Whose overview a capture of the dataset `authors-<run>` is, told by its `source`. */
export interface AuthorSource {
  kind: OwnerKind;
  name: string;
}

/** The name of a source: `authors/<kind>/<name>`. */
export const nameAuthor = ({ kind, name }: AuthorSource): string => `authors/${kind}/${name}`;

/** The owner of a source with that name, or null for one of another kind. */
export function parseAuthor(source: string): AuthorSource | null {
  const [authors, said, name] = source.split('/');
  const kind = OWNER_KINDS.find((it) => it === said);
  return authors !== 'authors' || kind === undefined || name === undefined ? null : { kind, name };
}
