CREATE TABLE "main"."leaderboard" (
  "id" VARCHAR NOT NULL,
  "type" VARCHAR,
  "precision" VARCHAR,
  "params" DOUBLE,
  "average" DOUBLE,
  "IFEval" DOUBLE,
  "IFEval_Raw" DOUBLE,
  "BBH" DOUBLE,
  "BBH_Raw" DOUBLE,
  "MATH_Lvl_5" DOUBLE,
  "MATH_Lvl_5_Raw" DOUBLE,
  "GPQA" DOUBLE,
  "GPQA_Raw" DOUBLE,
  "MUSR" DOUBLE,
  "MUSR_Raw" DOUBLE,
  "MMLU-PRO" DOUBLE,
  "MMLU-PRO_Raw" DOUBLE,
  "submission_date" DATE,
  "upload_to_hub_date" DATE,
  "hub" DOUBLE,
  "hub_license" VARCHAR,
  "architecture" VARCHAR,
  "model_website" VARCHAR,
  "weight_type" VARCHAR,
  "type_indicator" VARCHAR,
  "available_on_hub" BOOLEAN,
  "flagged" BOOLEAN,
  "not_merged" BOOLEAN,
  "mixture_of_experts" BOOLEAN,
  "chat_template" BOOLEAN,
  "generation" DOUBLE,
  "base_model" VARCHAR,
  "maintainers_highlight" BOOLEAN,
  "sha" VARCHAR,
  "co2_cost_kg" DOUBLE,
  "type_key" VARCHAR,
  "average_published" DOUBLE,
  "entry_id" VARCHAR NOT NULL,
  "board" VARCHAR NOT NULL,
  "captured_at" TIMESTAMPTZ NOT NULL,
  "licence" VARCHAR,
  "publish" VARCHAR,
  "status" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."leaderboard" IS 'The Open LLM Leaderboard (frozen since March 2025), one row an evaluation. A model may have several rows: precisions, revisions, chat template on or off; only entry_id is unique.';
COMMENT ON COLUMN "main"."leaderboard"."id" IS 'Model id, owner/name, as the board has it. Not unique: see entry_id. Join with models by board_models: names change, and differ in capitals.';
COMMENT ON COLUMN "main"."leaderboard"."type" IS 'Kind of model with its emoji, e.g. "🟢 pretrained"; as published where we know no label.';
COMMENT ON COLUMN "main"."leaderboard"."precision" IS 'Precision of the evaluation: bfloat16, float16, 4bit.';
COMMENT ON COLUMN "main"."leaderboard"."params" IS 'Parameters, billions. Null when unknown; the board says −1 or 0.';
COMMENT ON COLUMN "main"."leaderboard"."average" IS 'Mean of the six normalised scores, percent; computed as the page does.';
COMMENT ON COLUMN "main"."leaderboard"."IFEval" IS 'IFEval, percent: 0 is guessing, 100 is perfect. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."IFEval_Raw" IS 'IFEval as measured, a ratio of 0 to 1. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."BBH" IS 'BBH, percent: 0 is guessing, 100 is perfect. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."BBH_Raw" IS 'BBH as measured, a ratio of 0 to 1. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."MATH_Lvl_5" IS 'MATH Level 5, percent: 0 is guessing, 100 is perfect. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."MATH_Lvl_5_Raw" IS 'MATH Level 5 as measured, a ratio of 0 to 1. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."GPQA" IS 'GPQA, percent: 0 is guessing, 100 is perfect. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."GPQA_Raw" IS 'GPQA as measured, a ratio of 0 to 1. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."MUSR" IS 'MuSR, percent: 0 is guessing, 100 is perfect. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."MUSR_Raw" IS 'MuSR as measured, a ratio of 0 to 1. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."MMLU-PRO" IS 'MMLU-PRO, percent: 0 is guessing, 100 is perfect. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."MMLU-PRO_Raw" IS 'MMLU-PRO as measured, a ratio of 0 to 1. As published, not rounded.';
COMMENT ON COLUMN "main"."leaderboard"."submission_date" IS 'Day the model was submitted to the board, UTC.';
COMMENT ON COLUMN "main"."leaderboard"."upload_to_hub_date" IS 'Day the model was uploaded to the Hub, UTC.';
COMMENT ON COLUMN "main"."leaderboard"."hub" IS 'Likes on the Hub when the board last counted them.';
COMMENT ON COLUMN "main"."leaderboard"."hub_license" IS 'Licence that the model card named.';
COMMENT ON COLUMN "main"."leaderboard"."architecture" IS 'Class of the model, e.g. LlamaForCausalLM. Null when unknown; the board says "?".';
COMMENT ON COLUMN "main"."leaderboard"."model_website" IS 'Address of the model on the Hub, as the board links it.';
COMMENT ON COLUMN "main"."leaderboard"."weight_type" IS 'Original, Adapter or Delta.';
COMMENT ON COLUMN "main"."leaderboard"."type_indicator" IS 'Emoji of the kind of model.';
COMMENT ON COLUMN "main"."leaderboard"."available_on_hub" IS 'Whether the model was on the Hub. The payload calls it is_not_available_on_hub, where true means available.';
COMMENT ON COLUMN "main"."leaderboard"."flagged" IS 'Whether the maintainers flagged the model.';
COMMENT ON COLUMN "main"."leaderboard"."not_merged" IS 'False for a merge of other models. The payload says is_merged, the opposite.';
COMMENT ON COLUMN "main"."leaderboard"."mixture_of_experts" IS 'Whether the model is a mixture of experts.';
COMMENT ON COLUMN "main"."leaderboard"."chat_template" IS 'Whether the evaluation used the chat template.';
COMMENT ON COLUMN "main"."leaderboard"."generation" IS 'Steps of fine-tuning or merging away from a base model; 0 is a base model.';
COMMENT ON COLUMN "main"."leaderboard"."base_model" IS 'Model it was made from, as published; "Removed" where that was taken down.';
COMMENT ON COLUMN "main"."leaderboard"."maintainers_highlight" IS 'Whether an official provider submitted it.';
COMMENT ON COLUMN "main"."leaderboard"."sha" IS 'Commit of the model that was evaluated. Null when the board has none.';
COMMENT ON COLUMN "main"."leaderboard"."co2_cost_kg" IS 'CO₂ emitted by the evaluation, kg.';
COMMENT ON COLUMN "main"."leaderboard"."type_key" IS 'Kind of model as the payload spells it, e.g. "chatmodels".';
COMMENT ON COLUMN "main"."leaderboard"."average_published" IS 'Average that the payload carries; the page does not show it.';
COMMENT ON COLUMN "main"."leaderboard"."entry_id" IS 'The board''s own identity: model, precision, commit, chat template. Unique.';
COMMENT ON COLUMN "main"."leaderboard"."board" IS 'Id of the board, always open-llm.';
COMMENT ON COLUMN "main"."leaderboard"."captured_at" IS 'When we read the page, UTC.';
COMMENT ON COLUMN "main"."leaderboard"."licence" IS 'Licence of the board''s rows, as its definition names it. Null before 0.2.';
COMMENT ON COLUMN "main"."leaderboard"."publish" IS 'What anybody may do with the row; unknown: nobody says.';
COMMENT ON COLUMN "main"."leaderboard"."status" IS 'verified: shown rows agreed with loaded ones. loaded_only: the page showed its own error, so the rows it loaded were taken unchecked.';
