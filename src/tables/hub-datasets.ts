import { z } from 'zod';
import { int, params, rec, recs, str, strs } from './fields.ts';
import { taggedWith } from './model-licenses.ts';
import {
  cardColumns,
  extra,
  gatedColumns,
  licenseColumns,
  licenseIn,
  listColumns,
  nothingOf,
} from './repo-columns.ts';
import { defineTable } from './table.ts';

const list = {
  ...listColumns,
  ...gatedColumns,
  downloads: int(
    'Downloads of the 30 days before, as the Hub counts them: neither users nor installations.',
  ),
  downloads_all_time: int(
    'Downloads since the Hub began to count. May fall between runs: the Hub corrects it.',
  ),
  main_size: int('Bytes of the main branch, as the Hub measures them.'),
  description: str('The beginning of the README as text, as the Hub cuts it. Null with --light.'),
  citation: str('How to cite it, as the Hub found it. Null with --light.'),
  paperswithcode_id: str('Id at Papers with Code, as the Hub found it.'),
};

const splits = recs(
  {
    name: str('Name of the split, e.g. `train`.'),
    num_examples: int('Rows.'),
    num_bytes: int('Bytes in memory.'),
    params: params('Keys of the split without a column.'),
  },
  'Its splits.',
);

const card = {
  pretty_name: str('Name for people.'),
  ...cardColumns,
  language: strs(
    'Language codes, as written. `no` (Norwegian) that YAML reads as false is `no` again.',
  ),
  task_categories: strs('Kinds of task that it is for.'),
  task_ids: strs('Tasks that it is for.'),
  size_categories: strs('Order of its number of rows, e.g. `10K<n<100K`.'),
  source_datasets: strs('`original`, or the data sets that it was made from.'),
  annotations_creators: strs('Who annotated it.'),
  language_creators: strs('Who wrote its texts.'),
  multilinguality: strs('`monolingual`, `multilingual`, `translation` …'),
  card_paperswithcode_id: str('Id at Papers with Code, as the card states it.'),
  dataset_info: recs(
    {
      config_name: str('Name of the configuration; null where there is one only.'),
      download_size: int('Bytes of its files.'),
      dataset_size: int('Bytes in memory.'),
      splits,
      params: params('Its features, and other keys without a column.'),
    },
    'Sizes by configuration, as the card states them. Most cards state none.',
  ),
  params: params('Keys of the card without a column: configs, extra_gated_prompt …'),
};

/** The clean record of a data set. */
export const datasetRecord = z.strictObject({
  ...list,
  cardData: rec(card, 'Front matter of the README.'),
  extra,
});
export type HubDataset = z.output<typeof datasetRecord>;

const row = z.strictObject({
  ...list,
  formats: strs('Formats of its files, as the Hub found them: parquet, json, webdataset …'),
  modalities: strs('What it holds, as the Hub found it: text, image, audio, tabular …'),
  ...licenseColumns,
  ...card,
  extra,
});

const NO_CARD = nothingOf(card);

export const hubDatasets = defineTable<typeof row, 'dataset'>({
  name: 'hub_datasets',
  description:
    'One row is a data set of the Hub, with what the Hub lists and what its card states. Models that name it: model_datasets; Spaces: space_datasets; its popularity over time: dataset_usage. Data sets that models state results on, as they write them: table datasets.',
  origin: 'dataset',
  row,
  key: ['_id'],
  since: '0.1.0',
  project: ({ cardData, extra: rest, ...fields }) => {
    const stated = cardData ?? NO_CARD;
    return [
      {
        ...fields,
        formats: taggedWith(fields.tags, 'format:'),
        modalities: taggedWith(fields.tags, 'modality:'),
        ...licenseIn(fields.tags, stated),
        ...stated,
        extra: rest,
      },
    ];
  },
});
