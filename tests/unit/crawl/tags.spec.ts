import { expect, test } from '../../helpers/fixtures.ts';
import { tableRows } from '../../helpers/pipeline.ts';

interface Tag {
  id: string;
  type: string;
  kind: string;
}

test('both vocabularies of tags are taken, each once, also where the second one fails at first', async ({
  fewHub: hub,
  pipeline,
}) => {
  hub.setFaults([{ kind: '500', path: /datasets-tags/, at: 1, times: 99 }]);
  const settings = { to: 'jsonl', compress: 'none', sources: 'models,tags' };
  const failed = await pipeline(settings);
  expect(failed.report).toMatchObject({ exitCode: 3 });
  hub.setFaults([]);
  const { report } = await pipeline(settings);

  expect(report).toMatchObject({ exitCode: 0 });
  const asked = hub.requests.filter(({ path, status }) => path.includes('tags') && status === 200);
  expect(asked.map(({ path }) => path).filter((it) => it.includes('by-type'))).toEqual([
    '/api/models-tags-by-type',
    '/api/datasets-tags-by-type',
  ]);
  const tables = await tableRows(report.folder ?? '');
  const tags = tables.get('tags') as Tag[];
  const language = ({ type }: Tag): boolean => type === 'language';
  const idsOf = (kind: string) =>
    tags.filter((it) => it.kind === kind && language(it)).map(({ id }) => id);
  expect(idsOf('model')).toContain('en');
  expect(idsOf('dataset')).toContain('language:en');
  expect(idsOf('dataset')).not.toContain('en');
  expect(report.sources['tags']).toMatchObject({ exported: tags.length, listed: tags.length });
  // What a model's tag means is read in the vocabulary of models.
  const models = tables.get('raw_model') as { tags: { id: string; type: string | null }[] }[];
  const english = models.flatMap((it) => it.tags).find(({ id }) => id === 'en');
  expect(english).toMatchObject({ type: 'language' });
});
