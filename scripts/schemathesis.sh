#!/usr/bin/env bash
# Makes the Python environment in which Reeve is held against the description of its API; prints its folder on the last
# line.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
source scripts/python.sh

python_environment schemathesis end2end/api "Installing schemathesis (once, about 20 seconds)"
