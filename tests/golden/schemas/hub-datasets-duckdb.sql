CREATE TABLE "main"."hub_datasets" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "author" VARCHAR,
  "sha" VARCHAR,
  "created_at" TIMESTAMPTZ,
  "last_modified" TIMESTAMPTZ,
  "private" BOOLEAN,
  "disabled" BOOLEAN,
  "likes" BIGINT,
  "trending_score" DOUBLE,
  "tags" VARCHAR[] NOT NULL,
  "files" VARCHAR[] NOT NULL,
  "xet_enabled" BOOLEAN,
  "gated" BOOLEAN,
  "gated_mode" VARCHAR,
  "downloads" BIGINT,
  "downloads_all_time" BIGINT,
  "main_size" BIGINT,
  "description" VARCHAR,
  "citation" VARCHAR,
  "paperswithcode_id" VARCHAR,
  "formats" VARCHAR[] NOT NULL,
  "modalities" VARCHAR[] NOT NULL,
  "license" VARCHAR,
  "license_family" VARCHAR NOT NULL,
  "pretty_name" VARCHAR,
  "license_typed" VARCHAR[] NOT NULL,
  "license_name" VARCHAR,
  "license_link" VARCHAR,
  "card_tags" VARCHAR[] NOT NULL,
  "language" VARCHAR[] NOT NULL,
  "task_categories" VARCHAR[] NOT NULL,
  "task_ids" VARCHAR[] NOT NULL,
  "size_categories" VARCHAR[] NOT NULL,
  "source_datasets" VARCHAR[] NOT NULL,
  "annotations_creators" VARCHAR[] NOT NULL,
  "language_creators" VARCHAR[] NOT NULL,
  "multilinguality" VARCHAR[] NOT NULL,
  "card_paperswithcode_id" VARCHAR,
  "dataset_info" STRUCT("config_name" VARCHAR, "download_size" BIGINT, "dataset_size" BIGINT, "splits" STRUCT("name" VARCHAR, "num_examples" BIGINT, "num_bytes" BIGINT, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[], "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[] NOT NULL,
  "params" STRUCT("name" VARCHAR, "value" VARCHAR)[] NOT NULL,
  "extra" STRUCT("path" VARCHAR, "json" VARCHAR)[] NOT NULL,
  "observed_at" TIMESTAMPTZ
);
COMMENT ON TABLE "main"."hub_datasets" IS 'One row is a data set of the Hub, with what the Hub lists and what its card states. Models that name it: model_datasets; Spaces: space_datasets; its popularity over time: dataset_usage. Data sets that models state results on, as they write them: table datasets.';
COMMENT ON COLUMN "main"."hub_datasets"."id" IS 'Name of the repository, `owner/name`; changes when it is renamed.';
COMMENT ON COLUMN "main"."hub_datasets"."_id" IS 'Id that survives renames; what other tables join on.';
COMMENT ON COLUMN "main"."hub_datasets"."author" IS 'User or organisation that owns the repository.';
COMMENT ON COLUMN "main"."hub_datasets"."sha" IS 'Latest commit.';
COMMENT ON COLUMN "main"."hub_datasets"."created_at" IS 'When the repository was made; 2022-03-02T23:29:04Z for all that are older.';
COMMENT ON COLUMN "main"."hub_datasets"."last_modified" IS 'Time of the latest commit.';
COMMENT ON COLUMN "main"."hub_datasets"."private" IS 'Whether the repository is private; false in a public crawl.';
COMMENT ON COLUMN "main"."hub_datasets"."disabled" IS 'Whether the Hub took the files away.';
COMMENT ON COLUMN "main"."hub_datasets"."likes" IS 'Likes.';
COMMENT ON COLUMN "main"."hub_datasets"."trending_score" IS 'Score that the Hub sorts its front page by.';
COMMENT ON COLUMN "main"."hub_datasets"."tags" IS 'Tags, of the author and of the Hub. Their order means nothing.';
COMMENT ON COLUMN "main"."hub_datasets"."files" IS 'Paths of the files.';
COMMENT ON COLUMN "main"."hub_datasets"."xet_enabled" IS 'Whether files are in Xet storage.';
COMMENT ON COLUMN "main"."hub_datasets"."gated" IS 'Whether access must be asked for.';
COMMENT ON COLUMN "main"."hub_datasets"."gated_mode" IS 'How access is granted. Null when not gated or unknown.';
COMMENT ON COLUMN "main"."hub_datasets"."downloads" IS 'Downloads of the 30 days before, as the Hub counts them: neither users nor installations.';
COMMENT ON COLUMN "main"."hub_datasets"."downloads_all_time" IS 'Downloads since the Hub began to count. May fall between runs: the Hub corrects it.';
COMMENT ON COLUMN "main"."hub_datasets"."main_size" IS 'Bytes of the main branch, as the Hub measures them.';
COMMENT ON COLUMN "main"."hub_datasets"."description" IS 'The beginning of the README as text, as the Hub cuts it.';
COMMENT ON COLUMN "main"."hub_datasets"."citation" IS 'How to cite it, as the Hub found it.';
COMMENT ON COLUMN "main"."hub_datasets"."paperswithcode_id" IS 'Id at Papers with Code, as the Hub found it.';
COMMENT ON COLUMN "main"."hub_datasets"."formats" IS 'Formats of its files, as the Hub found them: parquet, json, webdataset …';
COMMENT ON COLUMN "main"."hub_datasets"."modalities" IS 'What it holds, as the Hub found it: text, image, audio, tabular …';
COMMENT ON COLUMN "main"."hub_datasets"."license" IS 'The licence to count, resolved as in model_licenses. Null when none is stated, and when several are.';
COMMENT ON COLUMN "main"."hub_datasets"."license_family" IS 'What it lets people do: see table license_families.';
COMMENT ON COLUMN "main"."hub_datasets"."pretty_name" IS 'Name for people.';
COMMENT ON COLUMN "main"."hub_datasets"."license_typed" IS 'Licences as the author wrote them.';
COMMENT ON COLUMN "main"."hub_datasets"."license_name" IS 'Name of a licence that is not in the list of the Hub.';
COMMENT ON COLUMN "main"."hub_datasets"."license_link" IS 'Address or file of the text of that licence.';
COMMENT ON COLUMN "main"."hub_datasets"."card_tags" IS 'Tags of the card.';
COMMENT ON COLUMN "main"."hub_datasets"."language" IS 'Language codes, as written. `no` (Norwegian) that YAML reads as false is `no` again.';
COMMENT ON COLUMN "main"."hub_datasets"."task_categories" IS 'Kinds of task that it is for.';
COMMENT ON COLUMN "main"."hub_datasets"."task_ids" IS 'Tasks that it is for.';
COMMENT ON COLUMN "main"."hub_datasets"."size_categories" IS 'Order of its number of rows, e.g. `10K<n<100K`.';
COMMENT ON COLUMN "main"."hub_datasets"."source_datasets" IS '`original`, or the data sets that it was made from.';
COMMENT ON COLUMN "main"."hub_datasets"."annotations_creators" IS 'Who annotated it.';
COMMENT ON COLUMN "main"."hub_datasets"."language_creators" IS 'Who wrote its texts.';
COMMENT ON COLUMN "main"."hub_datasets"."multilinguality" IS '`monolingual`, `multilingual`, `translation` …';
COMMENT ON COLUMN "main"."hub_datasets"."card_paperswithcode_id" IS 'Id at Papers with Code, as the card states it.';
COMMENT ON COLUMN "main"."hub_datasets"."dataset_info" IS 'Sizes by configuration, as the card states them. Most cards state none. Fields: config_name: Name of the configuration; null where there is one only. download_size: Bytes of its files. dataset_size: Bytes in memory. splits: Its splits. params: Its features, and other keys without a column.';
COMMENT ON COLUMN "main"."hub_datasets"."params" IS 'Keys of the card without a column: configs, extra_gated_prompt … Fields: name: Key, as the source spells it. value: Its JSON; a string stands without quotes, unless it could itself be taken for JSON.';
COMMENT ON COLUMN "main"."hub_datasets"."extra" IS 'All that has no column and no nearer params: nothing of a record is lost. Fields: path: Where it stood in the record. json: Its JSON, as sent.';
COMMENT ON COLUMN "main"."hub_datasets"."observed_at" IS 'Start of the run that read this row. Popularity, gate, revision, dates, `disabled` and how a Space ran are always of the run of the release; all else of an earlier run where neither revision nor date of change has moved since.';
