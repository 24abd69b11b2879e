import { randomUUID } from 'node:crypto';
import { endOfFiles, FileList } from '../clean/file-list.ts';
import type { PageBody } from '../storage/body-reader.ts';

/** Stands for a list while the rest of its record is parsed. Nobody can send it. */
const INSTEAD = randomUUID();

/**
 * Reads records, their files as a `FileList` wherever those are what their column wants.
 *
 * @param siblingsAt of each record, see `PageBody`
 * @throws {SyntaxError} from its `parse`, for a record that is no JSON
 */
export function createRecordReader(
  { bytes, ends = [], siblingsAt }: PageBody,
  parse: (text: string) => unknown,
): (position: number) => unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return (position) => {
    const start = (ends[position - 1] ?? 0) + 1;
    const end = ends[position] ?? start;
    const listAt = siblingsAt[position] ?? 0;
    const listEnd = listAt === 0 ? -1 : endOfFiles(bytes, view, listAt);
    if (listEnd === -1 || listEnd > end) return parse(bytes.toString('utf8', start, end));
    const rest = bytes.toString('utf8', listEnd, end);
    const text = `${bytes.toString('utf8', start, listAt)}"${INSTEAD}"${rest}`;
    return (
      withFiles(parsed(text, parse), new FileList(bytes, listAt, listEnd)) ??
      parse(bytes.toString('utf8', start, end))
    );
  };
}

/** Undefined where another value counts: the last one of a key that stands twice. */
function withFiles(record: Parsed, files: FileList): Parsed {
  if (record?.['siblings'] !== INSTEAD) return undefined;
  record['siblings'] = files;
  return record;
}

type Parsed = Record<string, unknown> | undefined;

function parsed(text: string, parse: (text: string) => unknown): Parsed {
  try {
    return parse(text) as Parsed; // its first byte is that of an object
  } catch {
    return undefined; // the whole has the same fault, and its message
  }
}
