#!/usr/bin/env bash
# Measures, on this machine, what an operator feels: start, memory, sizes. Each line names its goal.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

scripts/build.sh
folder=$(mktemp -d)
clean_up() { rm -rf "$folder"; }

size_of() { du -sk "$@" | awk '{ kb += $1 } END { printf "%.1f", kb / 1024 }'; }
read -r _ packed bundle _ area < <(node scripts/first-visit.mjs target/site/pkg)

printf '\n%-44s %12s   %s\n' "measured" "" "goal"
node scripts/bench.mjs target/release/reeve "$folder"
printf '%-44s %9s MB\n' "binary and site" "$(size_of target/release/reeve target/site)"
printf '%-44s %9s KB   under 700\n' "WASM of a first visit, at most ($area)" "$((packed / 1000))"
printf '%-44s %9s KB\n' "  of these the bundle of all pages" "$((bundle / 1000))"

postgres=$(mktemp -d)
chmod 755 "$postgres"
clean_up() {
  scripts/postgres.sh stop "$postgres/cluster"
  rm -rf "$folder" "$postgres"
}
TEST_POSTGRES_URL=$(scripts/postgres.sh start "$postgres/cluster" | tail -n 1)
export TEST_POSTGRES_URL
cargo bench --quiet -p server --bench hot_paths
