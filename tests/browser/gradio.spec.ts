import { cellOf } from '../../src/boards/table.ts';
import { BoardDriftError } from '../../src/boards/drift.ts';
import { column, tableBoard } from '../../src/boards/table-board.ts';
import { gradio } from '../../src/crawlers/kinds/gradio/gradio.ts';
import type { ReadOptions } from '../../src/crawlers/kinds/kind.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import { expect, test as base } from '../helpers/fixtures.ts';
import { numberedTable, readTable } from '../replica/gradio/real-tables.ts';
import {
  GENERATIONS,
  startGradio,
  type GradioGeneration,
  type GradioOptions,
  type GradioTable,
} from '../replica/gradio/server.ts';

/** The oldest, one in the middle, the newest; `npm run test:soak -- gradio` takes all, and longer tables. */
const isWhole = process.env['SOAK'] === '1';
const DATAFRAMES = isWhole
  ? GENERATIONS.filter((it) => !it.startsWith('leaderboard'))
  : (['3.27', '4.44', '6.31'] as const);
const LEADERBOARDS = isWhole
  ? (['leaderboard-4', 'leaderboard-5'] as const)
  : (['leaderboard-5'] as const);
const LONG = isWhole ? 10_000 : 700;

type Read = (options: GradioOptions, given?: Partial<ReadOptions>) => Promise<BoardReading>;

const test = base.extend<{ read: Read }>({
  /** Reads the one page of a replica, as the crawl does. */
  read: async ({ page, keep }, use) => {
    await use(async (options, given) => {
      const { url } = await keep(startGradio(options));
      await gradio.listen(page);
      await page.goto(url, { waitUntil: 'commit' });
      return gradio.read(page.mainFrame(), {
        ...READ,
        definition: definitionOf(asr.headers),
        ...given,
      });
    });
  },
});

const READ = { verify: 'all', sampleRows: 200, seed: 7, timeoutMs: 300_000 } as const;

const definitionOf = (headers: readonly string[], tab?: string) =>
  tableBoard({
    id: 'test',
    title: 'test',
    url: 'http://localhost/',
    renderer: 'gradio',
    licence: 'none',
    identity: ['column-0'],
    columns: headers.map((header, place) => column(header, `column-${place}`)),
    minimumRows: 0,
    ...(tab !== undefined && { tab }),
  });

const withAsr = (
  generation: GradioGeneration,
  given: Partial<GradioTable> = {},
): GradioOptions => ({
  generation,
  tables: [{ ...asr, ...given }],
});
/** The values that a reading has, as a table of the same headers. */
const valuesOf = ({ loaded }: BoardReading, headers: readonly string[]): unknown[][] =>
  (loaded ?? []).map((row) => headers.map((header) => cellOf(row, { header })?.value ?? null));
const rowsOf = ({ rows }: GradioTable): unknown[][] =>
  rows.map((row) => row.map((value) => value ?? null));

let asr: GradioTable;
test.beforeAll(async () => {
  asr = await readTable('open-asr');
});
test.use({ viewport: { width: 1600, height: 1100 } });

