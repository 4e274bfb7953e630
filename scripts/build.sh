#!/usr/bin/env bash
# Builds target/release/reeve and target/site, unless both were made from exactly these sources.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

scripts/tools.sh
scripts/assets.sh

# Each area of pages is a file of its own beside the bundle: `--split`.
site_and_server() {
  cargo leptos build --release --split
  node scripts/slim-wasm.mjs target/site/pkg
  node scripts/rename-bundle.mjs target/site/pkg target/release/hash.txt
}

# Contents, not times: a fresh clone and a switched branch change every time.
sources() {
  find Cargo.toml Cargo.lock Leptos.toml scripts/rename-bundle.mjs scripts/slim-wasm.mjs .cargo app frontend server crates migrations style public \
    -type f ! -path '*/node_modules/*' ! -path '*/tests/*' ! -path '*/target/*' -print0 |
    LC_ALL=C sort -z | xargs -0 cksum
  rustc -vV
  cargo-leptos --version
}

stamp=target/release/.built
if [[ ! -x target/release/reeve ]] || ! compgen -G 'target/site/pkg/reeve*.css' >/dev/null; then rm -f "$stamp"; fi
unless_stamped "$stamp" "$(sources | checksum)" "Building Reeve (the first time takes about ten minutes)" site_and_server
