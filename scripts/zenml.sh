#!/usr/bin/env bash
# Makes the Python environment of the acceptance tests, with the unmodified ZenML server and client; prints its folder
# on the last line.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
source scripts/python.sh

python_environment zenml end2end/zenml "Installing ZenML and its tests' tools (once, about 2 minutes)"
