#!/bin/sh
# Prints what PYTHONPATH must be for `import pika`: nothing when the system's Python has it, else a folder of the cache, into
# which it is installed once. Fails with a sentence when that cannot be done.
# usage: install-pika.sh [CACHE]
set -eu
cache=${1:-${AURA_CACHE:-$HOME/.cache/aura}}
version=1.4.4
folder="$cache/python/pika-$version"

apt_install() {
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  { apt-get -o DPkg::Lock::Timeout=300 update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@"; } >&2
}

command -v python3 >/dev/null || apt_install python3 python3-pika || {
  echo 'There is no python3: install Python 3.9 or newer.' >&2
  exit 1
}
if python3 -c 'import pika' 2>/dev/null; then
  exit 0
fi
if [ -d "$folder" ]; then
  echo "$folder"
  exit 0
fi
# Into a folder beside it, and then renamed: who comes at the same time finds all of it, or nothing.
mkdir -p "$cache/python"
fresh=$(mktemp -d "$cache/python/pika-XXXXXX")
if python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$fresh" "pika==$version" >&2; then
  mv -T "$fresh" "$folder" 2>/dev/null || rm -rf "$fresh"
  echo "$folder"
  exit 0
fi
rm -rf "$fresh"
apt_install python3-pika && python3 -c 'import pika' && exit 0
echo "The Python package pika cannot be installed: run 'pip install pika==$version', or install the Debian package python3-pika." >&2
exit 1
