# shellcheck shell=bash
# Python environments of our own. To be sourced after lib.sh.

# Finds a Python that can make environments, from 3.10 to 3.14: what ZenML and schemathesis support.
find_python() {
  local name
  python=
  for name in python3 python3.13 python3.12 python3.11 python3.10; do
    if has "$name" && "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
      python=$name
      return
    fi
  done
}

install_python_packages() {
  rm -rf "$venv"
  "$python" -m venv "$venv"
  quietly "$venv/bin/pip" install --disable-pip-version-check -r "$here/requirements.txt" -c "$here/constraints.txt"
}

# python_environment NAME FOLDER "What is being done": with the packages that FOLDER pins; prints where it is on the last
# line.
python_environment() {
  local name=$1 here=$2 doing=$3 key python venv
  find_python
  if [[ -z $python ]] && may_apt; then
    apt_install python3-venv
    find_python
  fi
  [[ -n $python ]] || die "Python is missing: install Python 3.10 to 3.14 with its venv module"
  # Named by what is in it, so that two checkouts with different pins do not overwrite each other's.
  key=$(cat "$here/requirements.txt" "$here/constraints.txt" <("$python" -V) | checksum)
  venv=$TOOLS/$name-${key:0:12}
  locked "$name" unless_stamped "$venv/.installed" "$key" "$doing" install_python_packages
  printf '%s\n' "$venv"
}
