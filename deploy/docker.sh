#!/bin/sh
# Docker and cron: a volume keeps the storage, cron starts a container that ends with the run.
# Build the image first: docker build -t {{image}} .
# One line of `crontab -e`, of a user who may use Docker; HF_TOKEN and the like stand in /etc/huggingface-etl.env.
set -eu
docker volume create {{volume}}
cat <<'CRON'
{{schedule}} docker run --rm --name huggingface-etl --read-only --memory 3g --shm-size 512m --stop-timeout 10 --env-file /etc/huggingface-etl.env -v {{volume}}:/app/storage {{image}} run --to {{to}} 2>&1 | logger -t huggingface-etl
CRON
# Without cron: one container that waits for the time, with its pages on this machine only.
# docker run -d --restart unless-stopped --read-only --memory 3g --shm-size 512m -p 127.0.0.1:8080:8080 \
#   --env-file /etc/huggingface-etl.env -v {{volume}}:/app/storage {{image}} \
#   serve --host 0.0.0.0 --schedule "{{schedule}}" --to {{to}}
