import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import { openLlmReact } from '../../../src/crawlers/renderers/open-llm-react.ts';
import { realRows } from './reading.ts';

const textsOf = (row: unknown, rank: number): Record<string, string> =>
  Object.fromEntries(openLlm.columns.map(({ header, text }) => [header, text?.(row, rank) ?? '']));

test.describe('the definition of the Open LLM Leaderboard', () => {
  test('says of a real row what the page shows of it', () => {
    const row = realRows.find((it) => openLlm.identity(it).startsWith('0-hero/Matter-0.2-7B-DPO_'));

    expect(textsOf(row, 3000)).toEqual({
      '': '',
      Rank: '3000',
      Type: '💬',
      Model: '0-hero/Matter-0.2-7B-DPO',
      Average: '8.91 %',
      IFEval: '33.03 %',
      BBH: '10.06 %',
      MATH: '1.44 %',
      GPQA: '1.23 %',
      MUSR: '5.87 %',
      'MMLU-PRO': '1.82 %',
      Architecture: 'MistralForCausalLM',
      Precision: 'bfloat16',
      Parameters: '7.242B',
      License: 'apache-2.0',
      'CO₂ Cost': '1.22 kg',
      'Hub ❤️': '3',
      'Upload Date': '2024-04-13',
      'Submission Date': '2024-08-05',
      Generation: '0',
      'Base Model': '0-hero/Matter-0.2-7B-DPO',
      'Chat Template': 'Yes',
      'Hub Availability': 'Yes',
      'Official Providers': 'No',
      'Mixture of Experts': 'No',
      'Flag Status': 'No',
    });
  });

  test('says `-` of what is missing, but `0 kg`', () => {
    const texts = textsOf(
      { model: { name: 'a/b', architecture: null }, metadata: { co2_cost: null } },
      1,
    );

    expect(texts).toMatchObject({ Average: '-', BBH: '-', Architecture: '-', 'Upload Date': '-' });
    expect(texts).toMatchObject({
      'Flag Status': '-',
      'CO₂ Cost': '0 kg',
      Model: 'a/b',
      Type: '❓',
    });
  });

  test('gives a continued pretraining the icon of a pretraining, as the page does', () => {
    expect(textsOf({ model: { type: 'continuouslypretrained' } }, 1)['Type']).toBe('🟢');
  });

  test('has a value, a text and an order for anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), fc.nat(), (row, rank) => {
        for (const { text, value } of openLlm.columns) {
          expect(typeof text?.(row, rank)).toBe('string');
          value?.(row);
        }
        expect(typeof openLlm.identity(row)).toBe('string');
        expect(typeof openLlm.order?.(row)).toBe('number');
        for (const { keeps } of openLlm.filters ?? []) expect(typeof keeps(row)).toBe('boolean');
      }),
    );
  });

  test('asks the page for each column by its key', () => {
    const address = new URL(openLlmReact.address(openLlm, openLlm.url));
    const keys = new URLSearchParams(address.hash.split('?')[1]).get('columns')?.split(',');

    expect(address.origin).toBe('https://open-llm-leaderboard-open-llm-leaderboard.hf.space');
    expect(keys).toHaveLength(25);
    expect(new Set(keys).size).toBe(25);
  });
});
