#!/usr/bin/env bash
# A PostgreSQL and a Redis of our own on free ports of 127.0.0.1, in a temporary folder; gone with the script that
# sourced this, which calls `start_services`. Sets LINLI_TEST_POSTGRES and LINLI_TEST_REDIS.
#
# PostgreSQL refuses to run as root: then it runs as the user `postgres`, who comes with the package. What a test
# writes need not outlast a power cut, so nothing waits for the disk unless LINLI_DURABLE=1.

services_folder=
redis_pid=
postgres_up=

stop_services() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$redis_pid" ]; then
    kill "$redis_pid" 2>/dev/null || true
    wait "$redis_pid" 2>/dev/null || true
  fi
  if [ -n "$postgres_up" ]; then
    as_postgres "$(postgres_bin)/pg_ctl" -D "$services_folder/postgres" -m immediate -w stop >/dev/null 2>&1 || true
  fi
  if [ -n "$services_folder" ]; then rm -rf "$services_folder"; fi
  exit "$status"
}

as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# free_port: a port that nobody listens on now. Whoever uses it tries again with another if somebody was faster.
free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

start_services() {
  need postgres postgresql
  need redis-server redis-server
  local around
  around=$(quick_folder)
  # What must outlast a power cut is measured on a disk.
  if [ "${LINLI_DURABLE:-}" = 1 ]; then around=${TMPDIR:-/tmp}; fi
  services_folder=$(mktemp -d "$around/linli-services.XXXXXX")
  chmod 711 "$services_folder"
  trap stop_services EXIT INT TERM
  start_postgres
  start_redis
}

start_postgres() {
  local data=$services_folder/postgres log=$services_folder/postgres.log bin port try durable
  bin=$(postgres_bin)
  [ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb)")
  mkdir -m 700 "$data"
  : >"$log"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$data" "$log"; fi
  as_postgres "$bin/initdb" -D "$data" -U linli -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
  durable=off
  if [ "${LINLI_DURABLE:-}" = 1 ]; then durable=on; fi
  for try in 1 2 3 4 5; do
    port=$(free_port)
    if as_postgres "$bin/pg_ctl" -D "$data" -l "$log" -w -t 60 start -o "-c listen_addresses=127.0.0.1 -c port=$port \
      -c unix_socket_directories=$data -c max_connections=400 -c shared_buffers=256MB -c max_wal_size=2GB \
      -c fsync=$durable -c synchronous_commit=$durable -c full_page_writes=$durable" >/dev/null 2>&1; then
      postgres_up=1
      export LINLI_TEST_POSTGRES="postgres://linli@127.0.0.1:$port/postgres"
      return 0
    fi
  done
  tail -n 20 "$log" >&2
  die "PostgreSQL did not start after $try tries"
}

start_redis() {
  local port try _
  for try in 1 2 3 4 5; do
    port=$(free_port)
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$services_folder" >"$services_folder/redis.log" 2>&1 &
    redis_pid=$!
    for _ in $(seq 100); do
      if ! kill -0 "$redis_pid" 2>/dev/null; then break; fi
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
        export LINLI_TEST_REDIS="redis://127.0.0.1:$port/0"
        return 0
      fi
      sleep 0.05
    done
  done
  tail -n 20 "$services_folder/redis.log" >&2
  die "Redis did not start after $try tries"
}
