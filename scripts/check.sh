#!/usr/bin/env bash
# make check: what is quick. Format, lints, unit tests, and the tests of the house on SQLite.
. "$(dirname "$0")/lib.sh"
. scripts/stages.sh

need_toolchain
stage_format
stage_lints
stage_unit
stage_house "tests on SQLite" --skip ::postgres
stage_miniapp_quick
total
