import { walkedKind } from '../../pages/walked-board.ts';
import * as inside from './inside.ts';

/**
 * AG Grid, by its own names for rows and columns: only those in view are in the document, in up to
 * three containers. It counts both, and its rows say their places, over all of its pages.
 *
 * @see https://www.ag-grid.com/javascript-data-grid/accessibility/
 */
export const agGrid = walkedKind('ag-grid', inside);
