import {
  changed,
  retyped,
  VIRTUAL,
  type Expected,
  type GradioMutation,
  type MutationTarget,
} from './mutation-kit.ts';
import type { GradioOptions } from './server.ts';
import type { GradioTable } from './tables.ts';

/** The rows come after the page. */
export function lateMutations(target: MutationTarget): GradioMutation[] {
  const late = (afterMs: number, before?: (table: GradioTable) => GradioTable['rows']) =>
    changed(target, (it) => ({ ...it, load: { afterMs, ...(before && { before: before(it) }) } }));
  const stale = (it: GradioTable): GradioTable['rows'] => it.rows.slice(0, 8);
  return [
    { name: 'late-rows', expect: 'exact', change: late(1_200) },
    { name: 'late-rows-at-once', expect: 'exact', change: late(0) },
    { name: 'late-rows-replace-others', expect: 'exact', change: late(1_200, stale) },
    {
      name: 'late-rows-change-one-cell',
      expect: 'exact',
      change: late(900, (it) => retyped(it, target.required, () => 12.5).rows),
    },
    {
      name: 'late-rows-are-not-drawn',
      expect: 'refused',
      generations: VIRTUAL,
      change: (it) => ({ ...late(600, stale)(it), faults: { frozen: true, table: target.table } }),
    },
    {
      name: 'late-event-fails',
      expect: 'refused',
      change: (it) => ({ ...late(300)(it), event: 'fails' }),
    },
    {
      name: 'late-event-fails-over-old-rows',
      expect: 'refused',
      change: (it) => ({ ...late(300, stale)(it), event: 'fails' }),
    },
    {
      name: 'late-event-never-ends',
      expect: 'refused',
      change: (it) => ({ ...late(300)(it), event: 'never' }),
    },
    {
      name: 'late-event-is-cut',
      expect: 'refused',
      change: (it) => ({ ...late(300, stale)(it), event: 'cut' }),
    },
  ];
}

/** The app answers something else than its page. */
export function httpMutations(): GradioMutation[] {
  const answers = [429, 500, 503, 'login'] as const;
  return [
    ...answers.map((answer): GradioMutation => ({
      name: `answer-${answer}`,
      expect: 'refused',
      change: (it) => ({ ...it, http: { answer } }),
    })),
    {
      name: 'answer-503-once',
      expect: 'either',
      change: (it) => ({ ...it, http: { answer: 503, times: 1 } }),
    },
    {
      name: 'redirected',
      expect: 'exact',
      change: (it) => ({ ...it, http: { answer: 'redirect' } }),
    },
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
  const space = (
    name: string,
    expect: Expected,
    options: GradioOptions['space'],
  ): GradioMutation => ({
    name,
    expect,
    throughSpace: true,
    change: (it) => ({ ...it, ...(options && { space: options }) }),
  });
  return [
    space('space-frame', 'exact', {}),
    space('space-renamed', 'exact', { state: 'RENAMED' }),
    space('space-wakes-up', 'either', { state: 'SLEEPING', wakesAfterVisits: 1 }),
    ...states.map((state) =>
      space(`space-${state.toLowerCase().replaceAll('_', '-')}`, 'refused', { state }),
    ),
  ];
}
