#!/usr/bin/env bash
# Tries the served interface against its own description: no 5xx, and nothing that the description does not say.
# As a stranger, as a resident and as staff of the district. Each operation counts as one, and so do the chains of them.
. "$(dirname "$0")/lib.sh"
. scripts/demo-server.sh

tool=$PWD/$(python_tool schemathesis==4.32.5 schemathesis)
start_demo
phones=$(node -e '
  fetch(process.argv[1] + "/api/service").then((answer) => answer.json()).then(({ demo_logins }) => {
    const of = (word) => demo_logins.find((one) => one.role.en.toLowerCase().includes(word))?.phone
    console.log([of("resident"), of("district")].join(" "))
  })' "$LINLI_URL")
read -r resident staff <<<"$phones"
# Before anything is tried: what is tried in vain uses up what an address may try.
resident_token=$(log_in "$resident")
staff_token=$(log_in "$staff")

status=0
# tried NAME TOKEN: what would end the login it is tried with is left to the stranger.
tried() {
  local name=$1 token=$2 only=() operation
  if [ -n "$token" ]; then
    only=(-H "Authorization: Bearer $token")
    for operation in logout end_login end_other_logins close_account; do only+=(--exclude-operation-id "$operation"); done
  fi
  # In a folder of its own, since it keeps a cache where it is started.
  if ! env -C "$demo_folder" "$tool" run "$LINLI_URL/openapi.json" --url "$LINLI_URL/api" "${only[@]}" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing,stateful --max-examples "${LINLI_EXAMPLES:-10}" --seed 1 --workers 1 \
    --request-timeout 40 --warnings off --no-color \
    --report junit --report-junit-path "$demo_folder/$name.xml" >"$demo_folder/$name.txt" 2>&1; then
    status=1
    say "as $name:"
    cut -c1-400 "$demo_folder/$name.txt" | tail -n 200
  fi
}

tried stranger ''
tried resident "$resident_token"
tried staff "$staff_token"

# The reports count one test per operation.
node scripts/junit.mjs "$demo_folder"/{stranger,resident,staff}.xml
exit "$status"
