#!/usr/bin/env bash
# make long: what takes longer. The tests marked as such, with more rounds; every page in every way it can be read.
. "$(dirname "$0")/lib.sh"
. scripts/stages.sh
. scripts/services.sh

need_toolchain
start_services
export LINLI_LONG=1
stage_build
stage_house "long tests" --include-ignored
need_browser
stage "miniapp: web page" one web_page
stage_browser
total
