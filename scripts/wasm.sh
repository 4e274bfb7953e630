#!/usr/bin/env bash
# Makes sure that rustc can compile for the browser (wasm32-unknown-unknown).
set -euo pipefail
source "$(dirname "$0")/lib.sh"

target=wasm32-unknown-unknown
libdir=$(rustc --print target-libdir --target "$target")
sysroot=$(rustc --print sysroot)
release=$(rustc -vV | sed -n 's/^release: //p')

present() { compgen -G "$libdir/libcore-*.rlib" >/dev/null; }

# A closed network has no rustup server to ask. Debian carries the source of the standard library for several
# releases of Rust in its backports; its package is verified by apt and only unpacked, never installed.
debian_source() {
  local dir=$1 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg codename version
  if ! has apt-get; then die "no $target target: run 'rustup target add $target'"; fi
  # shellcheck disable=SC1091
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016  # apt's own placeholders
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v codename="$codename" '$1 == codename && $2 == "main" { print $3; exit }')
  [[ -n $mirror && -r $keyring ]] || die "no $target target, and no Debian mirror to build it from: run 'rustup target add $target'"

  # Lists, cache and sources of our own, so that the machine's stay as they are.
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  printf 'deb [signed-by=%s] %s trixie-backports main\n' "$keyring" "$mirror" >"$dir/sources.list"
  local apt=(-o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$dir/lists"
    -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User= -qq)
  apt-get "${apt[@]}" update
  version=$(apt-cache "${apt[@]}" madison rust-src | awk -F '|' '{ gsub(/ /, "", $2); print $2 }' | grep -m 1 -F "$release" || true)
  [[ $version == "$release"* ]] || die "no $target target, and Debian has no library source for Rust $release: run 'rustup target add $target'"
  say "rust-src $version"
  (cd "$dir" && apt-get "${apt[@]}" download "rust-src=$version" && dpkg -x rust-src_*.deb unpacked)
}

# Never called when the folder already holds a build: rustc refuses two candidates for `core`.
build_std() {
  local dir=$1 library
  library=$(find "$dir/unpacked/usr/src" -maxdepth 2 -type d -name library | head -n 1)
  [[ -n $library ]] || die "the rust-src package holds no library folder"
  mkdir -p "$sysroot/lib/rustlib/src/rust"
  rm -rf "$sysroot/lib/rustlib/src/rust/library"
  cp -R "$library" "$sysroot/lib/rustlib/src/rust/library"

  mkdir -p "$dir/empty/src"
  printf '[package]\nname = "reeve-std-probe"\nedition = "2021"\n[workspace]\n' >"$dir/empty/Cargo.toml"
  : >"$dir/empty/src/lib.rs"
  (cd "$dir/empty" &&
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked" \
      cargo build --quiet --release --target "$target" --target-dir "$dir/target" \
      -Zbuild-std=core,alloc,std,panic_abort,panic_unwind,proc_macro,test)
  # Copied aside first, so that a stop half-way leaves no half target behind.
  rm -rf "$libdir.new" "$libdir"
  mkdir -p "$libdir.new"
  find "$dir/target/$target/release/deps" -name '*.rlib' ! -name 'libreeve_std_probe-*' -exec cp {} "$libdir.new/" \;
  mv "$libdir.new" "$libdir"
}

check_target() {
  local dir=$1
  mkdir -p "$dir/check/src"
  printf '[package]\nname = "check"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n' >"$dir/check/Cargo.toml"
  printf '#[unsafe(no_mangle)] pub extern "C" fn f(n: usize) -> usize { (0..n).map(|i| format!("{i}").len()).sum() }\n' >"$dir/check/src/lib.rs"
  (cd "$dir/check" && cargo build --quiet --target "$target" --target-dir "$dir/target")
}

from_source() {
  [[ -w $sysroot/lib ]] || die "no $target target, and $sysroot is not writable: install the target with the tool that installed Rust"
  work=$(mktemp -d)
  step "Fetching the standard library's source from Debian" debian_source "$work"
  step "Building the standard library for $target (once, about a minute)" build_std "$work"
  step "Checking the new target" check_target "$work"
}

install() {
  present && return 0
  if has rustup && [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]]; then
    step "rustup target add $target" rustup target add "$target"
  else
    from_source
  fi
  present || die "$target is still missing: run 'rustup target add $target'"
}

work=
clean_up() { rm -rf "$work"; }
if present; then exit; fi
locked wasm install
