#!/bin/sh
# Google Cloud: a Cloud Run job that Cloud Scheduler starts. The state is in a bucket, for the disk is new each time; more than
# 10 GB of disk are a quota to be asked for. Needs the account below with the roles that docs/warehouses.md names and
# storage.objectUser on the bucket; and two secrets with secretmanager.secretAccessor for it (take out one that there is not).
set -eu
PROJECT="${PROJECT:?the project}" REGION="${REGION:-us-central1}"
ACCOUNT="huggingface-etl@$PROJECT.iam.gserviceaccount.com"
# One task, not tried again by itself: 75 and 3 go on at the next time, the others need a person.
gcloud run jobs deploy huggingface-etl --project "$PROJECT" --region "$REGION" \
  --image '{{image}}' --service-account "$ACCOUNT" \
  --tasks 1 --max-retries 0 --task-timeout 6h --cpu 2 --memory 4Gi \
  --add-volume 'name=storage,type=ephemeral-disk,size={{disk}}' --add-volume-mount volume=storage,mount-path=/app/storage \
  --set-secrets HF_TOKEN=hf-token:latest,HUGGINGFACE_ETL_NOTIFY=huggingface-etl-notify:latest \
  --args '^;^run;--to={{to}};--state={{state}};--bigquery-project='"$PROJECT"
gcloud run jobs add-iam-policy-binding huggingface-etl --project "$PROJECT" --region "$REGION" \
  --member "serviceAccount:$ACCOUNT" --role roles/run.invoker
gcloud scheduler jobs create http huggingface-etl --project "$PROJECT" --location "$REGION" \
  --schedule '{{schedule}}' --time-zone Etc/UTC --http-method POST \
  --uri "https://run.googleapis.com/v2/projects/$PROJECT/locations/$REGION/jobs/huggingface-etl:run" \
  --oauth-service-account-email "$ACCOUNT"
