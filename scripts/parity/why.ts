const TAGS = 'the original drops tags that its vocabulary lacks; they are kept by their id';
const WRAPPED =
  'texts in wrappings (`{"en": null}`, a list in a list) are texts; they were printed';
const GATED = 'kept only if boolean: every gated model lost it';
const NONE = 'a null is null; it was the text `None`';
const PRINTED = 'JSON inside texts, where Python printed quotes within quotes';
const BARE =
  'results that are bare texts are `params` of a result; they were under `results.values`, which its schema lacks';
const NO_ROW = 'a result without a task is no row';

/** Why a column differs, by `table.column`; of a column that is not here, nobody knows. */
export const WHY: Record<string, string> = {
  'model_card.language': WRAPPED,
  'model_card.tags': WRAPPED,
  'model_card.thumbnail': NONE,
  'tasks.id': NO_ROW,
  'tasks._id': NO_ROW,
  'parameters.tensor_types': 'U32 was labelled U16; types that it does not know (F8 …) were lost',
  'core_model.gated': GATED,
  'core_model.tags': TAGS,
  'raw_model.gated': GATED,
  'raw_model.tags': TAGS,
  'raw_model.widgetData': `an example that is a text alone is one with that \`text\`; ${NONE}; ${PRINTED}`,
  'raw_model.model_index': BARE,
  'raw_model.config.task_specific_params': `${PRINTED}; an empty object is an empty list`,
  'raw_model.config.diffusers':
    'the original reads `class_name` alone; cards of 2022 say `_class_name`',
  'raw_model.cardData.language': WRAPPED,
  'raw_model.cardData.tags': `${WRAPPED}; a card that is a list became a card a text`,
  'raw_model.cardData.thumbnail': NONE,
  'raw_model.cardData.pipeline_tag': 'a false is kept as text; it was dropped',
  'raw_model.cardData.params':
    'six of its keys are columns (`base_model`, `library_name` …); a null is null, it was the text `None`',
  'raw_model.cardData.metrics':
    'the text of a metric in a list is its `name`, as a text alone is there too; it was a `value`',
  'raw_model.cardData.widget': `${NONE}; ${PRINTED}`,
  'raw_model.cardData.model_index': BARE,
  'raw_model.gguf.bos_token': 'a missing comma lost it',
  'raw_model.siblings': 'keys of a file that the schema lacks (`size`, `blobId`) are in `extra`',
  'datasets.args': 'an object of one key without a value keeps its key',
};
