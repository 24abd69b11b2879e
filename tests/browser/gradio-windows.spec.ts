import { expect, test as base } from '../helpers/fixtures.ts';
import { numberedTable, readTable } from '../replica/gradio/real-tables.ts';
import { startGradio, type GradioOptions } from '../replica/gradio/server.ts';

const test = base.extend<{ open: (options: GradioOptions) => Promise<void> }>({
  open: async ({ page, keep }, use) => {
    await use(async (options) => {
      const { url } = await keep(startGradio(options));
      await page.goto(url);
    });
  },
});

test.use({ viewport: { width: 1280, height: 800 } });

/** Which rows of a long table the replica has in its document, as seen on real servers. */
test.describe('the windows of the replica of Gradio', () => {
  // Real servers of 3.50.2, 4.44.1, 5.49.1 and 6.31.0 keep 12 of 14, 12 of 14, 37 of 39 and 32 of 34.
  const windows = [
    { generation: '3.50', most: 14 },
    { generation: '4.44', most: 14 },
    { generation: '5.49', most: 40 },
    { generation: '6.31', most: 34 },
  ] as const;
  for (const { generation, most } of windows) {
    test(`${generation} keeps the rows that stay in its window, and has no more than ${most}`, async ({
      page,
      open,
    }) => {
      const llm = await readTable('open-llm-v2-gradio');
      const rows = Array.from({ length: 9 }, () => llm.rows).flat();
      await open({ generation, tables: [{ ...llm, rows }] });
      await page.waitForSelector('.virtual-body > *, .tbody > tr', { state: 'attached' });
      const { before, after, kept, far } = await page.evaluate(async () => {
        const body = document.querySelector('.virtual-body, .tbody');
        let scroller = body?.parentElement;
        while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY))
          scroller = scroller.parentElement;
        const rowsAt = async (topPx: number): Promise<Element[]> => {
          if (scroller) scroller.scrollTop = topPx;
          for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
          return [...(body?.children ?? [])];
        };
        const before = await rowsAt(2000);
        const after = await rowsAt(2080);
        const far = await rowsAt(9000);
        const kept = after.filter((row) => before.includes(row)).length;
        return { before: before.length, after: after.length, kept, far: far.length };
      });

      expect(kept).toBeGreaterThanOrEqual(before - 3);
      for (const count of [before, after, far]) {
        expect(count).toBeGreaterThanOrEqual(most - 2);
        expect(count).toBeLessThanOrEqual(most);
      }
    });
  }

  for (const generation of ['4.44', '5.33', '6.25'] as const) {
    test(`${generation} reaches the last of 10,000 rows by scrolling`, async ({ page, open }) => {
      await open({ generation, tables: [numberedTable('numbers', 10_000)] });

      const box = page.locator('table.table, .virtual-table-viewport');
      await expect(box.locator('tbody.tbody td, .body-cell').first()).toBeVisible();
      await box.evaluate((it) => it.scrollTo(0, 1e9));
      await expect(page.getByText('note 9999 of 10000')).toBeVisible();
      await box.evaluate((it) => it.scrollTo(0, it.scrollHeight / 2));
      await expect(page.getByText('note 5000 of 10000')).toBeAttached();
      expect(await page.locator('tbody.tbody tr, .virtual-row').count()).toBeLessThan(60);
    });
  }
});
