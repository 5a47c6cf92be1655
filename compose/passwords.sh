#!/bin/sh
# Writes random passwords for compose.yaml into .env, unless there are some.
set -eu
cd "$(dirname "$0")/.."
[ -e .env ] && grep -q '^CDC_PASSWORD=' .env && { echo '.env has passwords already.'; exit 0; }
umask 077
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
printf 'CDC_PASSWORD=%s\nMYSQL_ROOT_PASSWORD=%s\n' "$(random)" "$(random)" >> .env
echo 'Wrote random passwords into .env.'
