import { expect, test } from '@playwright/test';
import { createPagePool } from '../../../src/export/page-pool.ts';
import { createProcessPage, ownLines, type PageResult } from '../../../src/export/page.ts';
import { modelTables } from '../../../src/clean/model-tables.ts';
import { realModels } from './captured.ts';

const settings = {
  run: 'r1',
  vocabulary: new Map(),
  tables: modelTables.map(({ table }) => table.name),
};

async function pagesOf(size: number): Promise<string[]> {
  const models = await realModels();
  const count = Math.ceil(models.length / size);
  return Array.from(
    { length: count },
    (_, n) => `[${models.slice(n * size, (n + 1) * size).join(',')}]`,
  );
}

const job = (body: string) => ({ body, observedAt: '2026-11-23T10:00:00.000Z', since: null });

/** Typed arrays as what they hold: one that crossed threads is another object. */
const plain = (results: readonly PageResult[]): unknown =>
  JSON.parse(
    JSON.stringify(results, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    ),
  );

test('pages done here first and in threads after that are the same, in their order', async () => {
  const pages = await pagesOf(20);
  const expected = pages.map((body) => {
    const processPage = createProcessPage(settings);
    return ownLines(processPage(job(body)));
  });
  const pool = createPagePool({ workers: 2, startAfter: 3 }, settings);
  try {
    const results: PageResult[] = [];
    // Round after round, until the threads have long started.
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all(pages.map((body) => pool.run(job(body))));
      results.splice(0, results.length, ...all);
      await new Promise((resolve) => setImmediate(resolve));
      expect(plain(all)).toEqual(plain(expected));
    }
  } finally {
    await pool.close();
  }
});

test('a table alone has the lines that it has among all, though values are shared between tables', async () => {
  const [body = '[]'] = await pagesOf(400);
  const together = createProcessPage(settings)(job(body));
  for (const { name, lines } of together.tables) {
    const [alone] = createProcessPage({ ...settings, tables: [name] })(job(body)).tables;
    expect(Buffer.from(alone?.lines ?? []).equals(Buffer.from(lines)), name).toBe(true);
  }
});

test('a page leaves nothing of itself in the next one', async () => {
  const pages = (await pagesOf(7)).slice(0, 12);
  const processPage = createProcessPage(settings);
  for (const body of [...pages, ...pages.toReversed()]) {
    const before = ownLines(processPage(job(body)));
    expect(plain([before])).toEqual(plain([createProcessPage(settings)(job(body))]));
  }
});

test('a thread that ends refuses its pages', async () => {
  const pool = createPagePool({ workers: 1 }, settings);
  const waiting = pool.run(job('[]'));
  await pool.close();
  await expect(waiting).rejects.toThrow('a worker of the export ended');
  await expect(pool.run(job('[]'))).rejects.toThrow('a worker of the export ended');
});

test('a page that might not fit in a thread is done here', async () => {
  const pool = createPagePool({ workers: 1 }, settings);
  await pool.run(job('[]'));
  await pool.close();
  // The thread would refuse it, as it has ended.
  const { outcomes } = await pool.run(job(`[${' '.repeat(9 * 1024 * 1024)}]`));
  expect(outcomes).toHaveLength(0);
});
