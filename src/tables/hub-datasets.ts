import { z } from 'zod';
import { datasetCard, datasetList } from './dataset-record.ts';
import { strs } from './fields.ts';
import { licenseColumns, licenseIn, taggedWith } from './model-licenses.ts';
import { extra, nothingOf, observedAt } from './repo-columns.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  ...datasetList,
  formats: strs('Formats of its files, as the Hub found them: parquet, json, webdataset …'),
  modalities: strs('What it holds, as the Hub found it: text, image, audio, tabular …'),
  ...licenseColumns,
  ...datasetCard,
  extra,
  ...observedAt,
});

const NO_CARD = nothingOf(datasetCard);

export const hubDatasets = defineTable<typeof row, 'dataset'>({
  name: 'hub_datasets',
  description:
    'One row is a data set of the Hub, with what the Hub lists and what its card states. Models that name it: model_datasets; Spaces: space_datasets; its popularity over time: dataset_usage. Data sets that models state results on, as they write them: table datasets.',
  origin: 'dataset',
  row,
  key: ['_id'],
  project: ({ cardData, extra: rest, ...fields }, { readAt }) => {
    const stated = cardData ?? NO_CARD;
    return [
      {
        ...fields,
        formats: taggedWith(fields.tags, 'format:'),
        modalities: taggedWith(fields.tags, 'modality:'),
        ...licenseIn(fields.tags, stated),
        ...stated,
        extra: rest,
        observed_at: readAt,
      },
    ];
  },
});
