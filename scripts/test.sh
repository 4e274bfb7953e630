#!/usr/bin/env bash
# test.sh [lint|unit|build|browser|api|zenml]…: checks and tests everything, or only the parts named.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

began=$SECONDS
scratch=$(mktemp -d)
postgres=
clean_up() {
  if [[ -n $postgres ]]; then scripts/postgres.sh stop "$scratch/postgres"; fi
  rm -rf "$scratch"
}

# `frontend` is compiled for the browser alone: together with the server it would switch features on there.
host=(--workspace --exclude frontend)
# Clippy must not be stricter for whoever has other flags in the environment.
unset RUSTFLAGS RUSTDOCFLAGS
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
# Nothing is compiled twice here, so what incremental builds keep would only cost time and space.
if [[ ${CI:-} == true ]]; then export CARGO_INCREMENTAL=0; fi

start_postgres() {
  chmod 755 "$scratch"
  postgres=yes
  TEST_POSTGRES_URL=$(scripts/postgres.sh start "$scratch/postgres" | tail -n 1)
  export TEST_POSTGRES_URL REQUIRE_POSTGRES=1
}
need_postgres() { if [[ -z $postgres ]]; then step "Starting PostgreSQL" start_postgres; fi; }

lint() {
  scripts/npm.sh end2end "Playwright and the peers it tests against"
  step "Formatting" cargo fmt --all --check
  step "Clippy, server" cargo clippy --quiet --locked "${host[@]}" --all-targets -- -D warnings
  step "Clippy, browser" cargo clippy --quiet -p frontend --target wasm32-unknown-unknown -- -D warnings
  step "Documentation" env RUSTDOCFLAGS="--cfg erase_components -D warnings" cargo doc --quiet --no-deps "${host[@]}"
  step "Types of the browser tests" end2end/node_modules/.bin/tsc --noEmit -p end2end
}

unit() {
  need_postgres
  step "Tests on SQLite and PostgreSQL" cargo test --quiet "${host[@]}"
}

# A page must not grow heavy unnoticed.
first_visit() {
  local raw packed bundle area name budget=700000
  read -r raw packed bundle area name < <(node scripts/first-visit.mjs target/site/pkg) || die "the site holds no WASM bundle"
  say "First visit, at most: $((packed / 1000)) KB of WASM compressed, $((raw / 1000)) KB as it is; the budget is $((budget / 1000)) KB"
  say "The bundle is $((bundle / 1000)) KB of it, the pages of the largest area ($name) are $((area / 1000)) KB"
  ((packed <= budget)) || die "a first visit loads more than its budget"
}

build() {
  scripts/build.sh
  step "What a first visit loads" first_visit
}

playwright() { (cd end2end && REEVE_E2E_ENGINE=$1 node_modules/.bin/playwright test --output "test-results/$1"); }
browser() {
  scripts/build.sh
  scripts/browser.sh
  need_postgres
  step "Browser tests on SQLite" playwright sqlite
  step "Browser tests on PostgreSQL" playwright postgres
}

described() {
  REEVE_BIN=$ROOT/target/release/reeve REEVE_E2E_ENGINE=$1 "$venv/bin/python" end2end/api/run.py
}
api() {
  scripts/build.sh
  scripts/schemathesis.sh | tee "$scratch/schemathesis"
  venv=$(tail -n 1 "$scratch/schemathesis")
  need_postgres
  step "Every answer is described, on SQLite" described sqlite
  step "Every answer is described, on PostgreSQL" described postgres
}

acceptance() {
  local chromium
  chromium=$(node end2end/fixtures/chromium.mjs)
  REEVE_BIN=$ROOT/target/release/reeve REEVE_E2E_ENGINE=$1 REEVE_CHROMIUM=$chromium \
    "$venv/bin/python" -m pytest -q -p no:cacheprovider end2end/zenml
}
zenml() {
  scripts/build.sh
  scripts/browser.sh
  scripts/zenml.sh | tee "$scratch/zenml"
  venv=$(tail -n 1 "$scratch/zenml")
  need_postgres
  step "Stock ZenML on SQLite" acceptance sqlite
  step "Stock ZenML on PostgreSQL" acceptance postgres
}

scripts/tools.sh
scripts/assets.sh
if (($# == 0)); then set -- lint unit build browser api zenml; fi
for part in "$@"; do
  case $part in
  lint | unit | build | browser | api | zenml) "$part" ;;
  *) die "there is no part named $part" ;;
  esac
done
printf '\nAll passed in %d min %02d s.\n' $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60))
