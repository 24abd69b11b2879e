CREATE TABLE "main"."model_details" (
  "run" VARCHAR NOT NULL,
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "sha" VARCHAR,
  "used_storage_bytes" BIGINT,
  "tree_bytes" BIGINT,
  "scans_done" BOOLEAN,
  "security_issues" STRUCT("path" VARCHAR, "level" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[] NOT NULL,
  "gguf" STRUCT("total" BIGINT, "architecture" VARCHAR, "context_length" BIGINT, "chat_template" VARCHAR, "quantize_imatrix_file" VARCHAR, "causal" BOOLEAN, "bos_token" VARCHAR, "eos_token" VARCHAR, "totalFileSize" BIGINT),
  "extra" STRUCT("path" VARCHAR, "json" VARCHAR)[] NOT NULL,
  "observed_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "main"."model_details" IS 'What the Hub says of a model only when it is asked for it: storage, size, security. One row is a model that a run asked for (--details). History: each run adds its own. Null is what the Hub did not give: see table missed, sources details, details/treesize and details/scan. That no file is named says nothing of what no scanner looks for.';
COMMENT ON COLUMN "main"."model_details"."run" IS 'Run that asked.';
COMMENT ON COLUMN "main"."model_details"."id" IS 'Name of the repository when it was asked for.';
COMMENT ON COLUMN "main"."model_details"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."model_details"."sha" IS 'Latest commit at that time: tree_bytes is of it.';
COMMENT ON COLUMN "main"."model_details"."used_storage_bytes" IS 'Storage that the repository takes with all revisions of its files, as the Hub counts it.';
COMMENT ON COLUMN "main"."model_details"."tree_bytes" IS 'All files of the latest commit, as the Hub adds them up.';
COMMENT ON COLUMN "main"."model_details"."scans_done" IS 'Whether the scanners of the Hub are done with the files. False: security_issues may grow.';
COMMENT ON COLUMN "main"."model_details"."security_issues" IS 'Files that the Hub says something of. Empty where it names none, and where it was not had (scans_done is null). Fields: path: Name of the file. level: unscanned, safe, queued, error, caution, suspicious or unsafe, as the Hub says. params: Keys without a column.';
COMMENT ON COLUMN "main"."model_details"."gguf" IS 'Metadata of GGUF files. Null when there are none. Fields: total: Number of parameters. architecture: Family of the model, e.g. `llama`. context_length: Longest context in tokens. chat_template: Template of a chat, in Jinja. Never run it. quantize_imatrix_file: File of the importance matrix used for quantisation. causal: Whether the model is causal. bos_token: Token that begins a sequence. eos_token: Token that ends a sequence. totalFileSize: Bytes of all GGUF files.';
COMMENT ON COLUMN "main"."model_details"."extra" IS 'All that has no column and no nearer params: nothing of a record is lost. Fields: path: Where it stood in the record. json: Its JSON, as sent.';
COMMENT ON COLUMN "main"."model_details"."observed_at" IS 'When the Hub answered, UTC.';
