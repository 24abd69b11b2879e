import type { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { lastCommit } from '../../../src/storage/captures.ts';
import { openDataset } from '../../../src/storage/dataset-writer.ts';
import { bodyLengthOf, pageOf } from './append-plan.ts';
import { capturesOf, inFolder, outcome, sampleCapture, startProgram } from './samples.ts';

const KILLS = 30;

test('a writer killed at random moments loses nothing that it reported, and goes on', async () => {
  test.setTimeout(120_000);
  await inFolder(async (dir) => {
    let pages = 0;
    let cuts = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = startProgram('append-program.ts', [dir]);
      const ended = outcome(child);
      const { stdout } = child;
      if (stdout === null) throw new Error('the program has no stdout');
      await Promise.race([linesOf(stdout, 1 + (kill % 4)), ended]);
      // The moment is random, not waited for: the child writes all the time.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
      child.kill('SIGKILL');
      const { output, signal, errors } = await ended;
      expect(errors).toBe('');
      expect(signal).toBe('SIGKILL');

      const reported = Number(/(\d+)\n[^\n]*$/.exec(output)?.[1] ?? pages - 1) + 1;
      const found = pageOf((await lastCommit(dir, 'models'))?.next ?? '=0');
      expect(found - reported, `after kill ${String(kill)}`).toBeGreaterThanOrEqual(0);
      expect(found - reported, `after kill ${String(kill)}`).toBeLessThanOrEqual(1);
      cuts += (await openDataset(dir, 'models')).recovery.cutBytes > 0 ? 1 : 0;
      pages = found;
    }

    const captures = await capturesOf(dir);
    expect(captures.length).toBe(pages);
    for (const [page, capture] of captures.entries()) {
      expect(capture, `page ${String(page)}`).toEqual(sampleCapture(page, bodyLengthOf(page)));
    }
    expect(pages).toBeGreaterThan(KILLS);
    test.info().annotations.push({
      type: 'kills',
      description: `${String(cuts)} cut, ${String(pages)} pages`,
    });
  });
});

/** Resolves when so many lines have come. */
function linesOf(stream: Readable, count: number): Promise<void> {
  let lines = 0;
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      lines += chunk.toString().split('\n').length - 1;
      if (lines >= count) resolve();
    });
  });
}
