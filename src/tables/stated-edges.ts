import { repoName, sameName } from './repo-names.ts';

/** What one source says: texts that name repositories. */
export interface Stated<Source extends string> {
  source: Source;
  names: readonly string[];
}

export interface StatedEdge {
  /** Name of the repository, as it is stated first. */
  name: string;
  sources: string[];
  stated_as: string[];
}

/**
 * Every repository that is named, once. Texts that can be none (paths, sentences) give nothing.
 *
 * @param folder where the Hub shows repositories of that kind, see `repoName`
 */
export function statedEdges(said: readonly Stated<string>[], folder = ''): StatedEdge[] {
  const edges = new Map<string, StatedEdge>();
  for (const { source, names } of said) {
    for (const text of names) {
      const name = repoName(text, folder);
      if (name === null) continue;
      const key = sameName(name);
      const edge = edges.get(key) ?? { name, sources: [], stated_as: [] };
      edges.set(key, edge);
      if (!edge.sources.includes(source)) edge.sources.push(source);
      if (text !== edge.name && !edge.stated_as.includes(text)) edge.stated_as.push(text);
    }
  }
  return [...edges.values()];
}
