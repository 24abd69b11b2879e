import {
  changed,
  either,
  exact,
  refused,
  retyped,
  VIRTUAL,
  type GradioMutation,
  type MutationTarget,
} from './mutation-kit.ts';
import type { GradioOptions, SpaceOptions } from './server.ts';
import type { GradioTable } from './tables.ts';

/** The rows come after the page. */
export function lateMutations(target: MutationTarget): GradioMutation[] {
  const late = (afterMs: number, before?: (table: GradioTable) => GradioTable['rows']) =>
    changed(target, (it) => ({ ...it, load: { afterMs, ...(before && { before: before(it) }) } }));
  const stale = (it: GradioTable): GradioTable['rows'] => it.rows.slice(0, 8);
  return [
    exact('late-rows', late(1_200)),
    exact('late-rows-at-once', late(0)),
    exact('late-rows-replace-others', late(1_200, stale)),
    exact(
      'late-rows-change-one-cell',
      late(900, (it) => retyped(it, target.required, () => 12.5).rows),
    ),
    refused(
      'late-rows-are-not-drawn',
      (it) => ({ ...late(600, stale)(it), faults: { frozen: true, table: target.table } }),
      { generations: VIRTUAL },
    ),
    refused('late-event-fails', (it) => ({ ...late(300)(it), event: 'fails' })),
    refused('late-event-fails-over-old-rows', (it) => ({
      ...late(300, stale)(it),
      event: 'fails',
    })),
    refused('late-event-never-ends', (it) => ({ ...late(300)(it), event: 'never' })),
    refused('late-event-is-cut', (it) => ({ ...late(300, stale)(it), event: 'cut' })),
  ];
}

/** The app answers something else than its page. */
export function httpMutations(): GradioMutation[] {
  const answers = [429, 500, 503, 'login'] as const;
  return [
    ...answers.map((answer) => refused(`answer-${answer}`, (it) => ({ ...it, http: { answer } }))),
    either('answer-503-once', (it) => ({ ...it, http: { answer: 503, times: 1 } })),
    exact('redirected', (it) => ({ ...it, http: { answer: 'redirect' } })),
  ];
}

/** What the Hub has around, or in place of, the app. */
export function spaceMutations(): GradioMutation[] {
  const states = [
    'SLEEPING',
    'BUILDING',
    'PAUSED',
    'RUNTIME_ERROR',
    'CONFIG_ERROR',
    'NOT_FOUND',
    'RATE_LIMITED',
    'LOGIN',
  ] as const;
  const spaceIs = (space: SpaceOptions) => (it: GradioOptions) => ({ ...it, space });
  const throughSpace = true;
  return [
    exact('space-frame', spaceIs({}), { throughSpace }),
    exact('space-renamed', spaceIs({ state: 'RENAMED' }), { throughSpace }),
    either('space-wakes-up', spaceIs({ state: 'SLEEPING', wakesAfterVisits: 1 }), { throughSpace }),
    ...states.map((state) =>
      refused(`space-${state.toLowerCase().replaceAll('_', '-')}`, spaceIs({ state }), {
        throughSpace,
      }),
    ),
  ];
}
