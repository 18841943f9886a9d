#!/bin/sh
# Makes sure that what starts the search servers of the tests is there: Java and Maven. Says plainly when it cannot.
set -eu

is_there() { command -v mvn >/dev/null 2>&1 && command -v javac >/dev/null 2>&1; }
if is_there; then exit 0; fi

if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else as_root=none; fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Java and Maven from Debian's packages (once), for the search servers of the tests." >&2
  $as_root apt-get update -q >/dev/null || echo "apt-get update failed; trying with the lists that are here." >&2
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends openjdk-17-jdk-headless maven >/dev/null || true
  if is_there; then exit 0; fi
fi

cat >&2 <<TEXT
Java and Maven are missing and could not be installed here (it needs root or sudo, and Debian's packages).
What works without them: all of the product, and every test but those on a real Elasticsearch and OpenSearch.
To get them, ask an administrator for: apt-get install openjdk-17-jdk-headless maven
TEXT
