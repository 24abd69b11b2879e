import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** A record of a model as the Hub lists it. */
export type Model = Record<string, unknown> & { _id: string; id: string };

/** What the lines of a file of ours say, packed by gzip or not. */
export async function readJsonl<Line = Record<string, unknown>>(
  file: string | URL,
): Promise<Line[]> {
  const bytes = await readFile(file);
  const text = String(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line);
}

/** Writes a line each, and gives the file again. */
export async function writeJsonl(file: string, values: readonly unknown[]): Promise<string> {
  await writeFile(file, values.map((it) => `${JSON.stringify(it)}\n`).join(''));
  return file;
}

/** Every n-th of the models that the package ships; every fifth is 112 in all. */
export async function shippedModels(each = 1): Promise<Model[]> {
  const all = await readJsonl<Model>(new URL('../../demo/data/models.jsonl.gz', import.meta.url));
  return all.filter((_, at) => at % each === 0);
}
