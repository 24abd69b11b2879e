import type { Fault, HubReplica } from '../../../demo/hub/index.ts';
import { nextLink } from '../../../src/api/list.ts';
import { cursorOf, placeOf, withCursor } from '../../../src/api/repos.ts';
import { datasetsOf, readRuns } from '../../../src/pipeline/state.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { killAtRequests } from '../../helpers/kill-runs.ts';
import { flagsOf, runInProcess, tableRows, type PipelineRun } from '../../helpers/pipeline.ts';

const SETTINGS = { sources: 'models,tags', compress: 'none', to: 'jsonl', pageSize: 5 };

interface Second {
  second: PipelineRun;
  /** Pages of the list that it asked for. */
  pages: HubReplica['requests'];
}

const test = base.extend<{ crawlTwice: (faults?: Fault[]) => Promise<Second> }>({
  /** Two crawls of one Hub, the second one in parts, whose faults begin with it: their tables are the same. */
  crawlTwice: async ({ few, hub: startHub, pipeline }, use) => {
    await use(async (faults = []) => {
      const hub = await startHub({ data: few, latencyMs: 20 });
      const settings = { ...SETTINGS, endpoint: hub.url };
      const serial = await pipeline(settings);
      expect(serial.report.exitCode).toBe(0);
      const before = hub.requests.length;
      hub.setFaults(faults);
      const second = await pipeline({ ...settings, parts: 4 });
      expect(second.report.exitCode).toBe(0);
      expect(await rowsOf(second)).toEqual(await rowsOf(serial));
      return { second, pages: listPages(hub, before) };
    });
  },
});

/** Pages of the list that were asked for, from a request on. */
const listPages = ({ requests }: HubReplica, from: number): HubReplica['requests'] =>
  requests.slice(from).filter(({ path }) => path.includes('sort=createdAt&direction=1'));

const rowsOf = async ({ report }: { report: { folder: string | null } }) =>
  Object.fromEntries(await tableRows(report.folder ?? ''));

test('a second crawl walks parts side by side, and its tables are those of the serial walk', async ({
  folder,
  crawlTwice,
}) => {
  const { second, pages } = await crawlTwice();
  const state = readRuns(folder).at(-1);
  expect(state && datasetsOf(state, 'models')).toHaveLength(4);
  // 112 models, 5 a page: 23 pages, and one more for each seam.
  expect(pages.length).toBeLessThanOrEqual(23 + 3);
  const begun = pages.slice(0, 4).map(({ cursor }) => cursor);
  expect(new Set(begun).size).toBe(4);
  expect(second.report.sources['models']).toMatchObject({ carried: 112, rejected: 0, missed: 0 });
});

/** A Hub that does something to cursors which it did not give today. */
const FORGETFUL: Record<string, (path: string, first: string) => string | null> = {
  'refuses the cursors of yesterday': () => null,
  'takes no notice of them': (path) => withCursor(path, ''),
  'has moved them on': (_, later) => later,
};

for (const [what, change] of Object.entries(FORGETFUL)) {
  test(`a Hub that ${what} is walked all the same, also by a run that goes on`, async ({
    folder,
    few,
    hub,
    serve,
  }) => {
    const { url } = await hub({ data: few, canonicalLinks: true });
    const given = new Set<string | null>([null]);
    let isToday = false;
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
        const isOld = isToday && !given.has(cursorOf(path));
        // Where a page further on lies, as the Hub itself says.
        const after = isOld ? nextLink((await fetch(url + path)).headers.get('link') ?? '') : '';
        const changed = isOld
          ? change(path, new URL(after ?? '', url).href.replace(/^https?:\/\/[^/]+/, ''))
          : path;
        if (changed === null) {
          response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"cursor"}');
          return;
        }
        path = changed;
        const answer = await fetch(url + path);
        const link = answer.headers.get('link');
        if (link !== null) given.add(cursorOf(nextLink(link) ?? ''));
        response.writeHead(
          answer.status,
          Object.fromEntries(
            [...answer.headers].filter(([name]) =>
              /^(?:link|content-type|date|x-error)/.test(name),
            ),
          ),
        );
        response.end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
    const settings = { ...SETTINGS, storage: folder, endpoint: proxy };
    const serial = await runInProcess(settings);
    given.clear();
    given.add(null);
    isToday = true;
    left = 9;
    const cut = await runInProcess({ ...settings, parts: 4 });
    left = Infinity;
    const second = await runInProcess({ ...settings, parts: 4 });
    const codes = [serial, cut, second].map(({ report }) => report.exitCode);
    expect(codes).toEqual([0, 3, 0]);
    expect(second.report.run).toBe(cut.report.run);
    expect(await rowsOf(second)).toEqual(await rowsOf(serial));
  });
}

/** Requests after which each process is killed; all of them in `npm run test:soak`. */
const KILLED_AT = process.env['SOAK'] === '1' ? [4, 8, 10, 12] : [4, 10];

test('killed again and again, it goes on in its parts', async ({ folder, few, hub: startHub }) => {
  const hub = await startHub({ data: few, latencyMs: 40 });
  const settings = { ...SETTINGS, storage: folder, endpoint: hub.url };
  const serial = await runInProcess(settings);
  const before = hub.requests.length;
  for (const requests of KILLED_AT)
    await killAtRequests(hub, flagsOf({ ...settings, parts: 4 }), requests);
  const second = await runInProcess({ ...settings, parts: 4 });
  expect(second.report.exitCode).toBe(0);
  expect(await rowsOf(second)).toEqual(await rowsOf(serial));
  const cursors = listPages(hub, before).map(({ cursor }) => cursor);
  // At each kill, of each of four parts: a page under way, and the one before it not yet on the disk.
  expect(cursors.length - new Set(cursors).size).toBeLessThanOrEqual(KILLED_AT.length * 4 * 2);
});

for (const kind of ['429-r0', '500', 'truncated'] as const) {
  test(`the same with ${kind} in each of the first pages`, async ({ crawlTwice }) => {
    await crawlTwice([{ kind, at: [1, 2, 3, 4], times: 1, resetSeconds: 0 }]);
  });
}

for (const kind of ['no-link', 'empty-page', 'short-page', 'duplicate-record'] as const) {
  test(`a part whose pages have ${kind} loses nothing`, async ({ crawlTwice }) => {
    await crawlTwice([{ kind, at: [2, 5, 6, 9, 13] }]);
  });
}

test('places sort as the Hub does, and a record without a date has none', () => {
  const at = (createdAt: unknown, _id: unknown = 'a') => placeOf({ createdAt, _id });
  expect(at('2022-03-02T23:29:04.000Z') ?? '').not.toBe('');
  expect([null, 1, 'text', {}, { createdAt: 1, _id: 'a' }].map(placeOf)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});
