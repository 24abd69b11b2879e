import type { Frame } from 'playwright';
import { FILE } from '../../boards/file-source.ts';
import { EtlError } from '../../errors.ts';
import { isSamePlace } from '../origin.ts';
import { listenTo } from '../pages/traffic.ts';
import { refusalOf, unreadWatch } from '../pages/unread.ts';
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
/** So long a page with a table is given to load others. */
const EARLY_MS = 3_000;

/**
 * The first kind that a page turns out to be, and the frame that is of it: the one given, or one of its
 * own origin in it.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when it is none of them, as soon as it is at rest, or after
 * `timeoutMs`
 */
export async function recognise(
  frame: Frame,
  timeoutMs: number,
): Promise<{ kind: Kind; frame: Frame }> {
  const endMs = performance.now() + timeoutMs;
  const traffic = await listenTo(frame.page());
  const unreadable = unreadWatch(frame, traffic);
  // A table may be a teaser of one of another kind, whose data are on their way.
  const isEarly = (): boolean =>
    traffic.pending(frame).length > 0 && performance.now() < endMs - timeoutMs + EARLY_MS;
  while (performance.now() < endMs) {
    for (const it of [frame, ...frame.childFrames().filter((child) => isOwn(child, frame))]) {
      for (const kind of kinds) {
        // A page that navigates while it is asked is asked again.
        if (!(await kind.recognises?.(it).catch(() => false))) continue;
        if (kind === html && isEarly()) break;
        return { kind, frame: it };
      }
    }
    const refusal = await unreadable();
    if (refusal) throw refusal;
    await frame.waitForTimeout(ASK_MS);
  }
  throw await refusalOf(frame, traffic);
}

const isOwn = (frame: Frame, of: Frame): boolean =>
  frame.url() === 'about:srcdoc' || isSamePlace(of.url(), frame.url());

/** @throws {EtlError} BOARD_UNKNOWN for an id that no kind has */
export function kindNamed(id: string, wantedBy: string): Kind {
  const kind = kinds.find((it) => it.id === id);
  if (kind) return kind;
  const known = [...kinds.map((it) => it.id), FILE].join(', ');
  throw new EtlError('BOARD_UNKNOWN', `${wantedBy} wants the renderer ${id}; there are: ${known}`);
}
