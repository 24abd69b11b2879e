import { listenTo } from '../../pages/traffic.ts';
import { hasTables, readWalked, walkedCode } from '../../pages/walked-board.ts';
import type { Kind } from '../kind.ts';
import * as inside from './inside.ts';

const PAGE = walkedCode(inside);

/**
 * Tables made of other elements by their roles: `grid`, `table` or `treegrid`, rows and cells. All of
 * the rows may be in the document, or those in view, which then say their places by `aria-rowindex`
 * or overlap.
 *
 * @see https://www.w3.org/TR/wai-aria-1.2/#aria-rowindex
 */
export const roleGrid: Kind = {
  id: 'role-grid',
  listen: async (page) => {
    const traffic = await listenTo(page);
    return { read: (frame, options) => readWalked({ code: PAGE, frame, traffic, options }) };
  },
  recognises: (frame) => hasTables(PAGE, frame),
};
