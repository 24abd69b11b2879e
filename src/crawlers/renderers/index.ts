import type { Frame } from 'playwright';
import { EtlError } from '../../errors.ts';
import { agGrid } from './ag-grid/ag-grid.ts';
import { gradio } from './gradio/gradio.ts';
import { htmlTable } from './html-table/html-table.ts';
import { openLlmReact } from './open-llm-react.ts';
import type { Renderer } from './renderer.ts';

/**
 * The kinds of page that we can read, by the id that a board's definition names; those that know
 * themselves best come first.
 */
export const renderers: readonly Renderer[] = [openLlmReact, gradio, agGrid, htmlTable];

/** How often a page that nobody described is asked what it is. */
const ASK_MS = 100;

/**
 * The first kind that a page turns out to be.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when it is none of them within `timeoutMs`
 */
export async function recognise(frame: Frame, timeoutMs: number): Promise<Renderer> {
  const endMs = performance.now() + timeoutMs;
  while (performance.now() < endMs) {
    for (const renderer of renderers) {
      // A page that navigates while it is asked is asked again.
      if (await renderer.recognises?.(frame).catch(() => false)) return renderer;
    }
    await frame.waitForTimeout(ASK_MS);
  }
  throw new EtlError('BOARD_UNREACHABLE', `${frame.url()} shows no table that we can read`, {
    context: { url: frame.url(), again: false },
  });
}

/** @throws {EtlError} BOARD_UNKNOWN for an id that no renderer has */
export function rendererNamed(id: string, wantedBy: string): Renderer {
  const renderer = renderers.find((it) => it.id === id);
  if (renderer) return renderer;
  const known = renderers.map((it) => it.id).join(', ');
  throw new EtlError('BOARD_UNKNOWN', `${wantedBy} wants the renderer ${id}; there are: ${known}`);
}
