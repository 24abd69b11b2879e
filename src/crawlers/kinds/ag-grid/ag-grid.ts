import { listenTo } from '../../pages/traffic.ts';
import { hasTables, readWalked, walkedCode } from '../../pages/walked-board.ts';
import type { Kind } from '../kind.ts';
import * as inside from './inside.ts';

const PAGE = walkedCode(inside);

/**
 * AG Grid, by its own names for rows and columns: only those in view are in the document, in up to
 * three containers. It counts both, and its rows say their places, over all of its pages.
 *
 * @see https://www.ag-grid.com/javascript-data-grid/accessibility/
 */
export const agGrid: Kind = {
  id: 'ag-grid',
  listen: async (page) => {
    const traffic = await listenTo(page);
    return { read: (frame, options) => readWalked({ code: PAGE, frame, traffic, options }) };
  },
  recognises: (frame) => hasTables(PAGE, frame),
};
