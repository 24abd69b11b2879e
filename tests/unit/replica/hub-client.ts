import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A model as the replica serves it; the fields that these tests look at. */
export interface Model {
  _id: string;
  id: string;
  tags?: string[];
  [field: string]: unknown;
}

/** The shipped models, read without the replica's own code. */
export function readModels(): Model[] {
  const file = new URL('../../../demo/data/models.jsonl.gz', import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Model);
}

export const ids = (models: readonly Model[]): string[] => models.map(({ _id }) => _id);

export async function getModels(url: string): Promise<{ models: Model[]; next: string | null }> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${response.status} for ${url}`);
  return { models: (await response.json()) as Model[], next: nextOf(response) };
}

export function nextOf(response: Response): string | null {
  return /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
}

/** Every page from `url` on; `edit` may change the address of each next page. */
export async function getAllModels(
  url: string,
  edit: (next: URL) => void = () => undefined,
): Promise<Model[]> {
  const all: Model[] = [];
  for (let next: string | null = url; next !== null;) {
    const page: Awaited<ReturnType<typeof getModels>> = await getModels(next);
    all.push(...page.models);
    if (page.next === null) return all;
    const edited = new URL(page.next);
    edit(edited);
    next = edited.href;
  }
  return all;
}
