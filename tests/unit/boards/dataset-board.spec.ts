import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Capture } from '../../../src/storage/capture.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { lmarena } from '../../../src/boards/definitions/lmarena.ts';
import { openHubClient, type HubClient } from '../../../src/api/client.ts';
import { crawlDatasetBoard } from '../../../src/crawlers/dataset-board.ts';

const FEATURES = ['model_name', 'organization', 'rating', 'vote_count', 'rank', 'category'];

const row = (place: number): Record<string, unknown> => ({
  model_name: `model-${place % 130}`,
  organization: null,
  rating: 1500 - place / 10,
  vote_count: 1000 + place,
  rank: (place % 130) + 1,
  category: place < 130 ? 'overall' : 'coding',
});

interface Server {
  rows?: Record<string, unknown>[];
  /** Changes an answer before it is given. */
  spoil?: (answer: Record<string, unknown>, offset: number) => unknown;
}

/** Answers as the viewer does: at most a hundred rows from an offset. */
async function crawl({
  rows = Array.from({ length: 260 }, (_, place) => row(place)),
  spoil,
}: Server) {
  const asked: string[] = [];
  const captures: Capture[] = [];
  const client = openHubClient({
    ...{ endpoint: 'https://viewer.example', userAgent: 'test' },
    retry: { baseMs: 1 },
  });
  const attempt: HubClient['attempt'] = (path) => {
    asked.push(path);
    const query = new URL(path, 'https://x.org').searchParams;
    const offset = Number(query.get('offset'));
    const answer = {
      features: FEATURES.map((name, feature_idx) => ({ feature_idx, name })),
      rows: rows
        .slice(offset, offset + Number(query.get('length')))
        .map((it, place) => ({ row_idx: offset + place, row: it, truncated_cells: [] })),
      num_rows_total: rows.length,
      partial: false,
    };
    const value = spoil ? spoil(structuredClone(answer), offset) : answer;
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.from(JSON.stringify(value) ?? '');
    return Promise.resolve({ url: path, status: 200, headers, body });
  };
  const outcome = await crawlDatasetBoard(
    {
      client: { ...client, attempt },
      now: () => new Date('2026-11-23T10:00:00Z'),
      write: (capture) => Promise.resolve(void captures.push(capture)),
    },
    { definition: lmarena, url: lmarena.url },
    new AbortController().signal,
  );
  return { outcome, captures, asked };
}

test('all rows that the data set states are taken, a hundred at a time', async () => {
  const { outcome, captures, asked } = await crawl({});
  expect(outcome).toMatchObject({ status: 'verified', rows: 260, loaded: 260, warnings: [] });
  expect(asked).toHaveLength(3);
  expect(asked[1]).toContain('dataset=lmarena-ai%2Fleaderboard-dataset&config=text&split=latest');
  expect(captures).toHaveLength(1);
  const snapshot = JSON.parse(captures[0]?.body.toString() ?? '') as BoardSnapshot; // written by our crawler
  expect(snapshot).toMatchObject({ board: 'lmarena', renderer: 'dataset', stated: { total: 260 } });
  expect(snapshot.loaded?.[131]).toMatchObject({
    model_name: { text: 'model-1', value: 'model-1' },
    rating: { text: '1486.9', value: 1486.9 },
    organization: { text: '', value: null },
  });
});

const BROKEN: Record<string, NonNullable<Server['spoil']>> = {
  'a row lost': (answer) => ({ ...answer, rows: listOf(answer).slice(1) }),
  'a row twice': (answer) => ({
    ...answer,
    rows: listOf(answer).map((_it, _place, all) => all[0]),
  }),
  'another total on the second page': (answer, offset) => ({
    ...answer,
    num_rows_total: offset === 0 ? 260 : 261,
  }),
  'only a part of the data set': (answer) => ({ ...answer, partial: true }),
  'a cell cut': (answer) => ({
    ...answer,
    rows: listOf(answer).map((it) => ({ ...it, truncated_cells: ['model_name'] })),
  }),
  'a column renamed': (answer) => ({
    ...answer,
    features: [{ name: 'model' }, ...FEATURES.slice(1).map((name) => ({ name }))],
  }),
};

const listOf = (answer: Record<string, unknown>): Record<string, unknown>[] =>
  answer['rows'] as Record<string, unknown>[]; // made above

test('what is not whole is refused, and nothing written', async () => {
  for (const [name, spoil] of Object.entries(BROKEN)) {
    const { outcome, captures } = await crawl({ spoil });
    expect(outcome.error?.code, name).toBe('BOARD_DRIFT');
    expect(outcome.status).toBe('drifted');
    expect(captures).toEqual([]);
  }
  const few = await crawl({ rows: Array.from({ length: 50 }, (_, place) => row(place)) });
  expect(few.outcome.status).toBe('drifted');
});

test('any other answer is a failure, never an exception or a part', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (value) => {
      const { outcome, captures } = await crawl({ spoil: () => value });
      expect(outcome.status).not.toBe('verified');
      expect(captures).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
