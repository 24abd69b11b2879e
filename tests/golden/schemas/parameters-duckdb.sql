CREATE TABLE "main"."parameters" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "total_params" BIGINT,
  "tensor_types" VARCHAR[] NOT NULL,
  "F64_params" BIGINT,
  "F32_params" BIGINT,
  "F16_params" BIGINT,
  "I64_params" BIGINT,
  "I32_params" BIGINT,
  "I16_params" BIGINT,
  "I8_params" BIGINT,
  "BF16_params" BIGINT,
  "U8_params" BIGINT,
  "U16_params" BIGINT,
  "U32_params" BIGINT,
  "Q4_params" BIGINT,
  "BOOL_params" BIGINT,
  "other_params" STRUCT("name" VARCHAR, "value" BIGINT)[] NOT NULL,
  "packed_total" BOOLEAN
);
COMMENT ON TABLE "main"."parameters" IS 'One row is a model with the counts of its safetensors weights; all null where it has none. Counts are of stored elements: in packed weights one element holds several parameters.';
COMMENT ON COLUMN "main"."parameters"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."parameters"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."parameters"."total_params" IS 'Parameters as the Hub counts them.';
COMMENT ON COLUMN "main"."parameters"."tensor_types" IS 'Element types that have a count.';
COMMENT ON COLUMN "main"."parameters"."F64_params" IS 'Stored elements of type F64.';
COMMENT ON COLUMN "main"."parameters"."F32_params" IS 'Stored elements of type F32.';
COMMENT ON COLUMN "main"."parameters"."F16_params" IS 'Stored elements of type F16.';
COMMENT ON COLUMN "main"."parameters"."I64_params" IS 'Stored elements of type I64.';
COMMENT ON COLUMN "main"."parameters"."I32_params" IS 'Stored elements of type I32.';
COMMENT ON COLUMN "main"."parameters"."I16_params" IS 'Stored elements of type I16.';
COMMENT ON COLUMN "main"."parameters"."I8_params" IS 'Stored elements of type I8.';
COMMENT ON COLUMN "main"."parameters"."BF16_params" IS 'Stored elements of type BF16.';
COMMENT ON COLUMN "main"."parameters"."U8_params" IS 'Stored elements of type U8.';
COMMENT ON COLUMN "main"."parameters"."U16_params" IS 'Stored elements of type U16.';
COMMENT ON COLUMN "main"."parameters"."U32_params" IS 'Stored elements of type U32.';
COMMENT ON COLUMN "main"."parameters"."Q4_params" IS 'Stored elements of type Q4.';
COMMENT ON COLUMN "main"."parameters"."BOOL_params" IS 'Stored elements of type BOOL.';
COMMENT ON COLUMN "main"."parameters"."other_params" IS 'Counts of element types without a column (F8_E4M3 …). Fields: name: Element type. value: Stored elements.';
COMMENT ON COLUMN "main"."parameters"."packed_total" IS 'True when total_params counts stored elements of packed weights.';
