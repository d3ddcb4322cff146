#!/bin/sh
# Installs Debian's Chromium for the tests that need a browser: as root, in CI or where CI=true asks for it.
set -eu
if command -v chromium >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && [ "${CI:-}" = true ]; then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null && exit 0
fi
echo "Tests that need a browser are skipped. To run them: sudo CI=true tests/chromium.sh" >&2
