import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Capture } from '../../../src/storage/capture.ts';
import { bodyOf, openCaptures, readCaptures } from '../../../src/storage/captures.ts';

/** Text that does not compress well, the same for the same seed. */
export function noise(seed: string, length: number): string {
  const pieces: string[] = [];
  for (let at = 0; at < length; at += 64) {
    const piece = createHash('sha256').update(`${seed}/${String(at)}`);
    pieces.push(piece.digest('hex'));
  }
  return pieces.join('').slice(0, length);
}

export const sampleCapture = (page: number, bodyLength = 200): Capture => ({
  source: 'models',
  url: `/api/models?cursor=${String(page)}`,
  status: 200,
  headers: { etag: `"${String(page)}"` },
  fetchedAt: '2026-11-23T00:00:00.000Z',
  next: `/api/models?cursor=${String(page + 1)}`,
  count: 1000,
  body: Buffer.from(noise(String(page), bodyLength)),
});

export const samples = (count: number, bodyLength?: number): Capture[] =>
  Array.from({ length: count }, (_, page) => sampleCapture(page, bodyLength));

export async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

export const capturesOf = async (dir: string, name = 'models'): Promise<Capture[]> =>
  (await collect(readCaptures(dir, name))).map((it) => ({ ...it.facts, body: bodyOf(it) }));

/** Writes captures one by one and closes the dataset. */
export async function writeAll(
  dir: string,
  captures: readonly Capture[],
  options?: { maxFileBytes?: number },
): Promise<void> {
  const out = await openCaptures(dir, 'models', options);
  for (const capture of captures) await out.write(capture);
  await out.close();
}

export const fileOf = (dir: string, number = 1, name = 'models'): string =>
  join(dir, 'datasets', name, `${String(number).padStart(6, '0')}.sqlite`);

/** Starts one of the programs beside this file, on this Node.js. */
export function startProgram(
  name: string,
  args: string[],
  options: { uid?: number; gid?: number } = {},
): ChildProcess {
  const program = fileURLToPath(new URL(name, import.meta.url));
  return spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...options,
  });
}

/** Everything a program wrote to stdout, and how it ended. */
export async function outcome(
  child: ChildProcess,
): Promise<{ output: string; signal: NodeJS.Signals | null; errors: string }> {
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, by) => {
      resolve(by);
    });
  });
  return { output, signal, errors };
}
