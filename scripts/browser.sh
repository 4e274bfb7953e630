#!/usr/bin/env bash
# Gets what the browser tests need: their npm packages and a Chromium.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

scripts/npm.sh end2end "Playwright and the peers it tests against"
find_chromium() { node end2end/fixtures/chromium.mjs >/dev/null 2>&1; }

if find_chromium; then exit; fi
if may_apt; then
  apt_install chromium
else
  step "Installing Chromium for Playwright" end2end/node_modules/.bin/playwright install chromium
fi
find_chromium || die "Chromium is missing: install Chromium or Google Chrome"
