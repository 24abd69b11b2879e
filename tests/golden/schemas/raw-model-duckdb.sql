CREATE TABLE "main"."raw_model" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "modelId" VARCHAR,
  "author" VARCHAR,
  "sha" VARCHAR,
  "lastModified" TIMESTAMPTZ,
  "private" BOOLEAN,
  "disabled" BOOLEAN,
  "gated" BOOLEAN,
  "pipeline_tag" VARCHAR,
  "tags" STRUCT("id" VARCHAR, "label" VARCHAR, "type" VARCHAR, "subType" VARCHAR)[] NOT NULL,
  "downloads" BIGINT,
  "library_name" VARCHAR,
  "mask_token" VARCHAR,
  "widgetData" STRUCT("text" VARCHAR[], "context" VARCHAR, "source_sentence" VARCHAR, "sentences" VARCHAR[], "example_title" VARCHAR, "src" VARCHAR, "candidate_labels" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[] NOT NULL,
  "likes" BIGINT,
  "model_index" STRUCT("name" VARCHAR, "license" VARCHAR, "description" VARCHAR, "error" VARCHAR, "results" STRUCT("task" STRUCT("name" VARCHAR, "type" VARCHAR, "args" VARCHAR, "metrics" VARCHAR, "fields" STRUCT("name" VARCHAR, "value" VARCHAR)[]), "datasets" STRUCT("name" VARCHAR, "type" VARCHAR, "config" VARCHAR, "split" VARCHAR, "args" VARCHAR, "revision" VARCHAR, "url" VARCHAR, "WER" VARCHAR, "link" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[], "metrics" STRUCT("name" VARCHAR, "type" VARCHAR, "value" VARCHAR, "config" VARCHAR, "verified" BOOLEAN, "verifyToken" VARCHAR, "args" VARCHAR[], "lower_is_better" BOOLEAN, "num_train_epochs" BIGINT, "learning_rate" DOUBLE, "description" VARCHAR)[], "params" STRUCT("name" VARCHAR, "val" VARCHAR)[])[])[] NOT NULL,
  "config" STRUCT("architectures" VARCHAR[], "model_type" VARCHAR, "task_specific_params" STRUCT("name" VARCHAR, "value" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[], "adapter_transformers" STRUCT("model_name" VARCHAR, "model_class" VARCHAR)[], "speechbrain" STRUCT("interface" VARCHAR, "vocoder_interface" VARCHAR, "vocoder_model_id" VARCHAR, "speechbrain_interface" VARCHAR)[], "auto_map" STRUCT("name" VARCHAR, "value" VARCHAR)[], "diffusers" STRUCT("class_name" VARCHAR), "sklearn" STRUCT("filename" VARCHAR, "columns" VARCHAR, "environment" VARCHAR, "example_input" VARCHAR, "model" VARCHAR, "task" VARCHAR, "use_intelex" VARCHAR, "model_format" VARCHAR), "params" STRUCT("name" VARCHAR, "val" VARCHAR)[]),
  "cardData" STRUCT("language" VARCHAR[], "tags" VARCHAR[], "license" VARCHAR[], "thumbnail" VARCHAR, "pipeline_tag" VARCHAR[], "datasets" VARCHAR[], "model_type" VARCHAR, "library_tag" VARCHAR, "library_version" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[], "metrics" STRUCT("name" VARCHAR, "value" VARCHAR, "type" VARCHAR)[], "widget" STRUCT("text" VARCHAR[], "context" VARCHAR, "source_sentence" VARCHAR, "sentences" VARCHAR[], "example_title" VARCHAR, "src" VARCHAR, "candidate_labels" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[], "model_index" STRUCT("name" VARCHAR, "license" VARCHAR, "description" VARCHAR, "results" STRUCT("task" STRUCT("name" VARCHAR, "type" VARCHAR, "args" VARCHAR, "metrics" VARCHAR, "fields" STRUCT("name" VARCHAR, "value" VARCHAR)[]), "values" BIGINT[], "datasets" STRUCT("name" VARCHAR, "type" VARCHAR, "config" VARCHAR, "split" VARCHAR, "args" VARCHAR, "revision" VARCHAR, "url" VARCHAR, "WER" VARCHAR, "link" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[], "metrics" STRUCT("name" VARCHAR, "type" VARCHAR, "value" VARCHAR, "config" VARCHAR, "verified" BOOLEAN, "verifyToken" VARCHAR, "args" VARCHAR[], "lower_is_better" BOOLEAN, "num_train_epochs" BIGINT, "learning_rate" DOUBLE, "description" VARCHAR)[], "params" STRUCT("name" VARCHAR, "val" VARCHAR)[])[])[], "co2_eq_emissions" STRUCT("emissions" VARCHAR, "source" VARCHAR, "geographical_location" VARCHAR, "hardware_used" VARCHAR, "on_cloud" VARCHAR, "training_type" VARCHAR, "cpu_model" VARCHAR, "gpu_model" VARCHAR, "ram_total_size" VARCHAR, "hours_used" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[]), "base_model" VARCHAR[], "base_model_relation" VARCHAR, "library_name" VARCHAR, "license_name" VARCHAR, "license_link" VARCHAR, "new_version" VARCHAR)[] NOT NULL,
  "transformersInfo" STRUCT("auto_model" VARCHAR, "pipeline_tag" VARCHAR, "processor" VARCHAR, "custom_class" VARCHAR),
  "spaces" VARCHAR[] NOT NULL,
  "safetensors" STRUCT("parameters" STRUCT("F64" BIGINT, "F32" BIGINT, "F16" BIGINT, "I64" BIGINT, "I32" BIGINT, "I16" BIGINT, "I8" BIGINT, "BF16" BIGINT, "U8" BIGINT, "U16" BIGINT, "U32" BIGINT, "Q4" BIGINT, "BOOL" BIGINT, "extra_parameters" STRUCT("name" VARCHAR, "value" BIGINT)[]), "total" BIGINT, "packed_total" BOOLEAN),
  "gguf" STRUCT("total" BIGINT, "architecture" VARCHAR, "context_length" BIGINT, "chat_template" VARCHAR, "quantize_imatrix_file" VARCHAR, "causal" BOOLEAN, "bos_token" VARCHAR, "eos_token" VARCHAR, "totalFileSize" BIGINT),
  "siblings" STRUCT("rfilename" VARCHAR)[] NOT NULL,
  "usedStorage" BIGINT,
  "inference" VARCHAR,
  "createdAt" TIMESTAMPTZ,
  "gated_mode" VARCHAR,
  "downloadsAllTime" BIGINT,
  "trendingScore" DOUBLE,
  "xetEnabled" BOOLEAN,
  "baseModels" STRUCT("relation" VARCHAR, "models" STRUCT("_id" VARCHAR, "id" VARCHAR, "relation" VARCHAR)[]),
  "evalResults" STRUCT("filename" VARCHAR, "verified" BOOLEAN, "data" STRUCT("dataset" STRUCT("id" VARCHAR, "task_id" VARCHAR, "revision" VARCHAR), "value" VARCHAR, "verifyToken" VARCHAR, "date" TIMESTAMPTZ, "source" STRUCT("url" VARCHAR, "name" VARCHAR, "user" VARCHAR, "org" VARCHAR), "notes" VARCHAR), "pullRequest" BIGINT)[] NOT NULL,
  "inferenceProviderMapping" STRUCT("_id" VARCHAR, "provider" VARCHAR, "providerId" VARCHAR, "status" VARCHAR, "previousStatus" VARCHAR, "task" VARCHAR, "type" VARCHAR, "adapter" VARCHAR, "adapterWeightsPath" VARCHAR, "isModelAuthor" BOOLEAN, "performance" STRUCT("requestLatencyMs" DOUBLE, "tokensPerSecond" DOUBLE), "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[] NOT NULL,
  "childrenModelCount" STRUCT("adapter" BIGINT, "finetune" BIGINT, "merge" BIGINT, "quantized" BIGINT),
  "securityRepoStatus" STRUCT("scansDone" BOOLEAN, "filesWithIssues" STRUCT("path" VARCHAR, "level" VARCHAR)[]),
  "extra" STRUCT("path" VARCHAR, "json" VARCHAR)[] NOT NULL
);
COMMENT ON TABLE "main"."raw_model" IS 'One row is a model of the Hub with all its fields, nested. What users typed is shaped, not judged: use the derived tables for analysis. Names and types are those of the original system; later fields follow at the end.';
COMMENT ON COLUMN "main"."raw_model"."id" IS 'Name of the repository, `author/model`; changes when it is renamed.';
COMMENT ON COLUMN "main"."raw_model"."_id" IS 'Id that survives renames; what other tables join on.';
COMMENT ON COLUMN "main"."raw_model"."modelId" IS 'The same as id, where the Hub sends it.';
COMMENT ON COLUMN "main"."raw_model"."author" IS 'User or organisation that owns the repository.';
COMMENT ON COLUMN "main"."raw_model"."sha" IS 'Latest commit.';
COMMENT ON COLUMN "main"."raw_model"."lastModified" IS 'Time of the latest commit.';
COMMENT ON COLUMN "main"."raw_model"."private" IS 'Whether the repository is private; false in a public crawl.';
COMMENT ON COLUMN "main"."raw_model"."disabled" IS 'Whether the Hub took the files away.';
COMMENT ON COLUMN "main"."raw_model"."gated" IS 'Whether access must be asked for. How it is granted: gated_mode.';
COMMENT ON COLUMN "main"."raw_model"."pipeline_tag" IS 'Task that the Hub shows the model under. Null for about half of the models.';
COMMENT ON COLUMN "main"."raw_model"."tags" IS 'Tags of the model, looked up in the vocabulary of the Hub (table `tags`). Their order means nothing. Fields: id: The tag, as the Hub gives it. label: Text that the Hub shows for it. Null when the vocabulary does not know the tag. type: Group of the tag: language, license, dataset, library, pipeline_tag, region … Null when unknown. subType: Group within the group. Null for most.';
COMMENT ON COLUMN "main"."raw_model"."downloads" IS 'Downloads of the last 30 days.';
COMMENT ON COLUMN "main"."raw_model"."library_name" IS 'Library that loads the model.';
COMMENT ON COLUMN "main"."raw_model"."mask_token" IS 'Token that stands for a masked word. Single-model captures only.';
COMMENT ON COLUMN "main"."raw_model"."widgetData" IS 'Examples to try, as the Hub shows them. Fields: text: Input text; several where the task takes several. context: Passage that a question is about. source_sentence: Sentence that others are compared with. sentences: Sentences compared with `source_sentence`. example_title: Label of the example; several are joined by ", ". src: Address of an example image or sound. candidate_labels: Labels to choose from; several are joined by ", ". params: Keys of the example without a column.';
COMMENT ON COLUMN "main"."raw_model"."likes" IS 'Likes.';
COMMENT ON COLUMN "main"."raw_model"."model_index" IS 'Results that the author states in the card (`model-index`), as the Hub gives them. Superseded by evalResults. Fields: name: Name of the model in these results. license: Licence that stood among the results. description: What the author says of the results. error: Why the Hub could not read the results of the card. results: One evaluation each.';
COMMENT ON COLUMN "main"."raw_model"."config" IS 'Part of config.json that the Hub reads. Null when there is none. Fields: architectures: Classes of the model, e.g. `BertForMaskedLM`. model_type: Family of the model, e.g. `bert`; several are joined by ", ". task_specific_params: Settings of generation by task. adapter_transformers: Adapter of the adapters library. speechbrain: SpeechBrain settings. auto_map: Custom code that loads the model. diffusers: Diffusers settings. sklearn: scikit-learn settings. params: Keys of the config without a column: tokenizer_config, quantization_config …';
COMMENT ON COLUMN "main"."raw_model"."cardData" IS 'Front matter of the README, user-written. Empty when there is no card; one element, but for the few cards that are lists. Fields: language: Language codes, as written. `no` (Norwegian) that YAML reads as false is `no` again. tags: Tags of the card; `tag` and `Tags` are merged in. license: Licence ids. thumbnail: Address of an image. pipeline_tag: Task ids. datasets: Datasets that the model was trained on; `dataset` is merged in. model_type: Family of the model; of several their JSON. library_tag: Library, under an older key. library_version: Version of the library. params: Keys of the card without a column. metrics: Metrics that the author names. widget: Examples to try, as the card has them. model_index: Results as they stand in the card (`model-index` or `model_index`). co2_eq_emissions: Emissions of training, as the author states them. base_model: Models that this one was made from, as written. Not in the original. base_model_relation: How it was made from them, as written. Not in the original. library_name: Library that loads the model. Not in the original. license_name: Name of a licence that is not in the list of the Hub. Not in the original. license_link: Address of that licence. Not in the original. new_version: Model that replaces this one. Not in the original.';
COMMENT ON COLUMN "main"."raw_model"."transformersInfo" IS 'How the transformers library loads the model. Null for other libraries. Fields: auto_model: Auto class that loads the model. pipeline_tag: Task that the library takes the model for. processor: Auto class of the processor. custom_class: Class in the repository''s own code.';
COMMENT ON COLUMN "main"."raw_model"."spaces" IS 'Spaces that use the model, at most 100. Single-model captures only.';
COMMENT ON COLUMN "main"."raw_model"."safetensors" IS 'Weights in safetensors files. Null when there are none. Fields: parameters: Stored elements by type. total: Number of parameters. For packed weights sometimes the stored elements: see packed_total. packed_total: True when weights are packed into integers (U32, I32, U8; FP4 in I8) and total is the plain sum of the stored elements, so that the real number of parameters is larger. Null without counts, and where the Hub multiplies packed counts itself (GPTQ, AWQ, compressed-tensors, MLX, bitsandbytes, MXFP4). Ours, not the Hub''s.';
COMMENT ON COLUMN "main"."raw_model"."gguf" IS 'Metadata of GGUF files. Null when there are none. Fields: total: Number of parameters. architecture: Family of the model, e.g. `llama`. context_length: Longest context in tokens. chat_template: Template of a chat, in Jinja. Never run it. quantize_imatrix_file: File of the importance matrix used for quantisation. causal: Whether the model is causal. bos_token: Token that begins a sequence. eos_token: Token that ends a sequence. totalFileSize: Bytes of all GGUF files.';
COMMENT ON COLUMN "main"."raw_model"."siblings" IS 'Files. Empty unless asked for. Fields: rfilename: Path in the repository.';
COMMENT ON COLUMN "main"."raw_model"."usedStorage" IS 'Bytes of the repository with its history. Single-model captures only.';
COMMENT ON COLUMN "main"."raw_model"."inference" IS '`warm` when a provider serves the model. Single-model captures only.';
COMMENT ON COLUMN "main"."raw_model"."createdAt" IS 'When the repository was made; 2022-03-02T23:29:04Z for all that are older.';
COMMENT ON COLUMN "main"."raw_model"."gated_mode" IS 'How access is granted. Null when not gated or unknown.';
COMMENT ON COLUMN "main"."raw_model"."downloadsAllTime" IS 'Downloads since the Hub began to count.';
COMMENT ON COLUMN "main"."raw_model"."trendingScore" IS 'Score that the Hub sorts its front page by.';
COMMENT ON COLUMN "main"."raw_model"."xetEnabled" IS 'Whether files are in Xet storage.';
COMMENT ON COLUMN "main"."raw_model"."baseModels" IS 'What this model was made from, as the Hub resolved it. Null when none is known. Fields: relation: adapter, finetune, merge or quantized; null where each model has its own. models: The models it was made from.';
COMMENT ON COLUMN "main"."raw_model"."evalResults" IS 'Scores from `.eval_results` files (community and verified). See table eval_results. Fields: filename: File in the repository that states the result. verified: Whether the Hub verified the result. data: The result as stated. pullRequest: Number of the open pull request that states it; null when it is merged.';
COMMENT ON COLUMN "main"."raw_model"."inferenceProviderMapping" IS 'Providers that serve the model. Fields: _id: Id of the mapping. provider: Provider, e.g. `hf-inference`. providerId: Name of the model at the provider. status: live, staging or error. previousStatus: Status before. task: Task that it serves. type: single-model or tag-filter. adapter: Adapter in use. adapterWeightsPath: File of the adapter. isModelAuthor: Whether the provider is the author. performance: Measured by the Hub. params: Keys of the mapping without a column.';
COMMENT ON COLUMN "main"."raw_model"."childrenModelCount" IS 'How many models were made from this one. Single-model captures only. Fields: adapter: Adapters. finetune: Fine-tuned models. merge: Merges. quantized: Quantised models.';
COMMENT ON COLUMN "main"."raw_model"."securityRepoStatus" IS 'Malware scan of the Hub. Single-model captures only. Fields: scansDone: Whether all files were scanned. filesWithIssues: Files that are not safe.';
COMMENT ON COLUMN "main"."raw_model"."extra" IS 'All that has no column and no nearer params: nothing of a record is lost. Fields: path: Where it stood in the record. json: Its JSON, as sent.';
