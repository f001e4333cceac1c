#!/usr/bin/env bash
# The stages that checks are made of. Sourced after lib.sh.
#
# One profile and one set of features for all of them, so that nothing is compiled twice: every stage names the whole
# workspace, and targets that bring the features of the tests along.

stage_format() { stage "format" one cargo fmt --all --check; }
stage_lints() { stage "lints" one cargo clippy --locked --workspace --all-targets -- -D warnings; }
stage_deny() { stage "licences, bans, sources" one bash scripts/deny.sh; }
stage_build() { stage "build" one cargo build --locked --workspace --lib --bins --tests; }
stage_scripts() {
  if command -v shellcheck >/dev/null 2>&1; then stage "scripts" one shellcheck -x -P scripts scripts/*.sh .ci/run; fi
}

# Every crate's own tests. Those of the outside start a Redis of their own.
stage_unit() {
  need redis-server redis-server
  stage "unit tests" cargo cargo test --locked --workspace --lib --bins --test edge
}

# The clients of the outside, and the calendars we write, against programs of other people.
stage_peers() {
  need python3 python3-venv
  stage "other people's clients" cargo cargo test --locked --workspace --test edge -- --ignored
  stage "other people's calendars" cargo cargo test --locked --workspace --test linli -- --ignored peers::
}

# The tests that need the whole house; a name that ends in ::postgres runs on PostgreSQL with Redis.
stage_house() { TMPDIR=$(quick_folder) stage "$1" cargo cargo test --locked --workspace --test linli -- "${@:2}"; }

stage_miniapp_packages() { stage "miniapp: packages" one npm_packages miniapp; }

stage_miniapp_quick() {
  stage_miniapp_packages
  stage "miniapp: types" one npm --prefix miniapp run --silent typecheck
  stage "miniapp: tests" vitest npm --prefix miniapp test --silent
}

stage_interface_types() { stage "miniapp: interface types" one bash scripts/api-types.sh --check; }

# What the browser opens.
stage_web_page() {
  stage_miniapp_packages
  stage "miniapp: web page" one npm --prefix miniapp run --silent build:h5
  stage "miniapp: web page, weight and strangers" one npm --prefix miniapp run --silent check:h5
}

stage_mini_program() {
  stage "miniapp: mini-program" one npm --prefix miniapp run --silent build:mp
  stage "miniapp: Tencent's compiler" one npm --prefix miniapp run --silent check:mp
  stage "miniapp: pages in WeChat's engine" node npm --prefix miniapp run --silent test:mp
}

need_browser() {
  need chromium chromium
  need_font
}

stage_browser() {
  stage "browser: packages" one npm_packages tests/browser
  stage "browser" node npm --prefix tests/browser test --silent
}

stage_schemathesis() { stage "interface against its description" node bash scripts/schemathesis.sh; }
