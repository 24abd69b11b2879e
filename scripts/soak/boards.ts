import { GENERATIONS } from '../../tests/replica/gradio/settings.ts';
import { TABLE_KINDS } from '../../tests/replica/tables/mutations.ts';
import type { SoakPart } from './part.ts';
import { moreOf } from './playwright.ts';

const MUTATIONS = ['tests/browser/mutations'];
const bothWays = (name: string): string => `${name},${name}-undescribed`;

export const parts: Record<string, SoakPart> = {
  gradio: moreOf(
    'all generations of Gradio, tables of 10,000 rows',
    ['tests/browser/gradio.spec.ts', 'tests/browser/gradio-replica.spec.ts'],
    { SOAK: '1' },
  ),
  tables: moreOf(
    'tables of 10,000 rows, every Open LLM row, aborts of a start',
    ['tests/browser/html.spec.ts', 'tests/browser/open-llm.spec.ts'],
    { SOAK: '1' },
  ),
  'mutations-tables': moreOf('every change of pages with tables and grids', MUTATIONS, {
    MUTATIONS: TABLE_KINDS.join(),
  }),
  'mutations-undescribed': moreOf('the same pages without a definition', MUTATIONS, {
    MUTATIONS: TABLE_KINDS.map((kind) => `${kind}-undescribed`).join(),
  }),
};
for (const generation of GENERATIONS) {
  const about = `every change of a page of Gradio ${generation}`;
  parts[`mutations-${generation}`] = moreOf(about, MUTATIONS, { MUTATIONS: bothWays(generation) });
}
