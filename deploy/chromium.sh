#!/bin/sh
# Makes sure that a Chromium is there for sites that need JavaScript; says plainly when it cannot.
set -eu
cd "$(dirname "$0")/.."

# The crawler's own search, so that what it would find is never installed again.
if .venv/bin/python -m spiders.browser 2>/dev/null; then exit 0; fi

if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else as_root=none; fi

why="it needs root or sudo, and Debian's packages"
if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium from Debian's packages (once)." >&2
  $as_root apt-get update -q >/dev/null || echo "apt-get update failed; trying with the lists that are here." >&2
  if $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium >/dev/null
  then exit 0; fi
  why="apt-get install chromium failed; its words are above"
fi

cat >&2 <<TEXT
Chromium is missing and could not be installed here ($why).
What works without it: everything but sites that need JavaScript, whose crawl is reported as failed, and the browser tests.
To get it, ask an administrator for: apt-get install chromium   (or set ASW_CHROMIUM to one you have)
TEXT
