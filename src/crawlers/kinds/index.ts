import type { Frame } from 'playwright';
import { FILE } from '../../boards/file-source.ts';
import { EtlError } from '../../errors.ts';
import { agGrid } from './ag-grid/ag-grid.ts';
import { gradio } from './gradio/gradio.ts';
import { html } from './html/html.ts';
import type { Kind } from './kind.ts';
import { openLlmPage } from './open-llm/open-llm.ts';
import { roleGrid } from './role-grid/role-grid.ts';

/**
 * The kinds of page that we can read, by the id that a board's definition names; those that know
 * themselves best come first.
 */
export const kinds: readonly Kind[] = [openLlmPage, gradio, agGrid, html, roleGrid];

/** How often a page that nobody described is asked what it is. */
const ASK_MS = 100;

/**
 * The first kind that a page turns out to be.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when it is none of them within `timeoutMs`
 */
export async function recognise(frame: Frame, timeoutMs: number): Promise<Kind> {
  const endMs = performance.now() + timeoutMs;
  while (performance.now() < endMs) {
    for (const kind of kinds) {
      // A page that navigates while it is asked is asked again.
      if (await kind.recognises?.(frame).catch(() => false)) return kind;
    }
    await frame.waitForTimeout(ASK_MS);
  }
  throw new EtlError('BOARD_UNREACHABLE', `${frame.url()} shows no table that we can read`, {
    context: { url: frame.url(), again: false },
  });
}

/** @throws {EtlError} BOARD_UNKNOWN for an id that no kind has */
export function kindNamed(id: string, wantedBy: string): Kind {
  const kind = kinds.find((it) => it.id === id);
  if (kind) return kind;
  const known = [...kinds.map((it) => it.id), FILE].join(', ');
  throw new EtlError('BOARD_UNKNOWN', `${wantedBy} wants the renderer ${id}; there are: ${known}`);
}
