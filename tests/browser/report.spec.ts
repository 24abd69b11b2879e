import AxeBuilder from '@axe-core/playwright';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { growth } from '../../src/report/growth.ts';
import { html, markupOf } from '../../src/report/html.ts';
import type { ReportInput } from '../../src/report/input.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { boardOfDay, withoutColumn } from '../helpers/board-days.ts';
import { expect, test as base } from '../helpers/fixtures.ts';
import { shippedModels, writeJsonl, type Model } from '../helpers/jsonl.ts';
import { startTablePage } from './table-page.ts';

type Settings = readonly string[];

const test = base.extend<{ run: (...args: string[]) => Promise<RunReport>; look: Look }>({
  run: async ({ cli }, use) => {
    await use(async (...args) => {
      const { stdout } = await cli(['run', '--json', '--fresh', '--log-level', 'error', ...args]);
      return JSON.parse(stdout) as RunReport; // one object, as `--json` promises
    });
  },
  /** Opens a page as people do, with what each of them must find; in the light unless it is told otherwise. */
  look: async ({ page }, use) => {
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    page.on('pageerror', (error) => heard.push(error.message));
    page.on('dialog', (dialog) => heard.push(dialog.message()));
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) heard.push(request.url());
    });
    await use(async (file = '', schemes = ['light']) => {
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto(pathToFileURL(file).href);
        await openAll(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
        const axe = new AxeBuilder({ page })
          .setLegacyMode()
          .options({ resultTypes: ['violations'] });
        // What else it looks for is the same in the dark.
        if (colorScheme === 'dark') axe.withRules(OF_COLOURS);
        const { violations } = await axe.analyze();
        const found = violations.map(({ id, nodes }) => [
          id,
          nodes.slice(0, 3).map(({ html }) => html),
        ]);
        expect(found).toEqual([]);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(await page.evaluate(CUT_OFF)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(heard).toEqual([]);
      expect((await stat(file)).size).toBeLessThan(3_000_000);
      return page;
    });
  },
});
type Look = (file?: string, schemes?: readonly ('light' | 'dark')[]) => Promise<Page>;

/** Tables that a desk has no room for: what is right of them nobody sees. */
const CUT_OFF = `[...document.querySelectorAll('.scroll')]
  .filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.ariaLabel)`;

const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

const openAll = (page: Page): Promise<unknown> =>
  page.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))");

const models = await shippedModels(5);

