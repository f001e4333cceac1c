#!/usr/bin/env bash
# make test: everything, on both databases and in the browser. A service that should be there and is not is a failure.
. "$(dirname "$0")/lib.sh"
. scripts/stages.sh
. scripts/services.sh

need_toolchain
start_services
beside stage_miniapp
stage_format
stage_scripts
stage_lints
stage_deny
stage_build
stage_unit
stage_peers
stage_house "tests on SQLite and on PostgreSQL with Redis"
joined
stage_interface_types
beside stage_schemathesis
stage_browser
joined
total
