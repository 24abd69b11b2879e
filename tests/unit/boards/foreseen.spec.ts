import { expect, test } from '@playwright/test';
import type { TableRow } from '../../../src/boards/table.ts';
import { model, score, tableBoard } from '../../../src/boards/table-board.ts';
import { foresee, judge } from '../../../src/crawlers/foreseen-board.ts';
import { payloadOf, type PageAnswer } from '../../../src/crawlers/renderers/payload-listener.ts';
import type { BoardReading } from '../../../src/boards/reading.ts';
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

test.describe('rows of a table that are judged before its page has drawn them', () => {
  const board = tableBoard({
    ...{ id: 'table', title: 'Table', url: 'https://example.org/', renderer: 'gradio' },
    ...{ licence: 'none', identity: ['model'], minimumRows: 10 },
    columns: [model('Model'), score('WER', 'wer', { range: [0, 100] })],
  });
  const rowsOf = (count: number, most = count): TableRow[] =>
    Array.from({ length: count }, (_, place) => ({
      Model: { text: `org/model-${place % most}` },
      WER: { text: String(place), value: place },
      Other: { text: 'some' },
    }));
  const readingOf = (rows: TableRow[], headers = ['Model', 'WER', 'Other']): BoardReading => ({
    ...goodReading(),
    stated: { shown: null, total: null },
    loaded: rows,
    headers,
    filters: [],
    virtualRows: null,
    complete: true,
    shown: rows.map((row, index) => ({
      ...{ identity: '', index },
      cells: Object.fromEntries(headers.map((header) => [header, row[header]?.text ?? ''])),
    })),
  });
  const foreseenOf = (rows: TableRow[]) => foresee(board, rows, 'gradio');

  test('come to the same as rows that are judged with it', () => {
    const reading = readingOf(rowsOf(20));
    const foreseen = foreseenOf(reading.loaded as TableRow[]);

    expect(foreseen?.table?.identities).toHaveLength(20);
    expect(judge(board, reading, { renderer: 'gradio', foreseen })).toEqual(
      judge(board, reading, { renderer: 'gradio', foreseen: null }),
    );
  });

  test('are judged again when the page has its columns in another order, or fewer of them', () => {
    for (const headers of [
      ['WER', 'Model', 'Other'],
      ['Other', 'Model'],
    ]) {
      const reading = readingOf(rowsOf(20), headers);
      const foreseen = foreseenOf(reading.loaded as TableRow[]);

      expect(judge(board, reading, { renderer: 'gradio', foreseen })).toEqual(
        judge(board, reading, { renderer: 'gradio', foreseen: null }),
      );
    }
  });

  test('are refused for what they are, and for what the page shows of them', () => {
    const twice = readingOf(rowsOf(20, 19));
    const foreseen = foreseenOf(twice.loaded as TableRow[]);
    expect(() => judge(board, twice, { renderer: 'gradio', foreseen })).toThrow(
      'distinct identities of rows',
    );

    const other = readingOf(rowsOf(20));
    const [first, ...rest] = other.shown;
    const shown = [{ ...first, index: 0, identity: '', cells: { Model: 'org/x' } }, ...rest];
    expect(() =>
      judge(
        board,
        { ...other, shown },
        { renderer: 'gradio', foreseen: foreseenOf(other.loaded as TableRow[]) },
      ),
    ).toThrow('org/x');
  });

  test('that lack a column are left to the reading', () => {
    const rows = rowsOf(20).map(({ Model = { text: '' } }): TableRow => ({ Model }));
    expect(foreseenOf(rows)).toBeNull();
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
