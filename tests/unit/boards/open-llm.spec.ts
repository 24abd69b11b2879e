import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { Answer } from '../../../src/crawlers/pages/traffic.ts';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import { keptRecords, rowsOfRecords } from '../../../src/boards/records.ts';
import { openLlmPage, payloadIn } from '../../../src/crawlers/kinds/open-llm/open-llm.ts';
import { openLlmRecords as records, realRows } from './reading.ts';

const textsOf = (record: unknown, rank: number): Record<string, string> => {
  const cells = Object.entries(records.row(record, rank)).filter(([header]) => header !== 'id');
  return Object.fromEntries(cells.map(([header, { text }]) => [header, text]));
};

test.describe('the definition of the Open LLM Leaderboard', () => {
  test('says of a real row what the page shows of it', () => {
    const row = realRows.find((it) => records.identity(it).startsWith('0-hero/Matter-0.2-7B-DPO_'));

    const file = new URL('fixtures/open-llm-texts.json', import.meta.url);
    expect(textsOf(row, 3000)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  test('says `-` of what is missing, but `0 kg`', () => {
    const texts = textsOf(
      { model: { name: 'a/b', architecture: null }, metadata: { co2_cost: null } },
      1,
    );

    expect(texts).toMatchObject({ Average: '-', BBH: '-', Architecture: '-', 'Upload Date': '-' });
    expect(texts).toMatchObject({
      'Flag Status': '-',
      'CO₂ Cost': '0 kg',
      Model: 'a/b',
      Type: '❓',
    });
  });

  test('gives a continued pretraining the icon of a pretraining, as the page does', () => {
    expect(textsOf({ model: { type: 'continuouslypretrained' } }, 1)['Type']).toBe('🟢');
  });

  test('has a row, an identity and an order for anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), fc.nat(), (record, rank) => {
        const row = records.row(record, rank);
        for (const { header, value } of openLlm.columns) {
          expect(typeof row[header]?.text).toBe('string');
          value?.(row);
        }
        expect(openLlm.identity(row)).toBe(records.identity(record));
        expect(typeof records.order(record)).toBe('number');
        for (const { keeps } of records.filters) expect(typeof keeps(record)).toBe('boolean');
      }),
    );
  });

  test('ranks records by their average, and keeps those that its filters keep', () => {
    const some = realRows.slice(0, 30).reverse();
    const rows = rowsOfRecords(records, some);
    const ranks = rows.map((row) => Number(row['Rank']?.text));
    const averages = rows.map((row) => Number.parseFloat(row['Average']?.text ?? ''));

    expect(ranks.toSorted((a, b) => a - b)).toEqual(some.map((_row, place) => place + 1));
    const byRank = ranks.map((rank, place) => [rank, averages[place] ?? 0] as const);
    const inOrder = byRank.toSorted(([a], [b]) => a - b).map(([, average]) => average);
    expect(inOrder).toEqual(averages.toSorted((a, b) => b - a));
    expect(keptRecords(records, some, [])).toHaveLength(30);
    expect(keptRecords(records, some, ['official=true'])).toBeNull();
  });

  test('asks the page for each column by its key', () => {
    const address = new URL(openLlmPage.address(openLlm, openLlm.url));
    const keys = new URLSearchParams(address.hash.split('?')[1]).get('columns')?.split(',');

    expect(address.origin).toBe('https://open-llm-leaderboard-open-llm-leaderboard.hf.space');
    expect(keys).toHaveLength(25);
    expect(new Set(keys).size).toBe(25);
  });
});

test.describe('the payload among the answers that a page got', () => {
  const answer = (value: unknown, url: string): Answer => ({
    ...{ url, status: 200, contentType: 'application/json' },
    text: typeof value === 'string' ? value : JSON.stringify(value),
  });

  test('is the longest array with an identity, and the last of equally long ones', () => {
    const answers = [
      answer([{ id: 'a' }], '/short'),
      answer([{ id: 'a' }, { id: 'b' }], '/first'),
      answer([{ id: 'c' }, { id: 'd' }], '/last'),
      answer([{ name: 'e' }, { name: 'f' }, { name: 'g' }], '/other'),
      answer('[{"id":"a"},{"id":"b"},{"id":', '/cut'),
      { ...answer([{ id: 'a' }, { id: 'b' }, { id: 'c' }], '/failed'), status: 500 },
      { ...answer('', '/broken'), text: null },
    ];

    const payload = payloadIn(answers, records);
    expect(payload).toEqual({ url: '/last', records: [{ id: 'c' }, { id: 'd' }] });
  });

  test('is none where nothing is one', () => {
    expect(payloadIn([answer({ rows: [] }, '/')], records)).toBeNull();
  });
});
