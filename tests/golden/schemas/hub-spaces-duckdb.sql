CREATE TABLE "main"."hub_spaces" (
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
  "sdk" VARCHAR,
  "subdomain" VARCHAR,
  "region" VARCHAR,
  "models" VARCHAR[] NOT NULL,
  "datasets" VARCHAR[] NOT NULL,
  "runtime" STRUCT("stage" VARCHAR, "hardware" STRUCT("current" VARCHAR, "requested" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[]), "error" VARCHAR, "sha" VARCHAR, "gc_timeout" BIGINT, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[]),
  "license" VARCHAR,
  "license_family" VARCHAR NOT NULL,
  "title" VARCHAR,
  "short_description" VARCHAR,
  "license_typed" VARCHAR[] NOT NULL,
  "license_name" VARCHAR,
  "license_link" VARCHAR,
  "card_tags" VARCHAR[] NOT NULL,
  "sdk_version" VARCHAR,
  "python_version" VARCHAR,
  "app_file" VARCHAR,
  "app_port" BIGINT,
  "pinned" BOOLEAN,
  "hf_oauth" BOOLEAN,
  "card_models" VARCHAR[] NOT NULL,
  "card_datasets" VARCHAR[] NOT NULL,
  "params" STRUCT("name" VARCHAR, "value" VARCHAR)[] NOT NULL,
  "extra" STRUCT("path" VARCHAR, "json" VARCHAR)[] NOT NULL,
  "observed_at" TIMESTAMPTZ
);
COMMENT ON TABLE "main"."hub_spaces" IS 'One row is a Space of the Hub, with what the Hub lists, how it ran, and what its card states. Its popularity over time: space_usage.';
COMMENT ON COLUMN "main"."hub_spaces"."id" IS 'Name of the repository, `owner/name`; changes when it is renamed.';
COMMENT ON COLUMN "main"."hub_spaces"."_id" IS 'Id that survives renames; what other tables join on.';
COMMENT ON COLUMN "main"."hub_spaces"."author" IS 'User or organisation that owns the repository.';
COMMENT ON COLUMN "main"."hub_spaces"."sha" IS 'Latest commit.';
COMMENT ON COLUMN "main"."hub_spaces"."created_at" IS 'When the repository was made; 2022-03-02T23:29:04Z for all that are older.';
COMMENT ON COLUMN "main"."hub_spaces"."last_modified" IS 'Time of the latest commit.';
COMMENT ON COLUMN "main"."hub_spaces"."private" IS 'Whether the repository is private; false in a public crawl.';
COMMENT ON COLUMN "main"."hub_spaces"."disabled" IS 'Whether the Hub took the files away.';
COMMENT ON COLUMN "main"."hub_spaces"."likes" IS 'Likes.';
COMMENT ON COLUMN "main"."hub_spaces"."trending_score" IS 'Score that the Hub sorts its front page by.';
COMMENT ON COLUMN "main"."hub_spaces"."tags" IS 'Tags, of the author and of the Hub. Their order means nothing.';
COMMENT ON COLUMN "main"."hub_spaces"."files" IS 'Paths of the files.';
COMMENT ON COLUMN "main"."hub_spaces"."xet_enabled" IS 'Whether files are in Xet storage.';
COMMENT ON COLUMN "main"."hub_spaces"."sdk" IS 'gradio, docker, static or streamlit. Null where the card names none.';
COMMENT ON COLUMN "main"."hub_spaces"."subdomain" IS 'Name of its page under hf.space.';
COMMENT ON COLUMN "main"."hub_spaces"."region" IS 'Where it runs. Null where the Hub does not list it.';
COMMENT ON COLUMN "main"."hub_spaces"."models" IS 'Models that it uses, as the Hub found them; see table space_models.';
COMMENT ON COLUMN "main"."hub_spaces"."datasets" IS 'Data sets that it uses, as the Hub found them; see table space_datasets.';
COMMENT ON COLUMN "main"."hub_spaces"."runtime" IS 'How it ran when it was listed. Null where the Hub does not tell. Fields: stage: RUNNING, SLEEPING, PAUSED, BUILDING, BUILD_ERROR, RUNTIME_ERROR … hardware: Hardware. error: Why it does not run. sha: Commit that runs. gc_timeout: Seconds without a visitor after which it sleeps. params: Keys without a column: replicas, domains, storage …';
COMMENT ON COLUMN "main"."hub_spaces"."license" IS 'The licence to count, resolved as in model_licenses. Null when none is stated, and when several are.';
COMMENT ON COLUMN "main"."hub_spaces"."license_family" IS 'What it lets people do: see table license_families.';
COMMENT ON COLUMN "main"."hub_spaces"."title" IS 'Title.';
COMMENT ON COLUMN "main"."hub_spaces"."short_description" IS 'What it does, in a sentence.';
COMMENT ON COLUMN "main"."hub_spaces"."license_typed" IS 'Licences as the author wrote them.';
COMMENT ON COLUMN "main"."hub_spaces"."license_name" IS 'Name of a licence that is not in the list of the Hub.';
COMMENT ON COLUMN "main"."hub_spaces"."license_link" IS 'Address or file of the text of that licence.';
COMMENT ON COLUMN "main"."hub_spaces"."card_tags" IS 'Tags of the card.';
COMMENT ON COLUMN "main"."hub_spaces"."sdk_version" IS 'Version of the SDK.';
COMMENT ON COLUMN "main"."hub_spaces"."python_version" IS 'Version of Python.';
COMMENT ON COLUMN "main"."hub_spaces"."app_file" IS 'File that is started.';
COMMENT ON COLUMN "main"."hub_spaces"."app_port" IS 'Port that it listens on (docker).';
COMMENT ON COLUMN "main"."hub_spaces"."pinned" IS 'Whether its owner shows it first.';
COMMENT ON COLUMN "main"."hub_spaces"."hf_oauth" IS 'Whether visitors may log in with their account of the Hub.';
COMMENT ON COLUMN "main"."hub_spaces"."card_models" IS 'Models, as the card names them.';
COMMENT ON COLUMN "main"."hub_spaces"."card_datasets" IS 'Data sets, as the card names them.';
COMMENT ON COLUMN "main"."hub_spaces"."params" IS 'Keys of the card without a column: emoji, colorFrom, sdk … Fields: name: Key, as the source spells it. value: Its JSON; a string stands without quotes, unless it could itself be taken for JSON.';
COMMENT ON COLUMN "main"."hub_spaces"."extra" IS 'All that has no column and no nearer params: nothing of a record is lost. Fields: path: Where it stood in the record. json: Its JSON, as sent.';
COMMENT ON COLUMN "main"."hub_spaces"."observed_at" IS 'Start of the run that read this row. Popularity, gate, revision, dates, `disabled` and how a Space ran are always of the run of the release; all else of an earlier run where neither revision nor date of change has moved since.';
