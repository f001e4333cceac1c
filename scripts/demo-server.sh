#!/usr/bin/env bash
# A served demo of our own in a temporary folder, on a free port; gone with the script that sourced this, which calls
# `start_demo`. Sets LINLI_URL. Sourced after lib.sh.

demo_folder=
demo_pid=

stop_demo() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$demo_pid" ]; then
    kill "$demo_pid" 2>/dev/null || true
    wait "$demo_pid" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -f "$demo_folder/log" ]; then grep -E 'WARN|ERROR' "$demo_folder/log" | tail -n 30 >&2 || true; fi
  if [ -n "$demo_folder" ]; then rm -rf "$demo_folder"; fi
  exit "$status"
}

# One that ends before it listens says why, and is begun once more.
start_demo() {
  local try
  demo_folder=$(mktemp -d "${TMPDIR:-/tmp}/linli-demo.XXXXXX")
  trap stop_demo EXIT INT TERM
  for try in 1 2; do
    if serve_demo; then return 0; fi
    say "the demo did not start (try $try of 2):" >&2
    tail -n 20 "$demo_folder/log" >&2
  done
  die "the demo did not start"
}

# serve_demo: begins the server and waits until it answers.
serve_demo() {
  local address _
  LINLI_SERVER__LISTEN=127.0.0.1:0 LINLI_DATABASE__URL="sqlite://$demo_folder/linli.sqlite3" \
    target/debug/linli serve >"$demo_folder/out" 2>"$demo_folder/log" &
  demo_pid=$!
  for _ in $(seq 300); do
    kill -0 "$demo_pid" 2>/dev/null || return 1
    address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$demo_folder/out" | head -n 1 || true)
    if [ -n "$address" ] && node -e "fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))" "$address/readyz"; then
      export LINLI_URL=$address
      return 0
    fi
    sleep 0.1
  done
  die "the demo did not become ready"
}

# log_in PHONE: prints a token.
log_in() {
  node -e '
    const [url, phone] = process.argv.slice(1)
    const post = async (path, body) => {
      const answer = await fetch(url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(path + ": " + answer.status + " " + (await answer.text()))
      return answer.json()
    }
    post("/api/login/code", { phone })
      .then(({ demo_code }) => post("/api/login", { phone, code: demo_code }))
      .then(({ token }) => console.log(token))
      .catch((error) => { console.error(error.message); process.exit(1) })
  ' "$LINLI_URL" "$1"
}
