# shellcheck shell=bash
# What every script here shares: where things are, and how a step is told and timed.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=${REEVE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/reeve/tools}
export ROOT TOOLS
# Our own tools win over whatever else of that name is installed; rustup's folder is where cargo is when a shell was
# opened before rustup changed PATH.
export PATH="$TOOLS/bin:$ROOT/style/node_modules/.bin:$PATH:$HOME/.cargo/bin"
cd "$ROOT" || exit 1

has() { command -v "$1" >/dev/null 2>&1; }

# One line, to the point, and out.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

say() { printf '   %s\n' "$*"; }

# step "What is being done" command arguments…
# The command is called plainly, never behind `||` or `if`: bash would switch `set -e` off inside of it.
step() {
  local text=$1 begin=$SECONDS outer=${STEP:-}
  shift
  printf '==> %s\n' "$text"
  STEP=$text
  "$@"
  STEP=$outer
  printf '<== %s: %ss\n' "$text" $((SECONDS - begin))
}

# Runs when a script ends, however it ends: cleans up, then names the step that failed.
at_exit() {
  local status=$?
  trap - EXIT
  clean_up || true
  if ((status)) && [[ -n ${STEP:-} ]]; then printf '==> failed: %s\n' "$STEP" >&2; fi
  exit "$status"
}
clean_up() { :; }
trap at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One checksum over everything given on standard input.
checksum() {
  if has sha256sum; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# unless_stamped STAMP KEY "What is being done" command…: skips the command when it has succeeded with this key.
unless_stamped() {
  local stamp=$1 key=$2
  shift 2
  [[ -f $stamp && $(<"$stamp") == "$key" ]] && return 0
  rm -f "$stamp"
  step "$@"
  mkdir -p "$(dirname "$stamp")"
  printf '%s\n' "$key" >"$stamp"
}

# locked NAME command…: two checkouts share the tools, so only one at a time may write them.
locked() {
  local name=$1
  shift
  mkdir -p "$TOOLS"
  if ! has flock; then
    "$@"
    return
  fi
  exec 9>"$TOOLS/.$name.lock"
  flock 9
  "$@" 9>&-
  exec 9>&-
}

# may_apt: only root on Debian and its like may install system packages without asking.
may_apt() { [[ $(id -u) == 0 ]] && has apt-get; }

apt_install() { step "apt-get install $*" apt_install_quietly "$@"; }

apt_install_quietly() {
  quietly apt-get update
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Shows what a program printed only when it failed.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  ((status == 0)) || tail -n 20 "$log" >&2
  rm -f "$log"
  return "$status"
}

# A port that is free right now.
free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# version_at_least HAVE WANT
version_at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}
