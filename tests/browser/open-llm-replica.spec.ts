import type { Page } from '@playwright/test';
import { openLlm } from '../../src/boards/definitions/open-llm.ts';
import { openLlmPage } from '../../src/crawlers/kinds/open-llm/open-llm.ts';
import { startOpenLlm, type OpenLlmReplica } from '../../demo/open-llm/server.ts';
import { expect, test } from '../helpers/fixtures.ts';

test.use({ viewport: { width: 1600, height: 1000 } });

/** The facts that the reader of this page rests on, pinned on the page itself. */
test.describe('the page of the Open LLM Leaderboard', () => {
  let replica: OpenLlmReplica;

  test.beforeAll(async () => {
    replica = await startOpenLlm({ delayMs: 1_000 });
  });
  test.afterAll(() => replica.close());

  const counts = (page: Page) => page.locator('p:not(table p)', { hasText: /^[\d/]+$/ });
  const rows = (page: Page) =>
    page.locator('tbody tr', { has: page.locator('a[href^="https://huggingface.co/"]') });

  test('shows a skeleton that looks like a table, then data', async ({ page }) => {
    await page.goto(replica.url);

    await expect(page.locator('tbody tr')).toHaveCount(10);
    await expect(page.locator('tbody tr').first().locator('td .MuiSkeleton-root')).toHaveCount(11);
    expect(await page.locator('th').allTextContents()).toEqual(Array(11).fill(''));
    await expect(rows(page)).toHaveCount(29);
    await expect(page.locator('tbody tr')).toHaveCount(30);
    // How many rows its default filters show, and how many there are.
    await expect(counts(page)).toHaveText(['4569', '/', '4576']);
    await expect(page.locator('th')).toHaveText([
      ...['', 'Rank', 'Type', 'Model', 'Average', 'IFEval', 'BBH', 'MATH', 'GPQA', 'MUSR'],
      ...['MMLU-PRO', 'CO₂ Cost'],
    ]);
    await expect(page.locator('p.header-label[aria-label="Average"]')).toHaveText('Average');
    // A row is named by the link of its model.
    const link = rows(page)
      .first()
      .getByLabel(/^View .* on Hugging Face Hub$/);
    await expect(link).toHaveAttribute(
      'href',
      'https://huggingface.co/MaziyarPanahi/calme-3.2-instruct-78b',
    );
    await expect(rows(page).first().locator('td').nth(4)).toHaveText('52.08 %');
    // There is room for every row at 45 pixels each under a head of 56.
    const box = page.locator('.MuiTableContainer-root');
    expect(await box.evaluate((it) => it.scrollHeight)).toBe(4569 * 45 + 56);
    expect(await box.evaluate((it) => it.clientHeight)).toBe(620);
  });

  test('heads all twenty-six columns when asked to', async ({ page }) => {
    await page.goto(openLlmPage.address(openLlm, replica.url));
    await expect(page.locator('th')).toHaveText(
      openLlm.columns.filter(({ name }) => name !== 'entry_id').map(({ header }) => header),
    );
  });

  test('drops defaults from its address, and takes an empty list as no filter', async ({
    page,
  }) => {
    await page.goto(`${replica.url}#/?precision=&types=&search=`);

    await expect(counts(page)).toHaveText(['4576', '/', '4576']);
    expect(new URL(page.url()).hash).toBe('#/');
  });

  test('filters by what its address says', async ({ page }) => {
    await page.goto(`${replica.url}#/?official=true&types=&scoreDisplay=raw`);
    await expect(counts(page)).toHaveText(['470', '/', '470']);
    await expect(rows(page).first().locator('td').nth(5)).toHaveText(/^0\.\d\d$/);

    await page.goto('about:blank');
    await page.goto(`${replica.url}#/?search=no-such-model`);
    await expect(page.locator('h2')).toHaveText('No models found');
  });
});
