import type { GradioMutation, MutationTarget } from './mutation-kit.ts';
import { disagreements, pageMutations } from './mutations-of-pages.ts';
import { httpMutations, lateMutations, spaceMutations } from './mutations-of-serving.ts';
import { columnMutations, rowMutations } from './mutations-of-tables.ts';
import type { GradioGeneration } from './settings.ts';

export type { Expected, GradioMutation, MutationTarget } from './mutation-kit.ts';

/** Every mutation, for a page that has the target as its first table. */
export function gradioMutations(target: MutationTarget): GradioMutation[] {
  return [
    ...columnMutations(target),
    ...rowMutations(target),
    ...disagreements(target),
    ...pageMutations(target),
    ...lateMutations(target),
    ...httpMutations(),
    ...spaceMutations(),
  ];
}

/** Those of them that mean something in a generation. */
export const mutationsOf = (
  generation: GradioGeneration,
  target: MutationTarget,
): GradioMutation[] =>
  gradioMutations(target).filter(
    ({ generations }) => generations === undefined || generations.includes(generation),
  );
