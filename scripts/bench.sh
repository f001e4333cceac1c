#!/usr/bin/env bash
# make bench: how fast places are given out and jobs assigned, beside other ways. PostgreSQL waits for its disk here.
. "$(dirname "$0")/lib.sh"
. scripts/services.sh

need_toolchain
need pgbench postgresql
say "building with all optimisations"
cargo build --locked --release -p linli -p linli-bench
export LINLI_DURABLE=1
start_services
LINLI_BENCH_POSTGRES_BIN=$(postgres_bin)
export LINLI_BENCH_POSTGRES_BIN LINLI_BENCH_PROGRAM=$PWD/target/release/linli
target/release/linli-bench
