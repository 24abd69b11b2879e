import type { Frame } from 'playwright';
import { BoardDriftError } from '../../boards/drift.ts';
import { foldSpace } from '../../boards/text.ts';
import type { BoardDefinition } from '../../boards/definition.ts';

/**
 * Opens the tab of a page that holds the board, where the definition names one.
 *
 * @throws {BoardDriftError} BOARD_DRIFT when the page has no such tab in time
 */
export async function openTab(
  frame: Frame,
  { id, tab }: BoardDefinition,
  timeoutMs: number,
): Promise<void> {
  if (tab === undefined) return;
  const found = frame.getByRole('tab', { name: tab, exact: true }).first();
  try {
    await found.click({ timeout: timeoutMs });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    const tabs = await frame.getByRole('tab').allTextContents();
    const seen = tabs.map((it) => `"${foldSpace(it)}"`).join(', ') || 'no tabs';
    throw new BoardDriftError(id, [{ what: 'tab', expected: tab, found: seen }]);
  }
}
