import { params, recs, str, strs } from '../fields.ts';

/** Examples that the model page offers to try; the same shape in the API's field and in the card. */
export const widget = (description: string) =>
  recs(
    {
      text: strs('Input text; several where the task takes several.'),
      context: str('Passage that a question is about.'),
      source_sentence: str('Sentence that others are compared with.'),
      sentences: strs('Sentences compared with `source_sentence`.'),
      example_title: str('Label of the example; several are joined by ", ".'),
      src: str('Address of an example image or sound.'),
      candidate_labels: str('Labels to choose from; several are joined by ", ".'),
      params: params('Keys of the example without a column.'),
    },
    description,
  );
