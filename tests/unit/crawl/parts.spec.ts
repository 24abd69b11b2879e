import type { Fault, HubReplica } from '../../../demo/hub/index.ts';
import { nextLink } from '../../../src/api/list.ts';
import { cursorOf, placeOf, withCursor } from '../../../src/api/repos.ts';
import { datasetsOf, readRuns } from '../../../src/pipeline/state.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { killAtRequests } from '../../helpers/kill-runs.ts';
import { flagsOf, runInProcess, tableRows } from '../../helpers/pipeline.ts';

const SETTINGS = { sources: 'models', compress: 'none', to: 'jsonl', pageSize: 5 };

/** Pages of the list that were asked for, from a request on. */
const listPages = ({ requests }: HubReplica, from: number): HubReplica['requests'] =>
  requests.slice(from).filter(({ path }) => path.includes('sort=createdAt&direction=1'));

const rowsOf = async ({ report }: { report: { folder: string | null } }) =>
  Object.fromEntries(await tableRows(report.folder ?? ''));

const LOUD = ['429-r0', '500', 'truncated'] as const;
const QUIET = ['no-link', 'empty-page', 'short-page', 'duplicate-record'] as const;
/** What the crawls after the first one meet, one after the other. */
const FAULTS: Fault[][] = [
  // Each kind in one of the first pages of the parts, and in one after it.
  LOUD.map((kind, n) => ({ kind, at: [1 + n, 4 + n], times: 1, resetSeconds: 0 })),
  QUIET.map((kind, n) => ({ kind, at: [2 + n, 6 + n, 10 + n] })),
];

test('a second crawl walks parts side by side, and its tables are those of the serial walk, whatever its pages meet', async ({
  folder,
  few,
  hub: startHub,
}) => {
  const hub = await startHub({ data: few, latencyMs: 20 });
  const settings = { ...SETTINGS, storage: folder, endpoint: hub.url };
  const serial = await runInProcess(settings);
  expect(serial.report.exitCode).toBe(0);
  const rows = await rowsOf(serial);
  for (const faults of [[], ...FAULTS]) {
    const before = hub.requests.length;
    hub.setFaults(faults);
    const second = await runInProcess({ ...settings, parts: 4 });
    expect(second.report.exitCode).toBe(0);
    expect(await rowsOf(second)).toEqual(rows);
    const met = new Set(hub.requests.slice(before).flatMap(({ fault }) => fault ?? []));
    expect(met).toEqual(new Set(faults.map(({ kind }) => kind)));
    const state = readRuns(folder).at(-1);
    expect(state && datasetsOf(state, 'models')).toHaveLength(4);
    if (faults.length > 0) continue;
    const pages = listPages(hub, before);
    // 112 models, 5 a page: 23 pages, and one more for each seam.
    expect(pages.length).toBeLessThanOrEqual(23 + 3);
    const begun = pages.slice(0, 4).map(({ cursor }) => cursor);
    expect(new Set(begun).size).toBe(4);
    expect(second.report.sources['models']).toMatchObject({ carried: 112, rejected: 0, missed: 0 });
  }
});

/** A Hub that does something to cursors which it did not give today. */
const FORGETFUL: Record<string, (path: string, first: string) => string | null> = {
  'refuses the cursors of yesterday': () => null,
  'takes no notice of them': (path) => withCursor(path, ''),
  'has moved them on': (_, later) => later,
};

test('a Hub that forgets its cursors is walked all the same, also by a run that goes on', async ({
  folder,
  few,
  hub,
  serve,
}) => {
  const { url } = await hub({ data: few, canonicalLinks: true });
  const given = new Set<string | null>([null]);
  /** Of today; yesterday it knew all. */
  let change: ((path: string, first: string) => string | null) | undefined;
  /** Pages until it answers no more. */
  let left = Infinity;
  const proxy = await serve((request, response) => {
    void (async () => {
      let path = request.url ?? '';
      if (path.includes('direction=1&')) left -= 1;
      if (left < 0) {
        response.writeHead(503).end();
        return;
      }
      if (change !== undefined && !given.has(cursorOf(path))) {
        // Where a page further on lies, as the Hub itself says.
        const after = nextLink((await fetch(url + path)).headers.get('link') ?? '');
        const later = new URL(after ?? '', url).href.replace(/^https?:\/\/[^/]+/, '');
        const changed = change(path, later);
        if (changed === null) {
          response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"cursor"}');
          return;
        }
        path = changed;
      }
      const answer = await fetch(url + path);
      const link = answer.headers.get('link');
      if (link !== null) given.add(cursorOf(nextLink(link) ?? ''));
      const passed = [...answer.headers].filter(([name]) =>
        /^(?:link|content-type|date|x-error)/.test(name),
      );
      response.writeHead(answer.status, Object.fromEntries(passed));
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  const settings = { ...SETTINGS, storage: folder, endpoint: proxy };
  const serial = await runInProcess(settings);
  expect(serial.report.exitCode).toBe(0);
  const rows = await rowsOf(serial);
  for (const [what, forget] of Object.entries(FORGETFUL)) {
    given.clear();
    given.add(null);
    change = forget;
    left = 9;
    const cut = await runInProcess({ ...settings, parts: 4 });
    left = Infinity;
    const second = await runInProcess({ ...settings, parts: 4 });
    expect([cut.report.exitCode, second.report.exitCode], what).toEqual([3, 0]);
    expect(second.report.run).toBe(cut.report.run);
    expect(await rowsOf(second), what).toEqual(rows);
  }
});

/** Requests after which each process is killed; all of them in `npm run test:soak`. */
const KILLED_AT = process.env['SOAK'] === '1' ? [4, 8, 10, 12] : [5, 8];

test('killed again and again, a light run goes on in its parts', async ({
  folder,
  few,
  hub: startHub,
}) => {
  const hub = await startHub({ data: few, latencyMs: 40 });
  const settings = { ...SETTINGS, storage: folder, endpoint: hub.url };
  const serial = await runInProcess(settings);
  const before = hub.requests.length;
  for (const requests of KILLED_AT)
    await killAtRequests(hub, flagsOf({ ...settings, parts: 4 }), requests);
  const second = await runInProcess({ ...settings, parts: 4 });
  expect(second.report).toMatchObject({ exitCode: 0, sources: { models: { carried: 112 } } });
  expect(await rowsOf(second)).toEqual(await rowsOf(serial));
  const cursors = listPages(hub, before).map(({ cursor }) => cursor);
  // At each kill, of each of four parts: a page under way, and the one before it not yet on the disk.
  expect(cursors.length - new Set(cursors).size).toBeLessThanOrEqual(KILLED_AT.length * 4 * 2);
});

test('places sort as the Hub does, and a record without a date has none', () => {
  const at = (createdAt: unknown, _id: unknown = 'a') => placeOf({ createdAt, _id });
  expect(at('2022-03-02T23:29:04.000Z') ?? '').not.toBe('');
  expect([null, 1, 'text', {}, { createdAt: 1, _id: 'a' }].map(placeOf)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});
