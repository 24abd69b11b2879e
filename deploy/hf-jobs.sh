#!/bin/sh
# Hugging Face Jobs, by schedule: needs a Pro account or an organisation that pays. The image must be public, or a Space's.
# The state is in a bucket, say hf://buckets/OWNER/NAME/state of the Hub: a job has no disk that stays. Its keys are made
# of an access token on its page of the Hub ("Generate S3 credentials"), and stand in the environment where this is run.
set -eu
if [ -n "${HUGGINGFACE_ETL_NOTIFY:-}" ]; then set -- --secrets HUGGINGFACE_ETL_NOTIFY; fi
hf jobs scheduled run '{{schedule}}' \
  --flavor cpu-upgrade --timeout 8h \
  --secrets HF_TOKEN --secrets AWS_ACCESS_KEY_ID --secrets AWS_SECRET_ACCESS_KEY "$@" \
  '{{image}}' \
  node /app/bin/huggingface-etl.js run --to '{{to}}' --state '{{state}}'
