#!/usr/bin/env bash
# postgres.sh start DIR | stop DIR: a private PostgreSQL cluster in DIR, for tests only: it trusts every local
# connection and may lose data in a crash. `start` prints its URL on the last line.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

usage="usage: postgres.sh start|stop DIR"
action=${1:?$usage} dir=${2:?$usage}

# Debian keeps the server's programs out of PATH, one folder for each major version.
find_bin() {
  local found
  if has initdb && has pg_ctl; then
    bin=$(dirname "$(command -v initdb)")
    return
  fi
  found=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1 || true)
  [[ -x $found/initdb ]] && bin=$found
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then runuser -u "$owner" -- "$@"; else "$@"; fi
}

start() {
  local port
  port=$(free_port)
  mkdir -p "$dir"
  if [[ $(id -u) == 0 ]]; then chown "$owner" "$dir"; fi
  # From a folder that the other user may enter.
  cd /
  as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir.log" 2>&1 ||
    die "initdb failed: $(tail -n 3 "$dir.log")"
  as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -s \
    -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
    start >>"$dir.log" 2>&1 || die "PostgreSQL did not start: $(tail -n 3 "$dir/log")"
  rm -f "$dir.log"
  printf 'postgres://postgres@127.0.0.1:%s/postgres\n' "$port"
}

stop() {
  cd /
  as_postgres "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop || true
  rm -rf "$dir"
}

bin=
find_bin
if [[ -z $bin ]] && may_apt; then
  apt_install postgresql >&2
  find_bin
fi
[[ -n $bin ]] || die "PostgreSQL is missing: install the PostgreSQL server (Debian: postgresql, macOS: brew install postgresql)"
owner=$(id -un postgres 2>/dev/null || printf nobody)
[[ $dir == /* ]] || dir=$ROOT/$dir

case $action in
start) start ;;
stop) stop ;;
*) die "$usage" ;;
esac
