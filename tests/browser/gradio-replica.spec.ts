import { expect, test as base } from '../helpers/fixtures.ts';
import { gradioMutations, mutationsOf } from '../replica/gradio/mutations.ts';
import { readTable } from '../replica/gradio/real-tables.ts';
import {
  GENERATIONS,
  startGradio,
  type GradioGeneration,
  type GradioOptions,
  type GradioReplica,
  type GradioTable,
} from '../replica/gradio/server.ts';

const TARGET = { table: 'open-asr', required: 'Average WER ⬇️', identity: 'Model' };

type Open = (options: GradioOptions) => Promise<GradioReplica>;
type WithAsr = (
  generation: GradioGeneration,
  given?: Partial<GradioTable>,
) => Promise<GradioReplica>;

let asr: GradioTable;
let llm: GradioTable;

const test = base.extend<{ open: Open; withAsr: WithAsr }>({
  /** Serves a page of Gradio and goes there. */
  open: async ({ page, keep }, use) => {
    await use(async (options) => {
      const replica = await keep(startGradio(options));
      await page.goto(replica.url);
      return replica;
    });
  },
  withAsr: async ({ open }, use) => {
    await use((generation, given = {}) => open({ generation, tables: [{ ...asr, ...given }] }));
  },
});

test.use({ viewport: { width: 1280, height: 800 } });
test.beforeAll(async () => {
  [asr, llm] = await Promise.all([readTable('open-asr'), readTable('open-llm-v2-gradio')]);
});

