#!/usr/bin/env bash
# make screens: a picture of every page in every way it can be read, in tests/screens. With words, only the pages named like them.
. "$(dirname "$0")/lib.sh"

need_toolchain
need chromium chromium
need_font
npm_packages tests/browser
if [ -z "${LINLI_BINARY:-}" ]; then cargo build --locked --bin linli; fi
if [ -z "${LINLI_WEB:-}" ]; then web_page; fi
npm --prefix tests/browser run --silent screens -- "$@"
