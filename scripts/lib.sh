#!/usr/bin/env bash
# What the other scripts share: where things are, what is missing, and stages that are timed and counted.
# Sourced, never run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"

say() { printf '%s\n' "$*"; }

die() {
  printf 'linli: %s\n' "$*" >&2
  exit 1
}

# need COMMAND PACKAGE: makes sure that a command is there. Debian packages are installed as root only.
need() {
  local command=$1 package=$2
  if command -v "$command" >/dev/null 2>&1 || [ -x "$(debian_place "$command")" ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    die "$command is missing. Install it with: sudo apt-get install -y $package"
  fi
  say "installing $package"
  if ! install_package "$package"; then
    apt-get update -q >/dev/null
    install_package "$package" || die "$package cannot be installed. Try: apt-get install -y $package"
  fi
}

install_package() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" >/dev/null; }

# Debian keeps the server programs of PostgreSQL off the path.
debian_place() {
  case $1 in
    postgres | initdb | pg_ctl | pgbench) printf '%s/%s' "$(postgres_bin)" "$1" ;;
    *) printf '/nowhere' ;;
  esac
}

postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  printf '%s' "${newest:-/nowhere}"
}

# quick_folder: where tests keep what lives only as long as they do: in memory where there is plenty, since every test on
# PostgreSQL copies a database of many small files.
quick_folder() {
  local shm=/dev/shm free
  free=$(df -Pm "$shm" 2>/dev/null | awk 'NR == 2 { print $4 }')
  if [ -z "${TMPDIR:-}" ] && [ -w "$shm" ] && [ "${free:-0}" -ge 8192 ]; then printf '%s' "$shm"; else printf '%s' "${TMPDIR:-/tmp}"; fi
}

# need_font: pictures of Chinese pages need Chinese letters.
need_font() {
  [ -n "$(find /usr/share/fonts "$HOME/.fonts" -iname '*cjk*' -print -quit 2>/dev/null)" ] && return 0
  if [ "$(id -u)" -ne 0 ]; then die "Chinese fonts are missing. Install them with: sudo apt-get install -y fonts-noto-cjk"; fi
  say "installing fonts-noto-cjk"
  install_package fonts-noto-cjk || { apt-get update -q >/dev/null && install_package fonts-noto-cjk; }
}

# need_toolchain: what a machine must have before anything else.
need_toolchain() {
  command -v cargo >/dev/null 2>&1 || die "Rust is missing. Install it from https://rustup.rs"
  command -v node >/dev/null 2>&1 || die "Node.js 20 or newer is missing. Install it from https://nodejs.org"
  command -v npm >/dev/null 2>&1 || die "npm is missing. It comes with Node.js: https://nodejs.org"
  command -v cc >/dev/null 2>&1 || need cc build-essential
}

# python_tool PACKAGE==VERSION COMMAND: prints the path of a Python program in a folder of our own.
python_tool() {
  local wanted=$1 command=$2 venv=target/venv
  if [ ! -x "$venv/bin/$command" ] || ! grep -qxF "$wanted" "$venv/linli-tools" 2>/dev/null; then
    need python3 python3-venv >&2
    if [ ! -x "$venv/bin/pip" ] && ! python3 -m venv "$venv" >/dev/null 2>&1; then
      [ "$(id -u)" -eq 0 ] || die "python3-venv is missing. Install it with: sudo apt-get install -y python3-venv"
      { install_package python3-venv || { apt-get update -q && install_package python3-venv; }; } >&2
      python3 -m venv --clear "$venv"
    fi
    "$venv/bin/pip" install -q --disable-pip-version-check "$wanted" >&2
    printf '%s\n' "$wanted" >>"$venv/linli-tools"
  fi
  printf '%s/bin/%s' "$venv" "$command"
}

# npm_packages FOLDER: installs what the lock file says, when it has changed since the last time.
npm_packages() {
  local folder=$1 stamp
  stamp=$(sha256sum "$folder/package-lock.json" | cut -d' ' -f1)
  if [ "$(cat "$folder/node_modules/.linli-stamp" 2>/dev/null || true)" = "$stamp" ]; then return 0; fi
  npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error || return 1
  printf '%s\n' "$stamp" >"$folder/node_modules/.linli-stamp"
}

