#!/usr/bin/env bash
# The demonstration: one hire, told in plain words, on a host and sandbox of its own.
#
# demo.sh <build folder> [--once]
# Ends with status 0 only when everything it tells was seen to be true.
set -euo pipefail

build=$(cd "$1" && pwd)
shift
once=false
[[ ${1:-} == --once ]] && once=true
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
host_pid='' sandbox_pid='' failures=0

cleanup() {
  [[ -z $host_pid ]] || { kill "$host_pid" 2>/dev/null && wait "$host_pid" 2>/dev/null; } || true
  [[ -z $sandbox_pid ]] || { kill "$sandbox_pid" 2>/dev/null && wait "$sandbox_pid" 2>/dev/null; } || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
line() { printf '   %s\n' "$*"; }
# expect <what> <condition…>: says it when it is true, counts it when it is not.
expect() {
  local what=$1
  shift
  if "$@"; then
    printf '   \033[32m✓\033[0m %s\n' "$what"
  else
    printf '   \033[31m✗ not true: %s\033[0m\n' "$what"
    failures=$((failures + 1))
  fi
}
# eventually <seconds> <command…>: repeats it until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}
# Below the ports that the system lends to outgoing connections, so that none of them is taken in the meantime.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
}
control() { curl -sS --max-time 10 -X "$1" "$control$2" ${3:+-d "$3"}; }
crosswalk() { "$build/bin/crosswalk" --config "$work/config" "$@"; }

# ---- the vendors, the configuration, the host ----------------------------------------------------------------------
step "Starting the vendor sandbox and the host"
"$build/bin/crosswalk-sandbox" --port 0 >"$work/sandbox.out" 2>"$work/sandbox.log" &
sandbox_pid=$!
eventually 10 test -s "$work/sandbox.out"
control=$(jq -r .control "$work/sandbox.out")
vendors=${control%/control}

hooks_port=$(free_port) admin_port=$(free_port)
cp -r "$here/../../config/demo" "$work/config"
sed -i "s#http://127.0.0.1:8480#$vendors#" "$work"/config/connections/*.yaml
sed -i "s#:8470#:$hooks_port#; s#:8471#:$admin_port#" "$work/config/crosswalk.yaml"
(
  umask 077
  mkdir "$work/config/secrets"
  printf %s lever-sandbox-key >"$work/config/secrets/lever-api-key"
  printf %s goco-sandbox-key >"$work/config/secrets/goco-api-key"
  head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/config/secrets/lever-hired-token"
  head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/config/secrets/admin-token"
)
crosswalk validate | sed 's/^/   /'
"$build/bin/crosswalk" --config "$work/config" run >"$work/host.log" 2>&1 &
host_pid=$!
ready() { curl -sf --max-time 2 "http://127.0.0.1:$admin_port/readyz" >/dev/null; }
if ! eventually 15 ready; then
  printf '   The host did not become ready. Its log:\n' && cat "$work/host.log"
  exit 1
fi
line "The host is ready (http://127.0.0.1:$admin_port/readyz)"

webhook=http://127.0.0.1:$hooks_port/hooks/lever
control POST /lever/webhooks \
  "{\"event\":\"candidateHired\",\"url\":\"$webhook\",\"signature_token\":\"$(<"$work/config/secrets/lever-hired-token")\"}" >/dev/null
control POST /lever/webhooks/settings '{"tries":5,"retry_gap_ms":200}' >/dev/null
line "Lever sends candidateHired to $webhook"
verified() { control POST /lever/webhooks/verify '{}' | jq -e 'all(.results[]; .verified)' >/dev/null; }
expect "Lever's \"Verify Connection\" succeeded: signed, and the route runs" verified

# ---- one hire ------------------------------------------------------------------------------------------------------
employees() { control GET "/goco/employees?first_name=$1&last_name=$2"; }
employee_count_is() { [[ $(employees "$1" "$2" | jq .count) == "$3" ]]; }
note_with() { control GET "/lever/notes?opportunity=$1" | jq -e --arg text "$2" 'any(.notes[]; .value | contains($text))' >/dev/null; }
new_candidate() { control POST /lever/candidates "$1" | jq -r .opportunity_id; }
hire() { control POST "/lever/candidates/$1/hire" '{}' | jq -r '.deliveries[0]'; }

step "Ada Example is marked as hired in Lever"
ada=$(new_candidate '{"name":"Ada Example","email":"ada.example@example.com","phone":"+1 555 0100",
  "offer":{"job_title":"Support Engineer","direct_manager":"ac92b6db-6e40-4b08-ae7b-236ba24f0a82"}}')
delivery=$(hire "$ada")
received() { control GET "/lever/deliveries/$1?wait_ms=2000" | jq -e '.state == "received"' >/dev/null; }
expect "the webhook was verified, stored and acknowledged" eventually 10 received "$delivery"
expect "the employee exists in GoCo" eventually 15 employee_count_is Ada Example 1
employees Ada Example | jq -r '.employees[0] | to_entries[] | select(.value != null and .value != "") | "     \(.key): \(.value)"'
expect "a note in Lever says that the hire was exported" eventually 15 note_with "$ada" "Exported to GoCo"

step "Lever sends the same webhook again"
control POST "/lever/webhooks/rerun/$delivery" '{}' >/dev/null
duplicate() { curl -sS "http://127.0.0.1:$admin_port/metrics" | grep -q 'webhooks_total{result="duplicate"} 1'; }
expect "it was acknowledged and recognised" eventually 10 duplicate
expect "there is still one employee" employee_count_is Ada Example 1

step "Another Ada Example is hired"
twin=$(new_candidate '{"name":"Ada  example","email":"ada.two@example.com"}')
hire "$twin" >/dev/null
expect "a note in Lever says why nothing was created" eventually 15 note_with "$twin" "duplicate"
expect "there is still one employee" employee_count_is Ada Example 1

step "Ben Example is hired, but has no e-mail address"
ben=$(new_candidate '{"name":"Ben Example"}')
hire "$ben" >/dev/null
expect "a note in Lever names the missing field and how to fix it" eventually 15 note_with "$ben" "personal_email"
expect "nothing was sent to GoCo" employee_count_is Ben Example 0

# ---- what people see -----------------------------------------------------------------------------------------------
step "crosswalk events list"
crosswalk events list | sed 's/^/   /'
step "crosswalk events explain 1"
crosswalk events explain 1 | sed 's/^/   /'
step "Everything that came in is accounted for"
accounted() {
  curl -sS -H "Authorization: Bearer $(<"$work/config/secrets/admin-token")" \
    "http://127.0.0.1:$admin_port/api/v1/conservation" | tee "$work/conservation" | jq -e '.difference == 0' >/dev/null
}
expect "received = held + delivered + duplicate + skipped + filtered + dead" accounted
line "$(<"$work/conservation")"

if $once; then
  step "Stopping"
  kill -TERM "$host_pid"
  status=0
  wait "$host_pid" || status=$?
  host_pid=''
  expect "the host drained and ended with status 0" test "$status" = 0
else
  step "It stays up; Ctrl-C ends it"
  line "configuration   $work/config"
  line "log             $work/host.log"
  line "try             $build/bin/crosswalk --config $work/config events show 1"
  line "the vendors     $control (tests/sandbox/README.md)"
  wait "$host_pid" || true
fi
((failures == 0)) || { printf '\n%s of the statements above were not true. The log of the host:\n' "$failures" && cat "$work/host.log"; }
exit $((failures > 0))
