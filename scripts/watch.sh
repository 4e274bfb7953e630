#!/usr/bin/env bash
# Rebuilds and restarts at every change; the page in the browser reloads itself.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

scripts/tools.sh
scripts/assets.sh
mkdir -p data
export REEVE_DATABASE_URL=${REEVE_DATABASE_URL:-sqlite:data/reeve.db}
export REEVE_PUBLIC_URL=${REEVE_PUBLIC_URL:-http://localhost:8580}
# Pages are split into areas here, too: the bundle asks for them by the names that only the split gives.
exec cargo leptos watch --split -- serve
