#!/usr/bin/env bash
# Tries the served interface against its own description: no 5xx, and nothing that the description does not say.
# As a stranger, as a resident and as staff of the district. Each operation counts as one.
. "$(dirname "$0")/lib.sh"
. scripts/demo-server.sh

tool=$(python_tool schemathesis==4.32.5 schemathesis)
start_demo
phones=$(node -e '
  fetch(process.argv[1] + "/api/service").then((answer) => answer.json()).then(({ demo_logins }) => {
    const of = (word) => demo_logins.find((one) => one.role.en.toLowerCase().includes(word))?.phone
    console.log([of("resident"), of("district")].join(" "))
  })' "$LINLI_URL")
read -r resident staff <<<"$phones"

status=0
# tried NAME TOKEN: what would end the login it is tried with is left to the stranger.
tried() {
  local name=$1 token=$2 only=()
  if [ -n "$token" ]; then
    only=(-H "Authorization: Bearer $token" --exclude-path-regex '^/api/(logout|me/logins)' --exclude-by "\$method == 'DELETE' && \$path == '/api/me'")
  fi
  say "as $name"
  "$tool" run "$LINLI_URL/openapi.json" --url "$LINLI_URL" "${only[@]}" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --max-examples "${LINLI_EXAMPLES:-10}" --seed 1 --workers 2 --request-timeout 10 \
    --report junit --report-junit-path "$demo_folder/$name.xml" --no-color >"$demo_folder/$name.txt" 2>&1 || {
    status=1
    tail -n 120 "$demo_folder/$name.txt"
  }
}

tried stranger ''
tried resident "$(log_in "$resident")"
tried staff "$(log_in "$staff")"

# The reports count one test per operation.
node scripts/junit.mjs "$demo_folder"/{stranger,resident,staff}.xml
exit "$status"
