#!/bin/sh
# Installs Debian's Chromium for the tests that need a browser: as root, and in CI or when asked (CI=true tests/chromium.sh).
set -eu
if command -v chromium >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || [ "${CI:-}" != true ]; then
  echo "tests that need a browser are skipped; to run them: sudo CI=true tests/chromium.sh"
  exit 0
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium >/dev/null