test.describe('the reader of Gradio pages', () => {
  for (const generation of DATAFRAMES) {
    test(`${generation}: every row and column is what the page was made from`, async ({ read }) => {
      const reading = await read(withAsr(generation));

      expect(reading.headers).toEqual(asr.headers);
      expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
      expect(reading.complete).toBe(true);
      expect(reading.shown.map(({ index }) => index)).toEqual(asr.rows.map((_row, place) => place));
      expect(Object.keys(reading.shown[5]?.cells ?? {})).toEqual(asr.headers);
    });

    test(`${generation}: a long table, sampled over its whole length`, async ({ read }) => {
      const table = numberedTable('long', generation === '3.27' ? 700 : LONG);

      const reading = await read(
        { generation, tables: [table] },
        { definition: definitionOf(table.headers), verify: 'sample' },
      );

      expect(valuesOf(reading, table.headers)).toEqual(rowsOf(table));
      const seen = reading.shown.map(({ index }) => index);
      expect(seen.length).toBeGreaterThanOrEqual(200);
      expect(seen[0]).toBe(0);
      expect(seen.at(-1)).toBe(table.rows.length - 1);
    });

    test(`${generation}: a value that a load event brings replaces the first one`, async ({
      read,
    }) => {
      const load = { afterMs: 700, before: asr.rows.slice(0, 20) };

      const reading = await read(withAsr(generation, { load }), { verify: 'sample' });

      expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
      expect(reading.complete).toBe(true); // short enough to see all of it
      expect(reading.loadedFrom).toContain('queue');
    });
  }

  for (const generation of isWhole ? (['4.44', '5.49', '6.25'] as const) : (['6.31'] as const)) {
    test(`${generation}: all rows of a long table`, async ({ read }) => {
      const table = numberedTable('long', LONG);

      const reading = await read(
        { generation, tables: [table] },
        { definition: definitionOf(table.headers) },
      );

      expect(reading.complete).toBe(true);
      expect(reading.shown).toHaveLength(LONG);
    });
  }

  for (const generation of isWhole ? DATAFRAMES : (['3.27', '6.31'] as const)) {
    test(`${generation}: the table in a tab that is not open`, async ({ read }) => {
      const first = { ...numberedTable('first', 40), tab: 'First' };
      const tables = [first, { ...asr, tab: 'Second' }];

      const reading = await read(
        { generation, tables },
        { definition: definitionOf(asr.headers, 'Second') },
      );

      expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
    });

    test(`${generation}: a hidden table is read by the visible one that has part of it`, async ({
      read,
    }) => {
      const part = asr.headers.slice(0, 3);
      const rows = asr.rows.map((row) => row.slice(0, 3));
      const datatype = (asr.datatype ?? []).slice(0, 3);
      const shown = { id: 'shown', headers: part, datatype, rows };
      const hidden = { ...asr, id: 'hidden', visible: false };

      const reading = await read({ generation, tables: [shown, hidden] });

      expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
      expect(Object.keys(reading.shown[0]?.cells ?? {})).toEqual(part);
    });

    test(`${generation}: of two tables the one with the columns`, async ({ read }) => {
      const reading = await read({ generation, tables: [numberedTable('other', 300), asr] });

      expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
      expect(reading.tables?.map(({ chosen }) => chosen)).toEqual([false, true]);
    });

    test(`${generation}: two tables with the same columns and other rows are refused`, async ({
      read,
    }) => {
      const other = { ...asr, id: 'other', label: 'other', rows: asr.rows.slice(1) };

      const reading = read({ generation, tables: [asr, other] });

      await expect(reading).rejects.toThrow(BoardDriftError);
    });
  }

  test('a page that nobody described gives its leaderboard, wherever it is', async ({ read }) => {
    const help = {
      id: 'help',
      headers: ['Term', 'Meaning'],
      rows: [['WER', 'errors']],
      tab: 'Help',
    };
    const tables = [help, { ...asr, tab: 'Board' }];

    const reading = await read({ generation: '6.25', tables }, { definition: null });

    expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
  });

  test('texts of a Styler, checkboxes and cut texts agree with their values', async ({ read }) => {
    const headers = ['Model', 'Score', 'Open', 'Notes'];
    const rows = Array.from({ length: 60 }, (_, at) => [
      `[o/m-${at}](https://huggingface.co/o/m-${at})`,
      at * 1.25,
      at % 3 === 0,
      `a note that is too long to be shown as a whole ${at}`,
    ]);
    const datatype = ['markdown', 'number', 'bool', 'str'];
    const display = rows.map(([, score], at) => [
      `o/m-${at}`,
      `${Number(score).toFixed(1)} %`,
      '',
      '',
    ]);
    const cut = { id: 'cut', headers, datatype, rows, maxChars: 20 };
    const styled = {
      id: 'styled',
      headers: ['Name', 'Share'],
      rows: rows.map((row, at) => [`o/m-${at}`, row[1]]),
      display: display.map((row) => row.slice(0, 2)),
    };

    const ofCut = await read(
      { generation: '5.49', tables: [cut] },
      { definition: definitionOf(headers) },
    );
    expect(valuesOf(ofCut, headers)).toEqual(rows);
    expect(ofCut.shown[3]?.cells['Open']).toBe('true');
    expect(ofCut.shown[3]?.cells['Notes']).toBe('a note that is too l...');
    const ofStyled = await read(
      { generation: '5.49', tables: [styled] },
      { definition: definitionOf(styled.headers) },
    );
    expect(ofStyled.shown[3]?.cells).toEqual({ Name: 'o/m-3', Share: '3.8 %' });
    expect(valuesOf(ofStyled, styled.headers)[3]).toEqual(['o/m-3', 3.75]);
  });

  for (const generation of LEADERBOARDS) {
    test(`${generation}: rows that its filters hide are loaded, and named as hidden`, async ({
      read,
    }) => {
      const llm = await readTable('open-llm-v2-gradio');
      const on = ['Available on the hub', 'Not_Merged', 'Flagged'];
      const board = {
        selected: ['T', 'Model', 'Average ⬆️', 'IFEval'],
        hidden: ['fullname'],
        filters: on.map((it) => ({ column: it, label: it, on: true })),
      };

      const reading = await read(
        { generation, tables: [{ ...llm, board }] },
        { definition: definitionOf(llm.headers), verify: 'sample' },
      );

      const places = on.map((header) => llm.headers.indexOf(header));
      const kept = llm.rows.flatMap((row, at) =>
        places.every((it) => row[it] === true) ? [at] : [],
      );
      expect(valuesOf(reading, llm.headers)).toEqual(rowsOf(llm));
      expect(reading.kept).toEqual(kept);
      expect(reading.filters).toEqual(on.map((it) => `${it}=true`));
      expect(Object.keys(reading.shown[0]?.cells ?? {})).toEqual(board.selected);
    });
  }

  for (const generation of isWhole ? (['5.49', '6.25'] as const) : (['6.25'] as const)) {
    test(`${generation}: a config that cannot be read leaves the page, of which every row is read`, async ({
      read,
    }) => {
      const reading = await read({ ...withAsr(generation), config: 'hidden' });

      expect(reading).toMatchObject({ loaded: null, complete: true });
      const [header = ''] = asr.headers.slice(1);
      const texts = reading.shown.map(({ cells }) => cells[header]);
      expect(texts).toEqual(asr.rows.map((row) => String(row[1])));
    });
  }

  test('the app in the Hub page around it, its values from a load event', async ({
    page,
    keep,
  }) => {
    const replica = await keep(startGradio(withAsr('5.49', { load: { afterMs: 300 } })));
    await gradio.listen(page);
    await page.goto(replica.spaceUrl);
    const frame = await (await page.locator('iframe').elementHandle())?.contentFrame();
    if (!frame) throw new Error('no frame');

    const reading = await gradio.read(frame, { definition: definitionOf(asr.headers), ...READ });

    expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
    expect(reading.complete).toBe(true);
  });

  test('a page that was loaded before anybody listened is loaded once more', async ({
    page,
    keep,
  }) => {
    const replica = await keep(
      startGradio(withAsr('5.49', { load: { afterMs: 100, before: [] } })),
    );
    await page.goto(replica.url);
    await page.locator('.table-wrap').first().waitFor();

    const options = { ...READ, verify: 'sample' as const };
    await gradio.listen(page);
    const definition = definitionOf(asr.headers);
    const reading = await gradio.read(page.mainFrame(), { definition, ...options });

    expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
    expect(replica.requests.filter(({ path }) => path === '/')).toHaveLength(2);
  });

  for (const generation of ['4.44', '6.31'] as const) {
    test(`${generation}: rows whose heights are no whole pixels are those of the value`, async ({
      page,
      read,
    }) => {
      await page.addInitScript(() => {
        const uneven = new CSSStyleSheet();
        uneven.replaceSync(`:is(.virtual-row, .tbody > tr) { height: 45.015625px !important; }
          :is(.virtual-row, .tbody > tr):nth-child(3n) { height: 61.3px !important; }`);
        document.adoptedStyleSheets.push(uneven);
      });
      const table = numberedTable('uneven', 250);
      const definition = definitionOf(table.headers);
      for (const verify of ['sample', 'all'] as const) {
        const reading = await read({ generation, tables: [table] }, { definition, verify });

        expect(valuesOf(reading, table.headers)).toEqual(rowsOf(table));
        expect(reading.shown.at(-1)?.index).toBe(249);
      }
    });
  }

  test('a page that forges what scripts write of it does not change what is read', async ({
    page,
    read,
  }) => {
    await page.addInitScript(() => {
      const asEver = JSON.stringify.bind(JSON);
      JSON.stringify = (value: unknown) => asEver(value)?.replaceAll(/\b\d+\.\d+\b/g, '99.9');
      Document.prototype.querySelectorAll = () => document.createElement('p').childNodes as never; // nothing
    });

    const reading = await read(withAsr('6.31'));

    expect(valuesOf(reading, asr.headers)).toEqual(rowsOf(asr));
    expect(reading.complete).toBe(true);
  });

  test('a page that is read looks as it did before', async ({ page, keep }) => {
    const replica = await keep(startGradio(withAsr('6.31')));
    const look = () =>
      page.evaluate(() => {
        const row = document.querySelector('.virtual-row');
        const cells = [...(row?.children ?? [])].filter((it) => it.checkVisibility()).length;
        const draws = String(requestAnimationFrame).includes('[native code]');
        const rowPx = row?.getBoundingClientRect().height;
        return { cells, draws, rowPx, sheets: document.adoptedStyleSheets.length };
      });
    await page.goto(replica.url);
    await page.locator('.virtual-row').first().waitFor();
    const before = await look();
    await gradio.listen(page);
    await gradio.read(page.mainFrame(), { ...READ, definition: definitionOf(asr.headers) });

    expect(await look()).toEqual(before);
    expect(before.cells).toBe(asr.headers.length);
  });

  test('listening to a page that goes away fails for who asked, and for nobody else', async ({
    page,
  }) => {
    await page.close();
    await expect(gradio.listen(page)).rejects.toThrow(/has been closed/);
  });

  test('is known again by what a Gradio page has, and nothing else is', async ({ page, keep }) => {
    const replica = await keep(startGradio(withAsr('5.49')));
    await page.goto(replica.url);
    await page.locator('.table-wrap').first().waitFor();
    expect(await gradio.recognises?.(page.mainFrame())).toBe(true);
    await page.goto('data:text/html,<table><tr><td>1</td></tr></table>');
    expect(await gradio.recognises?.(page.mainFrame())).toBe(false);
  });
});
