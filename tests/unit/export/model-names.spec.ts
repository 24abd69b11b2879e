import { expect, test } from '@playwright/test';
import type { NamedModel, ResolvedModel } from '../../../src/boards/rows/rows.ts';
import { createIdSet } from '../../../src/export/id-set.ts';
import { resolver, searchNames, type Alias } from '../../../src/export/model-names.ts';

const named = (name: string, given: Partial<NamedModel> = {}): NamedModel => ({
  ...{ name, linked: [], stated: [], others: [], organizations: [] },
  ...given,
});

const renamed = (from_id: string, to_id: string): Alias => ({
  ...{ from_id, to_id, _id: null },
  ...{ how: 'redirect', seen_at: '2026-11-29T00:00:00.000Z' },
});

interface Release {
  models?: readonly string[];
  aliases?: readonly Alias[];
  registry?: Record<string, string>;
  /** Names on other boards. */
  boards?: readonly NamedModel[];
  isWhole?: boolean;
}

/** What a name is taken for, as `[model_id, _id, method, confidence]`. */
function resolve(model: NamedModel, release: Release) {
  const { models = [], aliases = [], boards = [], isWhole = true } = release;
  const registry = new Map(Object.entries(release.registry ?? {}));
  const asked = [model, ...boards];
  const search = searchNames(asked, registry);
  const ids = createIdSet();
  for (const [at, id] of models.entries()) {
    const _id = String(at + 1).padStart(24, '6');
    ids.add(_id, id, at);
    search.see(id, _id);
  }
  const found = resolver({ search, registry, aliases, ids, asked, isWhole })(model);
  const place = found._id === null ? null : models[Number(found._id.replace(/^6+/, '')) - 1];
  return [found.modelId, place, found.method, found.confidence] as const;
}

const NONE = [null, null, 'none', 0] satisfies [null, null, ResolvedModel['method'], number];

test('a name is the id of a model, or that but for capitals', () => {
  const models = ['Qwen/Qwen3-8B', 'gpt2'];
  expect(resolve(named('Qwen/Qwen3-8B'), { models })).toEqual([
    ...['Qwen/Qwen3-8B', 'Qwen/Qwen3-8B', 'exact', 1],
  ]);
  expect(resolve(named('qwen/qwen3-8b'), { models })[3]).toBe(0.95);
  expect(resolve(named('gpt2'), { models })[2]).toBe('exact');
  expect(resolve(named('Qwen/Qwen3-80B'), { models })).toEqual(NONE);
});

test('what the name is linked to is the model, with the capitals of the release; also one that it lacks', () => {
  const models = ['a/B'];
  expect(resolve(named('B', { linked: ['A/b'] }), { models })).toEqual(['a/B', 'a/B', 'link', 1]);
  expect(resolve(named('B', { linked: ['gone/B'] }), { models })).toEqual([
    ...['gone/B', null, 'link', 1],
  ]);
  expect(resolve(named('B', { stated: ['a/B'] }), { models })[2]).toBe('link');
  expect(resolve(named('B', { linked: ['gone/B', 'Gone/b'] }), { models })[2]).toBe('link');
});

test('a name that means two models means none', () => {
  const models = ['a/one', 'a/two', 'org/m', 'organic/M'];
  expect(resolve(named('x', { linked: ['a/one', 'a/two'] }), { models })).toEqual(NONE);
  expect(resolve(named('a/one', { linked: ['a/two'] }), { models })).toEqual(NONE);
  expect(resolve(named('A/ONE', { linked: ['a/two'] }), { models })).toEqual(NONE);
  expect(resolve(named('m', { organizations: ['Org'] }), { models })).toEqual(NONE);
  const boards = [named('x', { stated: ['a/one'] }), named('x', { stated: ['a/two'] })];
  expect(resolve(named('x'), { models, boards })).toEqual(NONE);
});

test('renames are followed, of the name and of its link', () => {
  const release = { models: ['new/x'], aliases: [renamed('old/x', 'new/x')] };
  const now = ['new/x', 'new/x', 'alias', 0.9];
  expect(resolve(named('old/x'), release)).toEqual(now);
  expect(resolve(named('X', { linked: ['Old/X'] }), release)).toEqual(now);
  expect(resolve(named('old/x', { linked: ['new/x'] }), release)[0]).toBe('new/x');
});

test('a board that states ids tells what its names mean elsewhere, the other ones too', () => {
  const models = ['openai/gpt-oss-120b'];
  const boards = [
    named('openai/gpt-oss', { others: ['openai/gpt-oss-0805'], stated: ['openai/gpt-oss-120b'] }),
  ];
  for (const name of ['openai/gpt-oss', 'openai/gpt-oss-0805']) {
    expect(resolve(named(name), { models, boards })).toEqual([
      ...[models[0], models[0], 'alias', 0.85],
    ]);
  }
  expect(resolve(named('openai/gpt-oss-20b'), { models, boards })).toEqual(NONE);
});

test('a registry is believed where the release has its model, and after all that the boards say', () => {
  const models = ['a/real', 'a/other'];
  const registry = { 'Real (FC)': 'A/real', Closed: 'vendor/closed', mine: 'a/other' };
  expect(resolve(named('Real (FC)'), { models, registry })).toEqual([
    ...['a/real', 'a/real', 'registry', 0.8],
  ]);
  expect(resolve(named('Closed'), { models, registry })).toEqual(NONE);
  expect(resolve(named('mine', { linked: ['a/real'] }), { models, registry })[0]).toBe('a/real');
});

test('a name without owner is a model only with its organisation, and of all models', () => {
  const models = ['meta-llama/Llama-3.1_8B', 'other/Llama-3.1-8B', 'fan/claude-9', 'Xy/Z-1'];
  const llama = named('Llama 3.1 8b', { organizations: ['Meta'] });
  expect(resolve(llama, { models })).toEqual([models[0], models[0], 'alias', 0.7]);
  expect(resolve(llama, { models, isWhole: false })).toEqual(NONE);
  // The one model of that name is somebody else's.
  expect(resolve(named('claude-9'), { models })).toEqual(NONE);
  expect(resolve(named('claude-9', { organizations: ['Anthropic'] }), { models })).toEqual(NONE);
  // Points tell versions apart; two letters begin too many owners.
  expect(resolve(named('Llama 31 8b', { organizations: ['Meta'] }), { models })).toEqual(NONE);
  expect(resolve(named('Z 1', { organizations: ['Xy'] }), { models })).toEqual(NONE);
});
