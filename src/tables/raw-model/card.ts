import { params, rec, recs, scalar, str, strs } from '../fields.ts';
import { cardModelIndex } from './model-index.ts';
import { widget } from './widget.ts';

const metrics = recs(
  {
    name: str('Metric, in lower case with `_`; null where the author gave a value only.'),
    value: scalar('The score, where there is one.'),
    type: str('Id of the metric.'),
  },
  'Metrics that the author names.',
);

const emissions = rec(
  {
    emissions: scalar('Grams of CO₂ equivalent, as written: a number, or text with a unit.'),
    source: scalar('How the figure was found.'),
    geographical_location: scalar('Where the model was trained.'),
    hardware_used: scalar('What it was trained on.'),
    on_cloud: scalar('Whether it was trained in a cloud.'),
    training_type: scalar('`pre-training` or `fine-tuning`.'),
    cpu_model: scalar('CPU.'),
    gpu_model: scalar('GPU.'),
    ram_total_size: scalar('Memory in gigabytes.'),
    hours_used: scalar('Hours of training.'),
    params: params('Keys without a column.'),
  },
  'Emissions of training, as the author states them.',
);

/** The front matter of the README: whatever the author typed. A list for the original's sake: nearly always of one. */
export const cardData = recs(
  {
    language: strs(
      'Language codes, as written. `no` (Norwegian) that YAML reads as false is `no` again.',
    ),
    tags: strs('Tags of the card; `tag` and `Tags` are merged in.'),
    license: strs('Licence ids.'),
    thumbnail: str('Address of an image.'),
    pipeline_tag: strs('Task ids.'),
    datasets: strs('Datasets that the model was trained on; `dataset` is merged in.'),
    model_type: str('Family of the model; of several their JSON.'),
    library_tag: str('Library, under an older key.'),
    library_version: str('Version of the library.'),
    params: params('Keys of the card without a column.'),
    metrics,
    widget: widget('Examples to try, as the card has them.'),
    model_index: cardModelIndex,
    co2_eq_emissions: emissions,
    base_model: strs('Models that this one was made from, as written. Not in the original.'),
    base_model_relation: str('How it was made from them, as written. Not in the original.'),
    library_name: str('Library that loads the model. Not in the original.'),
    license_name: str('Name of a licence that is not in the list of the Hub. Not in the original.'),
    license_link: str('Address of that licence. Not in the original.'),
    new_version: str('Model that replaces this one. Not in the original.'),
  },
  'Front matter of the README, user-written. Empty when there is no card; one element, but for the few cards that are lists.',
);
