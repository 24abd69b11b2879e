import { open } from 'node:fs/promises';
import { orMissing } from '../storage/files.ts';

/** The page that people look at, beside the manifest. It is made of the tables, and none of their files. */
export const PAGE_FILE = 'report.html';

/** How each of our pages begins: what begins otherwise somebody else wrote. */
export const PAGE_START = '<!doctype html>\n<!-- huggingface-etl report -->\n';

/** Whether a file is a page of ours, also half of one, as a kill leaves it. */
export async function isPage(path: string): Promise<boolean> {
  const file = await orMissing(open(path));
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PAGE_START.length));
    return PAGE_START.startsWith(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
