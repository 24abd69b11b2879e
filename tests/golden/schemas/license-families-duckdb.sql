CREATE TABLE "main"."license_families" (
  "license" VARCHAR NOT NULL,
  "spdx_id" VARCHAR,
  "family" VARCHAR NOT NULL,
  "source" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."license_families" IS 'One row is a licence that this program knows: the ids of the Hub''s list and a few names. A sorting for counts, not legal advice; what a text allows stands in the text.';
COMMENT ON COLUMN "main"."license_families"."license" IS 'Id of the licence: that of the Hub, or a name that many models give under `other`.';
COMMENT ON COLUMN "main"."license_families"."spdx_id" IS 'Id in the SPDX list. Null where it has none. GPL-2.0 and its like do not say whether later versions are allowed: neither does the Hub.';
COMMENT ON COLUMN "main"."license_families"."family" IS 'open_source: approved by the Open Source Initiative, free by the FSF, or open by the Open Definition (data, texts); use_limits: weights are open, but some uses, users or changes are not allowed; non_commercial: research or private use alone; unknown: the id names several licences, or none.';
COMMENT ON COLUMN "main"."license_families"."source" IS 'Who says so: osi, fsf, open definition, or the licence itself (text).';
