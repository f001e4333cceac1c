#!/usr/bin/env bash
# make test: everything, on both databases and in the browser. A service that should be there and is not is a failure.
. "$(dirname "$0")/lib.sh"
. scripts/stages.sh
. scripts/services.sh

# Two cores, and much that waits: three lanes at a time. Nothing is installed beside the others but packages of our own.
pages_and_outside() {
  stage_miniapp_quick
  stage_mini_program
  stage_schemathesis
}

need_toolchain
need_browser
need python3 python3-venv
start_services
beside "web page" stage_web_page
stage_format
stage_scripts
stage_lints
stage_deny
stage_build
joined "web page"
beside browser stage_browser
beside "pages and outside" pages_and_outside
stage_unit
stage_peers
stage_interface_types
stage_house "tests on SQLite and on PostgreSQL with Redis"
joined "pages and outside"
joined browser
total
