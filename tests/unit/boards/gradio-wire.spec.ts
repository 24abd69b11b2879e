import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { configIn, readConfig, tabsAround } from '../../../src/crawlers/kinds/gradio/config.ts';
import { applyDiff } from '../../../src/crawlers/kinds/gradio/diffs.ts';
import { waitingFor } from '../../../src/crawlers/kinds/gradio/pending.ts';
import { Replay } from '../../../src/crawlers/kinds/gradio/replay.ts';
import type { WireEvent } from '../../../src/crawlers/kinds/gradio/wire.ts';

const table = (data: unknown[][]) => ({ headers: ['Model', 'Score'], data, metadata: null });
const appConfig = (over: Record<string, unknown> = {}) => ({
  version: '5.49.1',
  protocol: 'sse_v3',
  components: [
    { id: 1, type: 'tabs', props: {} },
    { id: 2, type: 'tabitem', props: { label: 'Board' } },
    { id: 3, type: 'dataframe', props: { headers: ['Model', 'Score'], value: table([]) } },
  ],
  layout: { id: 0, children: [{ id: 1, children: [{ id: 2, children: [{ id: 3 }] }] }] },
  dependencies: [{ id: 7, targets: [[0, 'load']], outputs: [3], backend_fn: true }],
  ...over,
});

const configOf = (value: unknown) => {
  const config = readConfig(value);
  if (!config) throw new Error('no config');
  return config;
};
const event = (id: number, kind: WireEvent['kind'], text: string): WireEvent => ({
  id,
  kind,
  form: 'body',
  url: `http://localhost/gradio_api/queue/${id === 1 ? 'join' : 'data?session_hash=x'}`,
  text,
  ok: true,
});
const message = (body: unknown): string => `data: ${JSON.stringify(body)}\n\n`;
const completed = (data: unknown[], success = true) =>
  message({ msg: 'process_completed', event_id: 'e', success, output: { data } });
const JOIN = [
  event(1, 'sent', '{"fn_index":7}'),
  event(1, 'text', '{"event_id":"e"}'),
  event(1, 'end', ''),
];
const OPEN = event(2, 'sent', '');

test.describe('readConfig', () => {
  test('finds the tab, the outputs and the load event of a table', () => {
    const config = configOf(appConfig());

    expect(tabsAround(config, 3)).toEqual(['Board']);
    expect(config.dependencies.get(7)).toMatchObject({ outputs: [3], onLoad: true });
  });

  test('knows the load event of the oldest versions', () => {
    const config = configOf(
      appConfig({ dependencies: [{ targets: [], trigger: 'load', outputs: [3] }] }),
    );

    expect(config.dependencies.get(0)).toMatchObject({ id: 0, onLoad: true });
  });

  test('takes the open page of an app with several', () => {
    const page = { board: { components: [3], dependencies: [], layout: { id: 3 } } };

    const config = configOf(appConfig({ page, current_page: 'board' }));

    expect([...config.components.keys()]).toEqual([3]);
    expect(config.dependencies.size).toBe(0);
  });

  test('takes any JSON without throwing', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        (components, layout, dependencies) => {
          readConfig(components);
          readConfig({
            components: [components, { id: 1, type: 'x', props: layout }],
            layout,
            dependencies,
          });
          readConfig({
            components: [],
            layout,
            dependencies: [dependencies],
            page: layout,
            version: layout,
          });
        },
      ),
    );
  });

  test('is found in the script that sets it, whatever stands around it', () => {
    const value = { a: '};"{', b: [{ c: '\\' }] };
    const script = `window.gradio_config = ${JSON.stringify(value)};window.gradio_api_info = {"d":1};`;

    expect(configIn(script)).toEqual(value);
    expect(configIn(JSON.stringify(value))).toEqual(value);
    expect(configIn('window.gradio_config = {"a":')).toBeUndefined();
  });
});

test.describe('what the wire says', () => {
  test('gives the value of the function that fills the table, cut anywhere on its way', () => {
    const config = configOf(appConfig());
    const stream = `${completed([table([['a', 1]])])}${message({ msg: 'close_stream' })}`;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: stream.length }), fc.boolean(), (cut, early) => {
        const texts = [stream.slice(0, cut), stream.slice(cut)].map((it) => event(2, 'text', it));
        const replay = new Replay();

        replay.feed(early ? [OPEN, ...texts, ...JOIN] : [...JOIN, OPEN, ...texts]);

        expect(replay.now(config).get(3)?.props['value']).toEqual(table([['a', 1]]));
        expect(waitingFor(config, 3, replay)).toEqual({ pending: [], failed: [] });
      }),
    );
  });

  test('waits for a load event until it has ended, and knows that it failed', () => {
    const config = configOf(appConfig());
    const replay = new Replay();
    expect(waitingFor(config, 3, replay).pending).toEqual([7]);

    replay.feed([...JOIN, OPEN]);
    expect(waitingFor(config, 3, replay).pending).toEqual([7]);

    replay.feed([event(2, 'text', completed([null], false))]);
    expect(waitingFor(config, 3, replay)).toEqual({ pending: [], failed: [7] });
  });

  test('keeps what an update does not name', () => {
    const config = configOf(appConfig());
    const replay = new Replay();

    replay.feed([
      ...JOIN,
      OPEN,
      event(2, 'text', completed([{ __type__: 'update', visible: false }])),
    ]);

    expect(replay.now(config).get(3)?.props).toEqual({
      headers: ['Model', 'Score'],
      value: table([]),
      visible: false,
    });
  });

  test('waits for what follows on a load event', () => {
    const dependencies = [
      { id: 6, targets: [[0, 'load']], outputs: [] },
      { id: 7, targets: [[6, 'then']], outputs: [3], trigger_after: 6 },
    ];
    const config = configOf(appConfig({ dependencies }));

    expect(waitingFor(config, 3, new Replay()).pending).toEqual([7]);
  });

  test('takes any events without throwing', () => {
    const config = configOf(appConfig());
    const anyEvent = fc.record({
      id: fc.integer({ min: 1, max: 3 }),
      kind: fc.constantFrom('sent', 'text', 'end'),
      form: fc.constantFrom('body', 'messages'),
      url: fc.constantFrom('/queue/join', '/queue/data?fn_index=7', '/config', '/run/predict', '%'),
      text: fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .jsonValue()
          .map((it) => message({ msg: 'process_generating', event_id: 'e', output: it })),
        fc.jsonValue().map((it) => completed([it])),
        fc.constant('{"fn_index":7}'),
        fc.constant('{"event_id":"e"}'),
      ),
      ok: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const replay = new Replay();
        replay.feed(events);
        replay.now(config);
        waitingFor(config, 3, replay);
      }),
    );
  });
});

test.describe('applyDiff', () => {
  test('applies the edits of a value that grows', () => {
    const before = { data: [['a', 1]], headers: ['Model', 'Score'] };
    const diff = [
      ['add', ['data', 1], ['b', 2]],
      ['replace', ['data', 0, 1], 3],
      ['append', ['headers', 0], 's'],
    ];

    expect(applyDiff(before, diff)).toEqual({
      data: [
        ['a', 3],
        ['b', 2],
      ],
      headers: ['Models', 'Score'],
    });
    expect(before.data).toEqual([['a', 1]]);
  });

  test('takes any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, diff) => void applyDiff(value, diff)),
    );
  });
});
