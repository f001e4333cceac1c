#!/usr/bin/env bash
# make bench: places given out through HTTP beside the same work by hand, in one run. Takes some six minutes after
# the build; LINLI_BENCH_SECONDS and LINLI_BENCH_ROUNDS make it shorter or longer.
. "$(dirname "$0")/lib.sh"
. scripts/services.sh

need_toolchain
need postgres postgresql
bin=$(postgres_bin)
[ -x "$bin/pgbench" ] || bin=$(dirname "$(command -v pgbench)")

# Optimised, as it is deployed.
cargo build --locked --release -p linli -p linli-bench

# What is acknowledged is on the disk: nothing else can be compared.
export LINLI_DURABLE=1
start_services
LINLI_BENCH_PROGRAM=$PWD/target/release/linli LINLI_BENCH_POSTGRES_BIN=$bin target/release/linli-bench
