import { z } from 'zod';
import { columnsOf } from '../tables/columns.ts';
import { detailColumns, modelDetails } from '../tables/model-details.ts';
import { conform } from './conform.ts';
import { isRecord } from './json-text.ts';
import type { Repair } from './rules.ts';
import { shapeOf } from './shape.ts';
import { createSink } from './sink.ts';

const row = z.strictObject(detailColumns);

/** What the Hub says of a model that it is asked for, as columns of the table `model_details`. */
type Details = z.output<typeof row>;

/** Longest text, in UTF-16 units: templates of chats are long. */
const LONGEST = 1_048_576;

const shape = shapeOf(columnsOf({ ...modelDetails, row, key: [] }), {
  spelled: {
    used_storage_bytes: 'usedStorage',
    tree_bytes: 'size',
    scans_done: 'scansDone',
    security_issues: 'filesWithIssues',
  },
});

/**
 * The details of a model from the answers of the Hub, each of which may be missing; null where the first
 * is of no model. Total: what has no column is in `extra`.
 */
export function cleanDetails({
  info,
  treesize,
  scan,
}: Partial<Record<'info' | 'treesize' | 'scan', unknown>>): {
  details: Details;
  repairs: Repair[];
} | null {
  if (!isRecord(info) || !isText(info['id']) || !isText(info['_id'])) return null;
  // The path is that of the question.
  const size = Object.entries(isRecord(treesize) ? treesize : {}).filter(([key]) => key !== 'path');
  const sink = createSink(LONGEST);
  // conform gives the shape of the columns: tests hold it against the zod object.
  const details = conform(
    shape,
    { ...Object.fromEntries(size), ...(isRecord(scan) ? scan : {}), ...info },
    sink,
  ) as Details;
  return { details, repairs: sink.repairs };
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
