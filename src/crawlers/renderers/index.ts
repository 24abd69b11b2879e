import { openLlmReact } from './open-llm-react.ts';
import type { Renderer } from './renderer.ts';

/** The kinds of page that we can read, by the id that a board's definition names. */
export const renderers: readonly Renderer[] = [openLlmReact];
