import { repoName, sameName } from './repo-names.ts';

export interface StatedEdge {
  /** Name of the repository, as it is stated first. */
  name: string;
  sources: string[];
  stated_as: string[];
}

/**
 * Every repository that is named, once. Texts that can be none (paths, sentences) give nothing.
 *
 * @param said texts by who says them
 * @param folder where the Hub shows repositories of that kind, see `repoName`
 */
export function statedEdges(
  said: Readonly<Record<string, readonly string[]>>,
  folder = '',
): StatedEdge[] {
  const edges = new Map<string, StatedEdge>();
  for (const [source, names] of Object.entries(said)) {
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
