#!/usr/bin/env bash
# make bench: how fast places are given out, beside the same work by hand. PostgreSQL waits for its disk here.
. "$(dirname "$0")/lib.sh"
. scripts/services.sh

need_toolchain
need pgbench postgresql
export LINLI_DURABLE=1
start_services
LINLI_PGBENCH="$(postgres_bin)/pgbench"
export LINLI_PGBENCH
say "building with all optimisations"
cargo bench --locked -p linli-tests --bench placing --no-run
cargo bench --locked -p linli-tests --bench placing
