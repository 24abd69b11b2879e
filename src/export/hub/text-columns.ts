/**
 * Columns, and fields of records, with what people wrote: cards, chat templates, examples, notes. They are their
 * authors', and were used to bring attacks along, so a public copy has them only when it is asked for.
 */
const TEXT: Partial<Record<string, readonly string[]>> = {
  raw_model: [
    ...['cardData', 'model_index', 'widgetData', 'evalResults.data.notes', 'extra'],
    ...['config.params', 'config.sklearn.example_input', 'gguf.chat_template'],
  ],
  model_details: ['gguf.chat_template', 'extra'],
  hub_datasets: ['description', 'citation', 'dataset_info.params', 'params', 'extra'],
  hub_spaces: ['short_description', 'runtime.error', 'params', 'extra'],
  authors: ['extra'],
  benchmarks: ['description', 'extra'],
  eval_results: ['notes'],
};

export const textColumns = (table: string): readonly string[] => TEXT[table] ?? [];
