import type { BoardDefinition } from './definition.ts';
import { openLlm } from './open-llm.ts';

/** The boards that we follow, by the id that `--board` takes. */
export const boards: readonly BoardDefinition[] = [openLlm];