/** A Hub's file of models in `folder`. */
async function listed(folder: string, list: readonly Model[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  return writeJsonl(path.join(folder, 'models.jsonl'), list);
}

const HUB: Settings = ['--sources', 'models,tags,boards', '--overviews', '0'];
const named = (hub: { url: string }, board: string): string[] => [
  ...['--endpoint', hub.url, ...HUB, '--url', board, '--id', 'day'],
];

const EVIL = '<img src=x onerror=alert(1)>';

test('texts of strangers are texts, whatever they hold, in a first run', async ({
  folder,
  hub,
  keep,
  run,
  look,
}) => {
  const october = await boardOfDay('2024-10-09');
  const list = models.map((it, at) => ({
    ...it,
    ...(at === 5 && { id: `a/${EVIL}`, author: `"><script>alert(2)</script>`, downloads: 9e12 }),
    // Enough of them to be among the first.
    ...(at % 2 === 0 && {
      pipeline_tag: EVIL,
      tags: [],
      cardData: { license: `'" ${EVIL}\u202e` },
    }),
  }));
  const replica = await hub({ data: await listed(path.join(folder, 'hub'), list) });
  const rows = october.map((row, at) => (at === 0 ? { ...row, Model: `${EVIL} & </td>` } : row));
  const board = await keep(startTablePage(rows));

  const { exitCode, page: file } = await run(...named(replica, board.url));
  const page = await look(file);

  expect(exitCode).toBe(0);
  expect(file).toContain(path.join('exports'));
  for (const tag of ['img', 'script', 'iframe', 'link', 'object', '[onerror]'])
    await expect(page.locator(tag)).toHaveCount(0);
  await expect(page.locator('#tasks')).toContainText(EVIL);
  await expect(page.locator('#owners')).toContainText('"><script>alert(2)</script>');
  await expect(page.locator('#licences')).toContainText(`'" ${EVIL}`);
  await expect(page.locator('#boards')).toContainText(`${EVIL} & </td>`);
  // What a first run cannot know it says so.
  await expect(page.locator('#risen')).toContainText('this takes two');
  await expect(page.locator('#events')).toContainText('that takes two runs');
  await expect(page.locator('#completeness tr', { hasText: 'models' })).toContainText('whole');
});

test('a second day, a refused board and a refused release are on the page', async ({
  folder,
  hub,
  keep,
  run,
  look,
  cli,
}) => {
  const board = await keep(startTablePage(await boardOfDay('2024-10-09')));
  const replica = await hub({ data: await listed(path.join(folder, 'hub'), models) });
  await run(...named(replica, board.url));
  board.rows = board.rows.map((row) => withoutColumn(row, 'BBH'));
  const few = await hub({ data: await listed(path.join(folder, 'few'), models.slice(0, 60)) });

  const report = await run(...named(few, board.url));
  // It has every part and every colour.
  const page = await look(report.page, ['light', 'dark']);

  expect(report).toMatchObject({ exitCode: 5, status: 'failed' });
  await expect(page.getByRole('banner')).toContainText('failed, exit code 5');
  await expect(page.getByRole('banner')).toContainText('CHECK_REFUSED');
  const checks = page.locator('#checks');
  await expect(checks.getByRole('row', { name: 'row-drop' }).first()).toContainText('refused');
  // The query is one that can be asked of what was refused.
  const sql = await checks.locator('td code', { hasText: 'SELECT' }).first().textContent();
  const asked = await cli(['query', '--refused', sql ?? '']);
  expect(asked.code, asked.stderr).toBe(0);
  const boards = page.locator('#boards');
  await expect(boards).toContainText('changed: refused');
  const line = boards.getByRole('img', { name: `, ${board.rows.length} rows` });
  await expect(line).toBeVisible();
  const picture = boards.getByRole('img', { name: 'day as it was when it was refused' });
  await expect(picture).not.toHaveJSProperty('naturalWidth', 0);
  // The rows of the day that was good, and two runs in its line.
  await expect(
    boards.getByRole('table', { name: /First rows of day/ }).getByRole('row'),
  ).toHaveCount(11);
  await expect(boards.locator('.spark .gap')).toHaveCount(1);
});

test('there is a page of nothing: no run, and a first run that finds nothing', async ({
  folder,
  hub,
  cli,
  run,
  look,
}) => {
  const { code, stdout } = await cli(['report']);
  const none = await look(stdout.trim());
  await expect(none.getByRole('banner')).toContainText('No run yet');
  expect(code).toBe(0);
  expect(stdout.trim()).toBe(path.join(folder, 'report.html'));

  const { url } = await hub({ empty: true });
  const { page: file } = await run('--endpoint', url, '--sources', 'models');
  const empty = await look(file);
  expect(file).toBe(path.join(folder, 'report.html'));
  await expect(empty.getByRole('banner')).toContainText('There are no tables yet');
  await expect(empty.getByRole('banner')).toContainText('HUB_EMPTY');
});

test('many models and a board of ten thousand rows make a small page', async ({
  folder,
  hub,
  serve,
  run,
  look,
}) => {
  const many = Array.from({ length: 300 }, (_, at): Model => {
    const model = models[at % models.length] ?? { _id: '', id: '' };
    return {
      ...model,
      _id: (at + 1).toString(16).padStart(24, '0'),
      id: `owner-${at}/${at}`,
      // Several licences, which allow the same or do not.
      tags: [],
      cardData: { license: ['mit', at % 2 === 0 ? 'apache-2.0' : 'cc-by-nc-4.0'] },
    };
  });
  const lines = Array.from(
    { length: 10_000 },
    (_, at) => `[team/model-${at}](https://huggingface.co/owner-${at}/${at}),${2_000_000 - at}`,
  );
  const csv = `Model,Score\n${lines.join('\n')}\n`;
  const site = await serve((request, response) => {
    response.writeHead(request.url === '/board.csv' ? 200 : 404, { 'content-type': 'text/csv' });
    response.end(request.url === '/board.csv' ? csv : '');
  });
  const replica = await hub({ data: await listed(path.join(folder, 'hub'), many) });

  const { page: file } = await run(...named(replica, `${site}/board.csv`), '--renderer', 'file');
  const page = await look(file);

  const first = page.locator('#boards').getByRole('table', { name: /First rows/ });
  await expect(first.getByRole('row')).toHaveCount(11);
  await expect(first).toContainText('team/model-9');
  await expect(first).toContainText('1,999,999');
  // Rows that lead to the Hub, and models that the release holds.
  const known = page.locator('#boards').getByRole('table', { name: 'how they were read' });
  await expect(known.getByRole('row', { name: 'day' })).toContainText(/10,000.*300/);
  const several = page.locator('#licences').getByRole('row', { name: '(several)' });
  await expect(several).toHaveText([/open source\s*150/, /not stated or unknown\s*150/]);
  await expect(page.locator('.figures')).toContainText('10,000');
});

test('what grew in other months is drawn over the same ones', async () => {
  const rows = [
    { month: '2022-03-01', models: 9, datasets: 1, spaces: 0 },
    { month: '2022-05-01', models: 1, datasets: 0, spaces: 0 },
    { month: '2022-08-01', models: 2, datasets: 3, spaces: 0 },
    { month: '2022-10-01', models: 0, datasets: 4, spaces: 1 },
  ];

  const section = await growth({} as ReportInput, () => Promise.resolve(rows));
  const drawn = markupOf(html`${section?.body}`)
    .match(/[\w ]+ by month, [^;]+/g)
    ?.map((it) => it.replaceAll('\u00a0', ' '));

  expect(drawn).toEqual(
    ['Models', 'Data sets'].map((it) => `${it} by month, May 2022 to October 2022`),
  );
});

test('report writes where it is told, and nothing over a file that it did not write; a run that fails before it has tables is told above those of the run before', async ({
  folder,
  cli,
  hub,
  run,
  look,
  fewHub: { url },
}) => {
  const good = await run('--endpoint', url, '--sources', 'models');
  const own = path.join(folder, 'mine.html');
  await writeFile(own, '<!doctype html>mine');
  const there = path.join(folder, 'pages', 'hub.html');

  const refused = await cli(['report', '--out', own]);
  const twice = [await cli(['report', '--out', there]), await cli(['report', '--out', there])];
  const again = await cli(['export']);

  expect(refused.stderr).toContain('FOLDER_TAKEN');
  expect(await readFile(own, 'utf8')).toBe('<!doctype html>mine');
  expect(twice.map(({ stdout }) => stdout.trim())).toEqual([there, there]);
  expect(await readFile(there, 'utf8')).toContain(
    `href="../exports/${path.basename(good.folder ?? '')}/`,
  );
  // The page beside the tables does not make their folder one of somebody else.
  expect(again.code, again.stderr).toBe(0);

  // Most rows of a second run are carried, and the sum is right all the same.
  const second = await run('--endpoint', url, '--sources', 'models,benchmarks');
  const light = await look(second.page);
  const counts = light.locator('#completeness').getByRole('row', { name: /^models/ });
  const [, all, exported = 0, carried = 0, duplicates = 0, rejected = 0] = (
    await counts.locator('.number').allTextContents()
  ).map(Number);
  expect(carried).toBeGreaterThan(0);
  expect(exported + carried + duplicates + rejected).toBe(all);
  // A benchmark of two tasks: the rows of one, with its name, and no model twice.
  const gpqa = light.getByRole('table', { name: /First rows of Idavidrein/ });
  await expect(gpqa.getByRole('columnheader').last()).toHaveText(/^gpqa_/);
  await expect(gpqa).not.toContainText('–');

  const bad = await run('--endpoint', (await hub({ html: true })).url, '--sources', 'models');
  const page = await look(bad.page);

  expect(bad.exitCode).not.toBe(0);
  expect(bad.page).toBe(second.page);
  await expect(page.getByRole('banner')).toContainText(`failed, exit code ${bad.exitCode}`);
  await expect(page.getByRole('banner')).toContainText('The tables are those of an earlier one');
  await expect(page.locator('#growth svg')).toHaveCount(1);
});
