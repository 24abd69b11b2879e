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
  "packed_total" BOOLEAN,
  "counted_params" BIGINT,
  "best_params" BIGINT,
  "total_basis" VARCHAR,
  "quantization" VARCHAR,
  "quantization_bits" BIGINT,
  "quantization_basis" VARCHAR,
  "gguf_params" BIGINT,
  "is_copy" BOOLEAN NOT NULL,
  "copy_hints" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."parameters" IS 'One row is a model with the counts of its weights; all null where it has none. Counts are of stored elements: in packed weights one element holds several parameters. For sums and sizes take best_params, and leave out copies: `WHERE is_copy = false`.';
COMMENT ON COLUMN "main"."parameters"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."parameters"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."parameters"."total_params" IS 'Parameters as the Hub states them (safetensors.total). May be what the author declared, or count stored elements: best_params says which figure to use.';
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
COMMENT ON COLUMN "main"."parameters"."packed_total" IS 'True when total_params counts stored elements of packed weights, so that there are more parameters. Null without counts, and where the Hub is known to multiply the counts of that method itself.';
COMMENT ON COLUMN "main"."parameters"."counted_params" IS 'Sum of the counts by element type. Null without counts.';
COMMENT ON COLUMN "main"."parameters"."best_params" IS 'Number of parameters to use, chosen as total_basis says. Null where no figure is a number of parameters. Of an adapter: of the adapter alone.';
COMMENT ON COLUMN "main"."parameters"."total_basis" IS 'Why. counts_agree: total and counts are the same. multiplied_by_hub: weights are packed by a method whose counts the Hub multiplies; total. total_above_counts: the Hub states more than is stored, as for packed weights; total where there are packed or quantised weights, else null, since either may be wrong. total_below_counts: the author declared fewer than the tensors hold; counts. total_only, counts_only: what there is. stored_elements: packed, and nobody says how much; null. gguf: no safetensors; gguf_params. Null when nothing is stated.';
COMMENT ON COLUMN "main"."parameters"."quantization" IS 'Method of quantisation: gptq, awq, bitsandbytes, compressed-tensors, mlx, mxfp4, fp8 … Null when nobody says; for GGUF files see gguf_params.';
COMMENT ON COLUMN "main"."parameters"."quantization_bits" IS 'Bits a quantised weight, where stated.';
COMMENT ON COLUMN "main"."parameters"."quantization_basis" IS 'Who says the method: config.json, or else a tag. Null when nobody says it.';
COMMENT ON COLUMN "main"."parameters"."gguf_params" IS 'Parameters that the header of a GGUF file states. Null without GGUF files.';
COMMENT ON COLUMN "main"."parameters"."is_copy" IS 'Whether there is a hint that most parameters are those of another model in the Hub. False proves nothing.';
COMMENT ON COLUMN "main"."parameters"."copy_hints" IS 'quantized: it, or the Hub, says that it is a quantised version (not where its own whole weights lie beside ONNX or OpenVINO files); merge: that it is a merge; gguf: it holds GGUF files alone; mirror: its base has the same name, under another owner.';
