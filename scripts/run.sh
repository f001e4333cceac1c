#!/usr/bin/env bash
# make run: builds the server and the web page, and serves a demo district on port 8080.
. "$(dirname "$0")/lib.sh"

need_toolchain
say "building the server"
cargo build --locked -p linli
say "building the web page"
web_page
exec target/debug/linli serve
