import { walkedKind } from '../../pages/walked-board.ts';
import * as inside from './inside.ts';

/**
 * Tables made of other elements by their roles: `grid`, `table` or `treegrid`, rows and cells. All of
 * the rows may be in the document, or those in view, which then say their places by `aria-rowindex`
 * or overlap.
 *
 * @see https://www.w3.org/TR/wai-aria-1.2/#aria-rowindex
 */
export const roleGrid = walkedKind('role-grid', inside);
