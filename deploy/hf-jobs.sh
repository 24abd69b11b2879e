#!/bin/sh
# Hugging Face Jobs, by schedule: needs a Pro account or an organisation that pays. The image must be public, or a Space's.
# The state is in a bucket of the Hub: a job has no disk that stays.
set -eu
hf jobs scheduled run '{{schedule}}' \
  --flavor cpu-upgrade --timeout 8h \
  --secrets HF_TOKEN --secrets HUGGINGFACE_ETL_NOTIFY \
  '{{image}}' \
  node /app/bin/huggingface-etl.js run --to '{{to}}' --state '{{state}}'
