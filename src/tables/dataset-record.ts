import { z } from 'zod';
import { int, params, rec, recs, str, strs } from './fields.ts';
import { cardColumns, extra, gatedColumns, listColumns } from './repo-columns.ts';

export const datasetList = {
  ...listColumns,
  ...gatedColumns,
  downloads: int(
    'Downloads of the 30 days before, as the Hub counts them: neither users nor installations.',
  ),
  downloads_all_time: int(
    'Downloads since the Hub began to count. May fall between runs: the Hub corrects it.',
  ),
  main_size: int('Bytes of the main branch, as the Hub measures them.'),
  description: str('The beginning of the README as text, as the Hub cuts it.'),
  citation: str('How to cite it, as the Hub found it.'),
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

export const datasetCard = {
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
  ...datasetList,
  cardData: rec(datasetCard, 'Front matter of the README.'),
  extra,
});
export type HubDataset = z.output<typeof datasetRecord>;
