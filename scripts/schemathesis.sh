#!/usr/bin/env bash
# Makes the Python environment in which Reeve is held against the description of its API; prints its folder on the last
# line.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

here=end2end/api
python=

# A Python that schemathesis supports and that can make environments.
find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11 python3.10; do
    if has "$name" && "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
      python=$name
      return
    fi
  done
}

install() {
  rm -rf "$venv"
  "$python" -m venv "$venv"
  quietly "$venv/bin/pip" install --disable-pip-version-check -r "$here/requirements.txt" -c "$here/constraints.txt"
}

find_python
if [[ -z $python ]] && may_apt; then
  apt_install python3-venv
  find_python
fi
[[ -n $python ]] || die "Python is missing: install Python 3.10 to 3.14 with its venv module"

# Named by what is in it, so that two checkouts with different pins do not overwrite each other's.
key=$(cat "$here/requirements.txt" "$here/constraints.txt" <("$python" -V) | checksum)
venv=$TOOLS/schemathesis-${key:0:12}
locked schemathesis unless_stamped "$venv/.installed" "$key" "Installing schemathesis (once, about 20 seconds)" install
printf '%s\n' "$venv"
