import { params, paramsVal, rec, recs, scalar, str, strs } from '../fields.ts';

/** The part of `config.json` and its kind that the Hub gives. */
export const config = rec(
  {
    architectures: strs('Classes of the model, e.g. `BertForMaskedLM`.'),
    model_type: str('Family of the model, e.g. `bert`; several are joined by ", ".'),
    task_specific_params: recs(
      {
        name: str('Task, or a single parameter; `-` became `_`.'),
        value: scalar('Value of a single parameter; null for a task and for a null.'),
        params: params('Parameters of the task.'),
      },
      'Settings of generation by task.',
    ),
    adapter_transformers: recs(
      {
        model_name: str('Model that the adapter is for.'),
        model_class: str('Class of that model.'),
      },
      'Adapter of the adapters library.',
    ),
    speechbrain: recs(
      {
        interface: str('Interface class, under its older key.'),
        vocoder_interface: str('Interface class of the vocoder.'),
        vocoder_model_id: str('Model id of the vocoder.'),
        speechbrain_interface: str('Interface class.'),
      },
      'SpeechBrain settings.',
    ),
    auto_map: recs(
      {
        name: str('Auto class, e.g. `AutoModel`.'),
        value: str("Class in the repository's own code."),
      },
      'Custom code that loads the model.',
    ),
    diffusers: rec({ class_name: str('Pipeline class.') }, 'Diffusers settings.'),
    sklearn: rec(
      {
        filename: scalar('File of the model.'),
        columns: scalar('Input columns, as JSON.'),
        environment: scalar('Needed packages, as JSON.'),
        example_input: scalar('Example values by column, as JSON.'),
        model: scalar('The model, as JSON.'),
        task: scalar('Task of the model.'),
        use_intelex: scalar('Whether the Intel extension is used.'),
        model_format: scalar('Format of the file, e.g. `pickle`.'),
      },
      'scikit-learn settings.',
    ),
    params: paramsVal(
      'Keys of the config without a column: tokenizer_config, quantization_config …',
    ),
  },
  'Part of config.json that the Hub reads. Null when there is none.',
);
