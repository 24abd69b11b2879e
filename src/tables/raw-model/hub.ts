import { bool, int, num, params, rec, recs, scalar, str, ts } from '../fields.ts';

export const tags = recs(
  {
    id: str('The tag, as the Hub gives it.'),
    label: str('Text that the Hub shows for it. Null when the vocabulary does not know the tag.'),
    type: str(
      'Group of the tag: language, license, dataset, library, pipeline_tag, region … Null when unknown.',
    ),
    subType: str('Group within the group. Null for most.'),
  },
  'Tags of the model, looked up in the vocabulary of the Hub (table `tags`). Their order means nothing. `region:us` is where the files lie, not where the author is from; languages are bare codes (`en`).',
);

export const transformersInfo = rec(
  {
    auto_model: str('Auto class that loads the model.'),
    pipeline_tag: str('Task that the library takes the model for.'),
    processor: str('Auto class of the processor.'),
    custom_class: str("Class in the repository's own code."),
  },
  'How the transformers library loads the model. Null for other libraries.',
);

export const siblings = recs(
  { rfilename: str('Path in the repository.') },
  'Files. Empty unless asked for.',
);

export const baseModels = rec(
  {
    relation: str('adapter, finetune, merge or quantized; null where each model has its own.'),
    models: recs(
      {
        _id: str('Id that survives renames.'),
        id: str('Name.'),
        relation: str(
          'How, where the models differ in it; else null, and baseModels.relation says it.',
        ),
      },
      'The models it was made from.',
    ),
  },
  'What this model was made from, as the Hub resolved it. Null when none is known.',
);

export const evalResults = recs(
  {
    filename: str('File in the repository that states the result.'),
    verified: bool('Whether the Hub verified the result.'),
    data: rec(
      {
        dataset: rec(
          {
            id: str('Dataset of the benchmark.'),
            task_id: str('Task of the benchmark.'),
            revision: str('Revision of the dataset.'),
          },
          'The benchmark.',
        ),
        value: scalar('The score as text.'),
        verifyToken: str('Signature of the verification.'),
        date: ts('When the result was found.'),
        source: rec(
          {
            url: str('Address.'),
            name: str('Name.'),
            user: str('User.'),
            org: str('Organisation.'),
          },
          'Where the result comes from.',
        ),
        notes: str('What the author says of it.'),
      },
      'The result as stated.',
    ),
    pullRequest: int('Number of the open pull request that states it; null when it is merged.'),
  },
  'Scores from `.eval_results` files (community and verified). See table eval_results.',
);

export const inferenceProviderMapping = recs(
  {
    _id: str('Id of the mapping.'),
    provider: str('Provider, e.g. `hf-inference`.'),
    providerId: str('Name of the model at the provider.'),
    status: str('live, staging or error.'),
    previousStatus: str('Status before.'),
    task: str('Task that it serves.'),
    type: str('single-model or tag-filter.'),
    adapter: str('Adapter in use.'),
    adapterWeightsPath: str('File of the adapter.'),
    isModelAuthor: bool('Whether the provider is the author.'),
    performance: rec(
      {
        requestLatencyMs: num('Latency of a request, milliseconds.'),
        tokensPerSecond: num('Tokens a second.'),
      },
      'Measured by the Hub.',
    ),
    params: params('Keys of the mapping without a column.'),
  },
  'Providers that serve the model.',
);