/** The facts that the reader of Gradio pages rests on, as seen on real servers of each version. */
test.describe('the replica of Gradio', () => {
  // Rows that are mounted at first, of 87; on real servers 87, 13, 12 or 13, 39 to 41, 23 or 24.
  const mounted = [
    ['3.27', 'tbody tr', 87],
    ['4.44', 'tbody.tbody tr', 12],
    ['5.49', 'tbody.tbody tr', 39],
    ['6.31', '.virtual-row', 23],
  ] as const;
  for (const [generation, rows, count] of mounted) {
    test(`${generation} mounts ${count} of 87 rows`, async ({ page, withAsr }) => {
      await withAsr(generation);

      await expect(page.locator(rows)).toHaveCount(count);
      await expect(page.locator(rows).first()).toContainText(
        'CohereLabs/cohere-transcribe-03-2026',
      );
      const config = await page.evaluate(() =>
        JSON.stringify(Reflect.get(window, 'gradio_config')),
      );
      expect(config).toContain('"row_count":[1,"dynamic"]');
    });
  }

  test('a value that comes late replaces the rows, under an overlay', async ({ page, withAsr }) => {
    const load = { afterMs: 1_000, before: asr.rows.slice(0, 3) };
    for (const generation of ['3.50', '4.26', '6.31'] as const) {
      const replica = await withAsr(generation, { load });

      const rows = page.locator('tbody.tbody tr, .virtual-row');
      const overlay = page.locator('.block > .wrap.default.full');
      await expect(rows).toHaveCount(3);
      await expect(overlay.locator('.progress-text')).toContainText(/processing \| \d\.\ds/);
      await expect(rows).not.toHaveCount(3);
      await expect(overlay).toHaveClass(/\bhide\b/);
      await expect(page.getByTestId('status-tracker')).toHaveCount(generation === '6.31' ? 1 : 0);
      const paths = replica.requests.map(({ method, path }) => `${method} ${path}`);
      const prefix = generation === '4.26' ? '' : '/gradio_api';
      if (generation === '3.50') expect(paths).toContain('WEBSOCKET /queue/join');
      else expect(paths).toContain(`GET ${prefix}/queue/data`);
    }
  });

  test('booleans, missing values, cut texts and Stylers differ by generation', async ({
    page,
    open,
  }) => {
    const table: GradioTable = {
      id: 'odd',
      headers: ['Model', 'Open', 'Size'],
      datatype: ['markdown', 'bool', 'number'],
      rows: [['[org/model-of-a-long-name](https://huggingface.co/org/model)', true, null]],
      maxChars: 20,
      rowNumbers: true,
    };
    await open({ generation: '4.44', tables: [table] });
    const cells = page.locator('tbody.tbody td, .body-cell');
    await expect(cells).toHaveText(['org/model-of-a-long-name', 'true', '']);
    await expect(cells.locator('a')).toHaveCount(1);

    await open({ generation: '5.49', tables: [table] });
    await expect(cells).toHaveText(['1', '[org/model-of-a-long...', '', 'null']);
    await expect(cells.locator('a')).toHaveCount(0);
    await expect(cells.getByRole('checkbox')).toBeChecked();
    await expect(cells.first()).toHaveAttribute('data-col', 'row-number');

    const display = [['a model', 'yes', '—']];
    await open({
      generation: '6.31',
      tables: [{ ...table, display, datatype: ['str', 'str', 'str'] }],
    });
    await expect(cells).toHaveText(['a model', 'yes', '—']);
    await expect(page.locator('th.header-cell')).toHaveCount(3);
    await expect(page.locator('th.header-cell').first()).toHaveAttribute('title', 'Model');
  });

  test('a tab that is not open has a table without height, or none at all', async ({
    page,
    open,
  }) => {
    const tables = [
      { ...asr, tab: 'Short' },
      { ...llm, tab: 'Long' },
    ];
    await open({ generation: '4.44', tables });
    await expect(page.locator('table.table')).toHaveCount(2);
    await expect(page.locator('table.table').nth(1).locator('tbody tr')).toHaveCount(17);
    expect(
      await page
        .locator('table.table')
        .nth(1)
        .evaluate((it) => it.clientHeight),
    ).toBe(0);

    await open({ generation: '6.25', tables });
    await expect(page.locator('.virtual-body')).toHaveCount(1);
    await expect(page.locator('button', { hasText: 'Long' })).toHaveCount(2);
    await expect(page.locator('button', { hasText: 'Long' }).first()).toBeHidden();
    await page.getByRole('tab', { name: 'Long' }).click();
    await expect(page.getByText('dfurman/CalmeRys-78B-Orpo-v0.1').first()).toBeVisible();
  });

  test('gradio_leaderboard filters in the page, and shows an empty row for no match', async ({
    page,
    open,
  }) => {
    const board = {
      selected: ['T', 'Model', 'Average ⬆️'],
      cantDeselect: ['T', 'Model'],
      hidden: ['fullname'],
      search: 'fullname',
      filters: [{ column: 'Not_Merged', label: 'Merge/MoErge', on: true }],
    };
    await open({ generation: 'leaderboard-5', tables: [{ ...llm, board }, asr] });
    // The other table is as Gradio 5.49 draws it.
    await expect(page.getByTestId('cell-38-0')).toBeAttached();
    await page.locator('#open-asr').evaluate((it) => it.remove());
    const rows = page.locator('tbody.tbody tr');
    await expect(page.locator('table.table th')).toHaveCount(3);
    const tall = () => page.locator('table.table').evaluate((it) => it.scrollHeight);
    await expect(rows).toHaveCount(12);
    const filtered = await tall();
    await page.getByLabel('Merge/MoErge').uncheck();
    expect(await tall()).toBeGreaterThan(filtered);

    await page.getByLabel('Precision').first().check();
    await expect(page.locator('table.table th')).toHaveCount(4);
    await page.getByTestId('textbox').fill('no-such-model');
    await expect(rows).not.toHaveCount(1);
    await page.getByTestId('textbox').press('Enter');
    await expect(rows).toHaveCount(1);
    await expect(rows.locator('td')).toHaveText(['', '', '', '']);
  });

  test('a Space has its app in a frame of another origin, once it runs', async ({ page, keep }) => {
    const space = { state: 'SLEEPING', wakesAfterVisits: 1 } as const;
    const replica = await keep(startGradio({ generation: '5.49', tables: [asr], space }));
    await page.goto(replica.spaceUrl);
    await expect(page.getByText('This Space is sleeping')).toBeVisible();
    await expect(page.locator('iframe.space-iframe')).toHaveCount(0);
    await page.reload();
    const app = page.frameLocator('iframe.space-iframe');
    await expect(app.locator('tbody.tbody tr')).toHaveCount(39);
    expect(new URL(replica.url).origin).not.toBe(new URL(replica.spaceUrl).origin);
  });

  test('classes of one start are none of the next', async ({ page, withAsr }) => {
    const hashed = async (): Promise<string | undefined> => {
      await withAsr('6.25');
      const classes = await page.locator('.virtual-body').getAttribute('class');
      return classes?.split(' ').find((it) => it.startsWith('svelte-'));
    };
    expect(await hashed()).not.toBe(await hashed());
  });

  test('there are over 300 mutations, each with a name of its own', () => {
    const names = gradioMutations(TARGET).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const all = GENERATIONS.flatMap((generation) => mutationsOf(generation, TARGET));
    expect(all.length).toBeGreaterThan(300);
    for (const mutation of gradioMutations(TARGET)) {
      const before: GradioOptions = { generation: '6.25', tables: [asr] };
      const after = mutation.change(before);
      expect(after === before, mutation.name).toBe(mutation.name === 'nothing');
    }
  });
});
