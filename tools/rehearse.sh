#!/bin/sh
# `make rehearse`: a new machine. Clones this repository, empties every cache, runs both commands of the README,
# times them, and compares what the demo prints with the README's transcript.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
started=$(date +%s)
git clone --quiet --no-local "$root" "$place/chengnuo"
cd "$place/chengnuo"
# A bare environment: an empty home, no pip or uv cache, nothing of ours on the path.
export HOME="$place/home" XDG_CACHE_HOME="$place/cache" PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
mkdir -p "$HOME"
unset PYTHONPATH VIRTUAL_ENV || true

say() { printf '%s\n' "$*"; }
say "clone: $(( $(date +%s) - started )) s"

began=$(date +%s)
make demo < /dev/null > "$place/demo.txt" 2>&1 || { cat "$place/demo.txt"; say "make demo FAILED"; exit 1; }
say "make demo: $(( $(date +%s) - began )) s, with making .venv"

"$root/.venv/bin/python" "$root/tools/transcript.py" README.md "$place/demo.txt"

[ "${REHEARSE_TEST:-1}" = 1 ] || exit 0
began=$(date +%s)
make test > "$place/test.txt" 2>&1 || { tail -40 "$place/test.txt"; say "make test FAILED"; exit 1; }
tail -1 "$place/test.txt"
say "make test: $(( $(date +%s) - began )) s, with making .venv complete"
say "rehearsed in $(( $(date +%s) - started )) s"
