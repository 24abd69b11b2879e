import { expect, test } from '@playwright/test';
import { foresee, judge } from '../../../src/crawlers/foreseen-board.ts';
import { payloadOf, type PageAnswer } from '../../../src/crawlers/renderers/payload-listener.ts';
import { goodReading, smallBoard, someRows } from './reading.ts';

const given = { renderer: 'open-llm-react', foreseen: null };

test.describe('rows that are judged before their page has drawn them', () => {
  test('come to the same as rows that are judged with it', () => {
    const reading = goodReading();
    const foreseen = foresee(smallBoard, reading.loaded ?? [], given.renderer);

    expect(foreseen?.shape.headers).toEqual([]);
    expect(judge(smallBoard, reading, { ...given, foreseen })).toEqual(
      judge(smallBoard, reading, given),
    );
  });

  test('are refused for what they are', () => {
    const reading = goodReading([...someRows, ...someRows.slice(0, 1)]);
    const foreseen = foresee(smallBoard, reading.loaded ?? [], given.renderer);

    expect(() => judge(smallBoard, reading, { ...given, foreseen })).toThrow(
      'distinct identities of rows',
    );
  });

  test('are forgotten when the page turns out to have loaded others', () => {
    const foreseen = foresee(smallBoard, someRows.slice(0, 20), given.renderer);
    const reading = goodReading();

    const { agreed, shape } = judge(smallBoard, reading, { ...given, foreseen });
    expect(agreed).toMatchObject({ status: 'verified', hidden: 1 });
    expect(shape.rows).toBe(someRows.length);
  });

  test('that cannot be judged are left to the reading', () => {
    const identity = (): string => {
      throw new TypeError('no row of ours');
    };

    expect(foresee({ ...smallBoard, identity }, someRows, given.renderer)).toBeNull();
  });
});

test.describe('the payload among the answers that a page got', () => {
  const answer = (value: unknown, url: string): PageAnswer => ({
    ...{ url, status: 200, contentType: 'application/json' },
    text: typeof value === 'string' ? value : JSON.stringify(value),
  });
  const identity = (row: unknown): string => String((row as { id?: string }).id ?? '');
  const listenerOf = (answers: PageAnswer[]) => ({
    answers: () => Promise.resolve(answers),
    onAnswer: (take: (it: PageAnswer) => void) => answers.forEach(take),
  });

  test('is the longest array with an identity, and the last of equally long ones', async () => {
    const answers = [
      answer([{ id: 'a' }], '/short'),
      answer([{ id: 'a' }, { id: 'b' }], '/first'),
      answer([{ id: 'c' }, { id: 'd' }], '/last'),
      answer([{ name: 'e' }, { name: 'f' }, { name: 'g' }], '/other'),
      answer('[{"id":"a"},{"id":"b"},{"id":', '/cut'),
      { ...answer([{ id: 'a' }, { id: 'b' }, { id: 'c' }], '/failed'), status: 500 },
    ];

    const payload = await payloadOf(listenerOf(answers), identity)();
    expect(payload).toEqual({ url: '/last', rows: [{ id: 'c' }, { id: 'd' }] });
  });

  test('is told of as soon as it is whole, once, and is the one that is given', async () => {
    const told: unknown[][] = [];
    const find = payloadOf(listenerOf([answer([{ id: 'a' }], '/')]), identity, (rows) => {
      told.push(rows);
    });

    expect(told).toEqual([[{ id: 'a' }]]);
    expect((await find())?.rows).toBe(told[0]);
    expect(told).toHaveLength(1);
  });

  test('is none where nothing is one', async () => {
    expect(await payloadOf(listenerOf([answer({ rows: [] }, '/')]), identity)()).toBeNull();
  });
});