# web_page: builds the web page when a file it is made of is newer than it.
web_page() {
  local built=miniapp/dist/build/h5/index.html
  npm_packages miniapp
  if [ -f "$built" ] && [ -z "$(find miniapp -name node_modules -prune -o -name dist -prune -o -type f -newer "$built" -print -quit)" ]; then
    return 0
  fi
  npm --prefix miniapp run --silent build:h5
}

# ---- Stages -----------------------------------------------------------------------------------------------------

passed=0
failed=0
failures=()

# stage NAME COUNTER COMMAND…: runs a command, shows its seconds, and adds up what it says it counted.
# COUNTER is `one` for a check that counts as one, or a function that reads the output and prints "passed failed".
stage() {
  local name=$1 counter=$2 start=$SECONDS log status=0 good=0 bad=0
  shift 2
  log=$(mktemp)
  printf '── %s\n' "$name"
  "$@" 2>&1 | tee "$log" | show "$counter" || status=$?
  read -r good bad < <("count_$counter" "$log" "$status")
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ "$status" -eq 0 ] && [ "$((good + bad))" -eq 0 ]; then
    say "   it ended well but counted nothing: that is a failure"
    bad=1
  fi
  if [ "$bad" -ne 0 ] && [ "$counter" = one ]; then tail -n 60 "$log"; fi
  rm -f "$log"
  passed=$((passed + good))
  failed=$((failed + bad))
  if [ "$bad" -ne 0 ]; then failures+=("$name"); fi
  printf '   %s: %d passed, %d failed, %d s\n' "$name" "$good" "$bad" "$((SECONDS - start))"
}

# show COUNTER: the output of checks is shown only when they fail; that of tests always, without the lines that pass.
show() {
  if [ "$1" = one ]; then cat >/dev/null; else grep -vE '^test .* \.\.\. (ok|ignored.*)$|^$|^running [0-9]+ tests?$' || true; fi
}

count_one() { if [ "$2" -eq 0 ]; then echo "1 0"; else echo "0 1"; fi; }

# cargo test: "test result: ok. 12 passed; 0 failed; …", once per test program.
count_cargo() {
  awk '/^test result:/ { for (i = 2; i < NF; i++) { if ($(i + 1) ~ /^passed;/) p += $i; if ($(i + 1) ~ /^failed;/) f += $i } }
       END { print p + 0, f + 0 }' "$1"
}

# vitest: "      Tests  1 failed | 11 passed (12)".
count_vitest() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '/^ *Tests  / { for (i = 1; i < NF; i++) { if ($(i + 1) == "passed") p += $i; if ($(i + 1) == "failed") f += $i } }
       END { print p + 0, f + 0 }'
}

# node --test, and tests of our own that end with "N passed, N failed".
count_node() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '/^(#|ℹ) pass [0-9]+/ { p += $3 } /^(#|ℹ) fail [0-9]+/ { f += $3 }
       /^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3 } END { print p + 0, f + 0 }'
}

# beside LANE FUNCTION: runs stages in the background, on whatever core the others leave idle. `joined LANE` waits for
# them, shows what they said, and adds what they counted.
declare -A lane_folder lane_pid
beside() {
  local lane=$1
  shift
  lane_folder[$lane]=$(mktemp -d)
  apart "${lane_folder[$lane]}/counts" "$@" >"${lane_folder[$lane]}/said" 2>&1 &
  lane_pid[$lane]=$!
}

# apart FILE FUNCTION: runs stages in a process of their own, and writes down what they counted.
apart() {
  local counts=$1
  shift
  passed=0 failed=0 failures=()
  "$@"
  {
    printf '%d %d\n' "$passed" "$failed"
    if [ "${#failures[@]}" -ne 0 ]; then printf '%s\n' "${failures[@]}"; fi
  } >"$counts"
}

joined() {
  local folder=${lane_folder[$1]} good=0 bad=1 names=() status=0
  wait "${lane_pid[$1]}" || status=$?
  cat "$folder/said"
  if [ "$status" -eq 0 ]; then
    { read -r good bad && mapfile -t names; } <"$folder/counts"
  else
    names=("stages beside the others: $1")
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  if [ "${#names[@]}" -ne 0 ]; then failures+=("${names[@]}"); fi
  rm -rf "$folder"
}

# The one line at the end, and the exit code.
total() {
  if [ "${#failures[@]}" -ne 0 ]; then printf 'failed: %s\n' "${failures[@]}"; fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
