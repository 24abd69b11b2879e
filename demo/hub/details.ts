import { createHash } from 'node:crypto';
import { jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Entry } from './store.ts';

/** A number that is the same for a model each time. */
const figureOf = (id: string, below: number): number =>
  createHash('sha1').update(id).digest().readUInt32BE() % below;

/** Bytes that a model's files take, invented. */
const treeBytes = ({ id }: Entry): number => 1_000_000 + figureOf(id, 4_000_000_000);

/** Bytes with all revisions: `usedStorage`, which the list refuses. */
export const usedStorage = (entry: Entry): number => 2 * treeBytes(entry);

/**
 * Answers `…/treesize/{rev}` and `…/scan` of a model: invented figures in the Hub's shape, the same ones
 * each time; every seventh model has a file that the scanners doubt.
 */
export function answerDetail(entry: Entry, part: string): Reply {
  if (part === 'treesize')
    return jsonReply(200, JSON.stringify({ path: '/', size: treeBytes(entry) }));
  const doubted = [{ path: 'pytorch_model.bin', level: 'suspicious' }];
  const filesWithIssues = figureOf(entry.id, 7) === 0 ? doubted : [];
  return jsonReply(200, JSON.stringify({ scansDone: true, filesWithIssues }));
}
