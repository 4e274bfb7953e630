#!/usr/bin/env bash
# Gets what a build needs beyond Rust and node; does nothing when it is all there.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

rust_wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
leptos_wanted=0.3.10 # 0.3.11 needs a newer Rust than the workspace does.
bindgen_wanted=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/version = |"/, ""); print }' Cargo.lock)

check_machine() {
  has cargo || die "Rust is missing: install Rust $rust_wanted or newer with rustup (https://rustup.rs)"
  local rust
  rust=$(rustc -vV | sed -n 's/^release: //p')
  version_at_least "$rust" "$rust_wanted" || die "Rust $rust is too old: run 'rustup update' to get $rust_wanted or newer"
  if ! { has node && has npm; }; then die "node is missing: install Node.js 20 or newer together with npm (https://nodejs.org)"; fi
  local node
  node=$(node --version)
  version_at_least "${node#v}" 20 || die "node ${node#v} is too old: install Node.js 20 or newer"
  has cc || die "a C compiler is missing: install build-essential (Debian, Ubuntu) or the Xcode command line tools (macOS)"
}

version_of() { { "$TOOLS/bin/$1" --version 2>/dev/null || true; } | awk 'NR == 1 { print $2 }'; }

# Quick to compile matters more here than quick to run. From the tools' folder, so that this workspace's build
# flags do not reach them.
cargo_install() {
  cd "$TOOLS"
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install --quiet --force --root "$TOOLS" "$@"
  cd "$ROOT"
}

install_leptos() {
  [[ $(version_of cargo-leptos) == "$leptos_wanted" ]] && return 0
  perl -MFindBin -MIPC::Cmd -e 1 2>/dev/null || die "perl is missing, cargo-leptos is built with it: install perl"
  step "Installing cargo-leptos $leptos_wanted (once, about 8 minutes)" \
    cargo_install cargo-leptos --version "$leptos_wanted" --locked --features no_downloads
}

# cargo-leptos takes whatever wasm-bindgen is on PATH; one of another version makes a page that does not start.
# Not --locked: its lock file can name a crate version that was never published.
install_bindgen() {
  [[ $(version_of wasm-bindgen) == "$bindgen_wanted" ]] && return 0
  step "Installing wasm-bindgen $bindgen_wanted (once, about 2 minutes)" \
    cargo_install wasm-bindgen-cli --version "$bindgen_wanted"
}

check_machine
[[ -n $bindgen_wanted ]] || die "Cargo.lock names no wasm-bindgen"
scripts/wasm.sh
locked cargo-leptos install_leptos
locked wasm-bindgen install_bindgen
scripts/npm.sh style "Tailwind, fonts and icons"
