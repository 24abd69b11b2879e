import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { createPagePool } from '../../../src/export/page-pool.ts';
import { createPageReader, recordsIn } from '../../../src/export/packed-page.ts';
import {
  createProcessPage,
  idAt,
  memoryOf,
  nameAt,
  OUTCOME,
  type PageResult,
  type SpareMemory,
} from '../../../src/export/page.ts';
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

const facts = { observedAt: '2026-11-23T10:00:00.000Z', since: null };
const job = (body: string) => ({ records: recordsIn(body), ...facts });

/** A page as it lies in storage, alone in its memory. */
const packed = (body: string) => ({ packed: new Uint8Array(zstdCompressSync(body)), ...facts });

/** Typed arrays as what they hold: one that crossed threads is another object. */
const plain = (results: readonly PageResult[]): unknown =>
  JSON.parse(
    JSON.stringify(results, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    ),
  );

test('pages done here and in threads are the same, in their order', async () => {
  const pages = await pagesOf(20);
  const expected = pages.map((body) => createProcessPage(settings)(job(body)));
  const pool = createPagePool({ workers: 2 });
  pool.prepare(settings);
  try {
    const results: PageResult[] = [];
    // Round after round, in memory that was used before.
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all(pages.map((body) => pool.run(packed(body))));
      results.splice(0, results.length, ...all);
      expect(plain(all)).toEqual(plain(expected));
      // The pages of the next round go where these are.
      all.forEach(pool.release);
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

test('a page leaves nothing of itself in the next one, nor in the memory that it gives back', async () => {
  const pages = (await pagesOf(7)).slice(0, 12);
  const processPage = createProcessPage(settings);
  let spare;
  for (const body of [...pages, ...pages.toReversed()]) {
    const result = processPage(job(body), spare);
    expect(plain([result])).toEqual(plain([createProcessPage(settings)(job(body))]));
    spare = memoryOf(result);
  }
});

test('the id and the name of each taken record are told as they are, in any memory', () => {
  const processPage = createProcessPage(settings);
  const processAnew = createProcessPage(settings);
  const hex = '65f0c0ffee65f0c0ffee65f0';
  const names = fc.record({
    _id: fc.oneof(fc.constant(hex), fc.string({ unit: 'binary', minLength: 1 })),
    id: fc.string({ unit: 'binary', minLength: 1 }),
  });
  let spare: SpareMemory | undefined;
  fc.assert(
    fc.property(fc.array(fc.option(names)), (records) => {
      const body = JSON.stringify(records);
      const result = processPage(job(body), spare);
      expect(plain([result])).toEqual(plain([processAnew(job(body))]));
      expect(result.outcomes.length).toBe(records.length);
      for (const [position, outcome] of result.outcomes.entries()) {
        const record = records[position] ?? null;
        expect(outcome).toBe(record === null ? OUTCOME.rejected : OUTCOME.taken);
        if (record === null) continue;
        expect(idAt(result, position)).toBe(record._id);
        expect(nameAt(result, position)).toBe(record.id);
      }
      spare = memoryOf(result);
    }),
  );
});

test('a result stays as it is until its memory is given back', async () => {
  const pages = (await pagesOf(20)).slice(0, 6);
  const processPage = createProcessPage(settings);
  const results = pages.map((body) => processPage(job(body)));
  expect(plain(results)).toEqual(
    plain(pages.map((body) => createProcessPage(settings)(job(body)))),
  );
});

test('a pool that does not know what pages become takes none', async () => {
  for (const workers of [0, 1]) {
    const pool = createPagePool({ workers });
    const page = packed('[]');
    expect(() => pool.run(page)).toThrow('not prepared');
    await pool.close();
  }
});

test('a thread that ends refuses its pages', async () => {
  const pool = createPagePool({ workers: 1 });
  pool.prepare(settings);
  const page = packed('[]');
  const waiting = pool.run(page);
  await pool.close();
  await expect(waiting).rejects.toThrow('a worker of the export ended');
  await expect(pool.run(page)).rejects.toThrow('a worker of the export ended');
});

test('a page so large that it might not fit in a thread is done here', async () => {
  const noise = Array.from({ length: 160_000 }, () => randomUUID()).join('');
  const body = JSON.stringify([{ _id: 'a'.repeat(24), id: 'org/model', author: noise }]);
  const pool = createPagePool({ workers: 1 });
  pool.prepare(settings);
  await pool.run(packed('[]'));
  await pool.close();
  // The thread would refuse it, as it has ended.
  const result = await pool.run(packed(body));
  expect(plain([result])).toEqual(plain([createProcessPage(settings)(job(body))]));
});

test.describe('createPageReader', () => {
  const readPage = createPageReader(settings);

  test('takes a page of any form of JSON, and an integer digit for digit', async () => {
    const models = (await realModels()).slice(0, 3);
    const [first = '{}'] = models;
    const large = first.replace('{', '{"huge":12345678901234567890,');
    for (const body of [
      `[${models.join(',')}]`,
      `[ ${models.join(' , ')} ]`,
      first,
      `[${large}]`,
      '[1,null]',
    ]) {
      const result = readPage(packed(body));
      expect(plain([result])).toEqual(plain([createProcessPage(settings)(job(body))]));
    }
    const { lines } = readPage(packed(`[${large}]`)).tables[0] ?? {};
    expect(Buffer.from(lines ?? []).toString()).toContain('12345678901234567890');
  });

  for (const body of [
    '[{"a":1}',
    '[{"a":1},{"b":}]',
    '{',
    '[{"a":"\\x"}]',
    '[{}},{{}]',
    '[{"a":"\\\n"}]',
  ]) {
    test(`refuses ${JSON.stringify(body)} as no JSON`, () => {
      const page = packed(body);
      expect(() => readPage(page)).toThrow(SyntaxError);
    });
  }
});
