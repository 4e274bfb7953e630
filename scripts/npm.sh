#!/usr/bin/env bash
# npm.sh FOLDER "what it holds": installs exactly what the folder's package-lock.json names, once.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

folder=$1
install() {
  cd "$folder"
  quietly npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cd "$ROOT"
}

key=$(cat "$folder/package.json" "$folder/package-lock.json" <(node --version) | checksum)
unless_stamped "$folder/node_modules/.installed" "$key" "Installing $2 ($folder)" install
