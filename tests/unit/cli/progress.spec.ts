import { expect, test } from '@playwright/test';
import { createProgress } from '../../../src/cli/progress.ts';
import { createLog } from '../../../src/log.ts';

/** What a terminal of some lines shows after these writes: just what our output uses of it. */
function screenOf(text: string): string[] {
  const lines = [''];
  let at = 0;
  for (const [part] of text.matchAll(/\u001b\[\d*[A-Z]|\n|[^\u001b\n]+/g)) {
    const code = /^\u001b\[(\d*)([A-Z])$/.exec(part);
    if (part === '\n') at += 1;
    else if (code?.[2] === 'A') at -= Number(code[1]);
    else if (code?.[2] === 'J') lines.splice(at);
    else if (code?.[2] === 'K') lines[at] = '';
    else lines[at] = `${lines[at] ?? ''}${part}`;
    lines[at] ??= '';
  }
  return lines.filter((line) => line !== '');
}

test('log lines go above the live lines, which stay one a source', async () => {
  let written = '';
  const write = (text: string): void => void (written += text);
  let now = 0;
  const log = createLog({ level: 'info', format: 'json', redact: (it) => it, write });
  const live = createProgress({ live: true, columns: 80, write, log, now: () => now });

  live.update('models', { pages: 1, records: 1000, expected: 9000, quotaLeft: 40 });
  live.update('boards', { note: 'open-llm: reading' });
  await expect.poll(() => written).toContain('boards');
  now = 10_000;
  live.update('models', { pages: 3, records: 3000 });
  live.above('a log line\n');
  live.close();
  const atEnd = written;
  live.close(); // as a session does, after the summary
  expect(written).toBe(atEnd);

  expect(screenOf(written)).toEqual([
    'a log line',
    'models      3 pages  3,000 records  200/s  quota 40  ETA 30 s',
    'boards      open-llm: reading',
  ]);
});

test('without a terminal each source is one log line', async () => {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text);
  const log = createLog({ level: 'info', format: 'json', redact: (it) => it, write });
  const options = { live: false, columns: 80, write, log, now: () => 0, everyMs: 5 };
  const progress = createProgress(options);
  progress.update('models', { pages: 2, records: 2000 });

  await expect.poll(() => lines.length).toBeGreaterThan(0);

  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ source: 'models', pages: 2, records: 2000 });

  progress.update('models', { pages: 3, records: 2500, ended: true });
  progress.update('tags', { pages: 1 });
  const [said, saidOfTags] = [lines.length, () => lines.filter((it) => it.includes('"tags"'))];
  await expect.poll(() => saidOfTags().length).toBeGreaterThan(1);
  expect(lines.slice(said).filter((it) => it.includes('"models"'))).toEqual([]);
  expect(JSON.parse(lines[said - 1] ?? '')).toMatchObject({ message: 'source ended', pages: 3 });
  progress.close();
});
