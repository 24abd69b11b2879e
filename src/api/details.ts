import { repoPath } from './repos.ts';

/** What the Hub says of one model and not in its list, a request each. */
export const detailPaths = {
  /** Fields that the list refuses (`usedStorage`), or that a light list leaves out. */
  info: (id: string): string =>
    `${repoPath('models', id)}?expand[]=usedStorage&expand[]=gguf&expand[]=sha`,
  /** Bytes of all files of a revision. */
  treesize: (id: string, revision: string): string =>
    `${repoPath('models', id)}/treesize/${encodeURIComponent(revision)}`,
  /** What scanners of the Hub found in its files. */
  scan: (id: string): string => `${repoPath('models', id)}/scan`,
};
