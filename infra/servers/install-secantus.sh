#!/bin/sh
# Builds SecantusDB, which stands in for MongoDB where there is none, into a cache. Says nothing when it is there already.
# usage: install-secantus.sh [CACHE]
set -eu
cache=${1:-${AURA_CACHE:-$HOME/.cache/aura}}
version=0.5.3-beta.193

[ ! -x "$cache/secantus/bin/secantusd-rs" ] || exit 0

if ! command -v cargo >/dev/null; then
  echo 'There is neither mongod nor cargo: install one of them, start a Docker daemon, or set AURA_MONGODB_URL.' >&2
  exit 1
fi
if ! command -v cmake >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends cmake g++ make
fi
exec cargo install secantus-mdb --version "$version" --ignore-rust-version --root "$cache/secantus"
