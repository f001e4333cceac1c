#!/usr/bin/env bash
# Writes the description of the interface and the types the mini-program takes from it. With --check only compares.
. "$(dirname "$0")/lib.sh"

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
# As the tests build it, so that nothing is compiled twice; and always, since an old program describes an old interface.
cargo build --locked --workspace --lib --bins --tests
target/debug/linli openapi >"$fresh/openapi.json"
npm_packages miniapp
miniapp/node_modules/.bin/openapi-typescript "$fresh/openapi.json" --default-non-nullable false -o "$fresh/schema.ts" >/dev/null
if [ "${1:-}" = --check ]; then
  if ! cmp "$fresh/openapi.json" openapi.json || ! cmp "$fresh/schema.ts" miniapp/src/api/schema.ts; then
    die "The interface has changed. Write its description and types anew: make api"
  fi
else
  mv "$fresh/openapi.json" openapi.json
  mv "$fresh/schema.ts" miniapp/src/api/schema.ts
fi
