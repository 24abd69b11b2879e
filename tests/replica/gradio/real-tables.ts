import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { GradioTable } from './tables.ts';

/** Real tables, trimmed; `data/boards/README.md` says where each is from. */
export type RealTable = 'open-asr' | 'open-llm-v1' | 'open-llm-v2-gradio';

/** A real table as the replica serves it: id and label are its name. */
export async function readTable(name: RealTable): Promise<GradioTable> {
  const file = new URL(`../data/boards/${name}.jsonl.gz`, import.meta.url);
  const [head = '{}', ...lines] = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  // Our own files: their shape is known.
  const { headers, datatype } = JSON.parse(head) as { headers: string[]; datatype: string[] };
  const rows = lines.map((line) => JSON.parse(line) as unknown[]);
  return { id: name, label: name, headers, datatype, rows };
}

/** A table of any length, whose every cell tells where it stands; the first column is a link. */
export function numberedTable(id: string, rows: number): GradioTable {
  const headers = ['Model', 'Average', 'Rank', 'Open', 'Licence', 'Note'];
  const datatype = ['markdown', 'number', 'number', 'bool', 'str', 'str'];
  const data = Array.from({ length: rows }, (_, index) => {
    const name = `org-${index % 97}/model-${index}`;
    return [
      `[${name}](https://huggingface.co/${name})`,
      Math.round((100 - (index * 90) / rows) * 1000) / 1000,
      index + 1,
      index % 3 === 0,
      index % 5 === 0 ? null : 'apache-2.0',
      `note ${index} of ${rows}`,
    ];
  });
  return { id, label: id, headers, datatype, rows: data };
}
