import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { cleanModel } from '../../../src/clean/repos.ts';
import type { TagEntry } from '../../../src/clean/tags.ts';
import type { RawModel } from '../../../src/tables/raw-model.ts';
import { agrees } from './support/agrees.ts';
import { context } from './support/check.ts';

interface Vector {
  fn: string;
  args: unknown[];
  out: unknown;
}

/** Puts a function's input where the original met it, and finds what became of it. */
interface Setting {
  record: (args: unknown[]) => Record<string, unknown>;
  found: (model: RawModel) => unknown;
}

const index = (results: unknown) => ({ 'model-index': [{ results: [results] }] });
const result = (model: RawModel) => model.model_index[0]?.results[0];
const one = <Value>(values: readonly Value[]): Value | undefined => values[0];

const SETTINGS: Record<string, Setting> = {
  clean_carddata_base_fields: {
    record: ([cardData]) => ({ cardData }),
    found: (it) => one(it.cardData),
  },
  clean_config: { record: ([config]) => ({ config }), found: (it) => it.config },
  clean_gguf: { record: ([gguf]) => ({ gguf }), found: (it) => it.gguf },
  clean_safetensors: {
    record: ([safetensors]) => ({ safetensors }),
    found: (it) =>
      it.safetensors && { parameters: it.safetensors.parameters, total: it.safetensors.total },
  },
  fix_co2: {
    record: ([co2]) => ({ cardData: { co2_eq_emissions: co2 } }),
    found: (it) => one(it.cardData)?.co2_eq_emissions,
  },
  fix_metrics: {
    record: ([metrics]) => ({ cardData: { metrics } }),
    found: (it) => one(it.cardData)?.metrics,
  },
  fix_model_index: {
    record: ([entries]) => ({ 'model-index': entries, cardData: { 'model-index': entries } }),
    found: (it) =>
      it.model_index.some(({ results }) => results.length > 0)
        ? one(it.cardData)?.model_index
        : it.model_index,
  },
  fix_nullable_record: {
    record: ([value]) => ({ cardData: { co2_eq_emissions: value } }),
    found: (it) => one(it.cardData)?.co2_eq_emissions,
  },
  fix_records: {
    record: ([values, key]) => (key === 'tags' ? { cardData: values } : { widgetData: values }),
    found: (it) => (it.cardData.length > 0 ? it.cardData : it.widgetData),
  },
  fix_repeateds: {
    record: ([tags]) => ({ cardData: { tags } }),
    found: (it) => one(it.cardData)?.tags,
  },
  fix_result_datasets: {
    record: ([dataset]) => index({ dataset }),
    found: (it) => result(it)?.datasets,
  },
  fix_result_metrics: {
    record: ([metrics]) => index({ metrics }),
    found: (it) => result(it)?.metrics,
  },
  fix_result_task: { record: ([task]) => index({ task }), found: (it) => result(it)?.task },
  fix_widget_data: { record: ([widgetData]) => ({ widgetData }), found: (it) => it.widgetData },
  interpret_tags: { record: ([, tags]) => ({ tags }), found: (it) => it.tags },
  stringify: {
    record: ([value]) => ({ cardData: { key: value } }),
    found: (it) => one(it.cardData)?.params[0]?.value,
  },
};

/** Where we differ on purpose: number of the vector, what we give. Reasons: docs/original.md. */
const DIFFERENCES = new Map<number, { reason: string; ours: unknown }>([
  [10, { reason: 'a gguf that is a list is kept in extra, and the column is null', ours: null }],
  [
    20,
    {
      reason: 'a text in a list names a metric, as it does alone',
      ours: [{ name: 'accuracy', value: null, type: null }],
    },
  ],
  [
    30,
    {
      reason: 'a dataset object is one dataset, not one a key',
      ours: [{ results: [{ datasets: [{ name: 'food-101', type: 'food101', args: 'default' }] }] }],
    },
  ],
  [
    74,
    {
      reason: 'a tag that the vocabulary lacks is kept',
      ours: [{ id: 'blah', label: null, type: null, subType: null }],
    },
  ],
]);

const { vectors } = JSON.parse(
  readFileSync(new URL('fixtures/cleaning-vectors.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };

function clean({ fn, args }: Vector): unknown {
  const setting = SETTINGS[fn];
  if (setting === undefined) throw new Error(`no setting for ${fn}`);
  const known = fn === 'interpret_tags' ? (args[0] as Record<string, TagEntry>) : {};
  const record = { _id: '1', id: 'a/b', ...setting.record(args) };
  const cleaned = cleanModel(record, { ...context, tags: new Map(Object.entries(known)) });
  if (!cleaned.ok) throw new Error(`refused: ${cleaned.reason}`);
  return setting.found(cleaned.record) ?? null;
}

test.describe('vectors of the original', () => {
  test('all 77 are there', () => {
    expect(vectors).toHaveLength(77);
  });

  test('docs/original.md names each deliberate difference', () => {
    const page = readFileSync(new URL('../../../docs/original.md', import.meta.url), 'utf8');
    const section = page.slice(page.indexOf('## Cases where'));
    const named = [...section.matchAll(/^\| (\d+)\s+\|/gm)].map(([, number]) => Number(number));

    expect(named).toEqual([...DIFFERENCES.keys()]);
  });

  for (const [number, vector] of vectors.entries()) {
    const difference = DIFFERENCES.get(number);
    const title = `${number} ${vector.fn}${difference === undefined ? '' : ` differs: ${difference.reason}`}`;
    test(title, () => {
      const ours = clean(vector);

      if (difference === undefined) {
        expect(
          agrees(vector.out, ours),
          `${JSON.stringify(vector.out)}\n${JSON.stringify(ours)}`,
        ).toBe(true);
      } else {
        expect(agrees(vector.out, ours)).toBe(false);
        expect({ ours }).toMatchObject({ ours: difference.ours });
      }
    });
  }
});
