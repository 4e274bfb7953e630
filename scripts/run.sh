#!/usr/bin/env bash
# Builds Reeve if need be and starts it on SQLite in ./data. It prints the link to open itself.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

scripts/build.sh
mkdir -p data
export REEVE_DATABASE_URL=${REEVE_DATABASE_URL:-sqlite:data/reeve.db}
export REEVE_PUBLIC_URL=${REEVE_PUBLIC_URL:-http://localhost:8580}
exec target/release/reeve serve
