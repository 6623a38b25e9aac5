#!/usr/bin/env bash
# How fast, how small: every figure beside its baseline, measured in the same run, the two sides in turn.
#
# bench.sh <build folder> [--full] [--pairs N]
# --full takes 5 pairs for each ratio instead of 3. The status says only whether it could measure, never how fast it was.
#
# Accepts are counted on the real program with Lever's connector, each webhook with its own signature and id, the store
# new for every run. The connection is paused, as it is when Lever refuses the credential, so that webhooks are verified,
# stored and acknowledged and nothing else runs; the row "webhook to employee" is the whole way.
set -euo pipefail

build=$(cd "$1" && pwd)
shift
pairs=3
while (($# > 0)); do
  case $1 in
    --full) pairs=5 ;;
    --pairs) pairs=$2 && shift ;;
    *) echo "bench.sh: unknown argument '$1'" >&2 && exit 64 ;;
  esac
  shift
done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "$build/bench.XXXXXX") # beside the build: /tmp may be memory, and the disk is half of what is measured
host_pid='' echo_pid='' sandbox_pid=''
warm_up_s=1 run_s=3 hires=600000
signature_token=bench-signature-token

stop() { [[ -z $1 ]] || { kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; } || true; }
cleanup() {
  local status=$?
  if ((status != 0)) && [[ -s $work/host.log ]]; then tail -n 5 "$work/host.log" >&2; fi
  stop "$host_pid" && stop "$echo_pid" && stop "$sandbox_pid"
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

give_up() { echo "bench: $*" >&2 && exit 70; }
# eventually <seconds> <command…>: repeats it until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.02
  done
}
free_port() {
  local port
  while port=$((20000 + RANDOM % 20000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
}
# calculate <expression of awk>, and yes_if <condition of awk>
calculate() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }
yes_if() { awk "BEGIN { print (($1) ? \"yes\" : \"NO\") }"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
range() { sort -g | awk 'NR == 1 { low = $1 } END { print low " to " $1 }'; }
row() {
  local IFS='|'
  echo "$*" >>"$work/table"
}

# ---- the two sides -------------------------------------------------------------------------------------------------
curl_host() { curl -sS --max-time 5 -H "Authorization: Bearer bench" "http://127.0.0.1:$admin_port$1" "${@:2}"; }
metric() { curl_host /metrics | awk -v name="$1" '$1 == name { printf "%d", $2 }'; }
ready() { curl -sf --max-time 2 "http://127.0.0.1:$admin_port/readyz" >/dev/null; }
paused() { curl_host /api/v1/connections | jq -e 'any(.connections[]; .connection == "lever" and .state == "paused")' >/dev/null; }

# configure <Lever API key>: a folder of its own for the host
configure() {
  rm -rf "$work/config"
  cp -r "$here/../../config/demo" "$work/config"
  hooks_port=$(free_port) admin_port=$(free_port)
  sed -i "s#http://127.0.0.1:8480#$vendors#" "$work"/config/connections/*.yaml
  for connection in lever goco; do echo 'requests_per_second: 10000' >>"$work/config/connections/$connection.yaml"; done
  sed -i "s#:8470#:$hooks_port#; s#:8471#:$admin_port#" "$work/config/crosswalk.yaml"
  (
    umask 077
    mkdir "$work/config/secrets"
    printf %s "$1" >"$work/config/secrets/lever-api-key"
    printf %s goco-sandbox-key >"$work/config/secrets/goco-api-key"
    printf %s "$signature_token" >"$work/config/secrets/lever-hired-token"
    printf %s bench >"$work/config/secrets/admin-token"
  )
}
launch_host() {
  stop "$host_pid"
  rm -f "$work"/config/crosswalk.db*
  "$build/bin/crosswalk" --config "$work/config" run >"$work/host.log" 2>&1 &
  host_pid=$!
}
fresh_host() {
  launch_host
  eventually 15 ready || give_up "the host did not start"
}
# One webhook whose details Lever refuses to give pauses the connection.
fresh_paused_host() {
  fresh_host
  head -c "$request_bytes" "$work/hires" | tail -c "$body_bytes" |
    curl -sS --max-time 5 -o /dev/null -H 'Content-Type: application/json' --data-binary @- "http://127.0.0.1:$hooks_port/hooks/lever"
  eventually 10 paused || give_up "the connection was not paused"
}

# load <port> <clients> <seconds> <requests to leave out>: wrk's line, with its own share of one core
load() {
  local TIMEFORMAT='%U %S'
  { time wrk -t1 -c"$2" -d"$3"s -s "$here/hires.lua" "http://127.0.0.1:$1/hooks/lever" -- "$work/hires" "$request_bytes" "$4" \
    >"$work/wrk.out" 2>"$work/wrk.err"; } 2>"$work/wrk.time" || give_up "wrk: $(<"$work/wrk.err")"
  read -r user system <"$work/wrk.time"
  tail -n 1 "$work/wrk.out" | jq -c --argjson cpu "$(calculate "$user + $system")" \
    '. + {per_s: (.requests * 1e6 / .duration_us | round), client: ($cpu * 1e8 / .duration_us | round)}'
}
measure_echo() {
  load "$echo_port" "$1" "$warm_up_s" 1 >/dev/null
  load "$echo_port" "$1" "$run_s" 1 >"$work/echo"
}
# The answers that arrive after wrk has stopped counting make the next run start a few requests later.
measure_host() {
  fresh_paused_host
  load "$hooks_port" "$1" "$warm_up_s" 1 >/dev/null
  local before commits writes
  before=$(($(metric 'crosswalk_ingest_webhooks_total{result="accepted"}') + $1 + 1))
  commits=$(metric crosswalk_store_commits) writes=$(metric crosswalk_store_writes)
  load "$hooks_port" "$1" "$run_s" "$before" >"$work/accepts"
  commits=$(($(metric crosswalk_store_commits) - commits)) writes=$(($(metric crosswalk_store_writes) - writes))
  jq -c --argjson commits "$commits" --argjson writes "$writes" \
    --argjson duplicates "$(metric 'crosswalk_ingest_webhooks_total{result="duplicate"}')" \
    '. + {$commits, batch: (10 * $writes / ([$commits, 1] | max) | round / 10), $duplicates}' "$work/accepts" >"$work/ours"
}
measure_flush() { "$build/bin/crosswalk-bench-disk" "$work" | tee -a "$work/flushes" >/dev/null; }
# pairs_at <clients>: prints each pair and leaves them in $work/pairs.<clients>
pairs_at() {
  local clients=$1 i
  printf '\n%s clients   load of the machine %s\n' "$clients" "$(cut -d' ' -f1 /proc/loadavg)"
  for ((i = 1; i <= pairs; ++i)); do
    measure_flush
    measure_echo "$clients"
    measure_host "$clients"
    jq -e '.not_2xx == 0 and .socket_errors == 0' "$work/ours" >/dev/null || give_up "not every answer was 200: $(<"$work/ours")"
    jq -e '.duplicates == 0' "$work/ours" >/dev/null || give_up "webhooks were sent twice: $(<"$work/ours")"
    jq -n -c --slurpfile echo "$work/echo" --slurpfile ours "$work/ours" \
      '{echo: $echo[0], ours: $ours[0], ratio: ($ours[0].per_s / $echo[0].per_s)}' |
      tee -a "$work/pairs.$clients" |
      jq -r '"  echo \(.echo.per_s)/s p50 \(.echo.p50_us) p99 \(.echo.p99_us) us · accepts \(.ours.per_s)/s p50 \(.ours.p50_us) p99 \(.ours.p99_us) us · " +
        "ratio \(.ratio * 1000 | round / 1000) · \(.ours.commits) commits of \(.ours.batch) · client \(.echo.client) % and \(.ours.client) % of a core"'
  done
}
of() { jq "$2" "$work/pairs.$1"; }
ratio_row() {
  local name=$1 clients=$2 must=$3 ratio
  ratio=$(of "$clients" .ratio | median)
  row "$name" "$(of "$clients" .ours.per_s | median)/s" "$(of "$clients" .echo.per_s | median)/s" \
    "$(calculate "$ratio") ($(of "$clients" '.ratio * 100 | round / 100' | range))" ">= $must" "$(yes_if "$ratio >= $must")"
}

# ---- preparation ---------------------------------------------------------------------------------------------------
"$build/bin/crosswalk-sandbox" --port 0 >"$work/sandbox.out" 2>"$work/sandbox.log" &
sandbox_pid=$!
"$build/bin/crosswalk-bench-echo" >"$work/echo.out" &
echo_pid=$!
eventually 10 test -s "$work/sandbox.out" || give_up "the sandbox did not start"
eventually 10 test -s "$work/echo.out" || give_up "the echo server did not start"
control=$(jq -r .control "$work/sandbox.out") echo_port=$(jq .port "$work/echo.out")
vendors=${control%/control}
"$build/bin/crosswalk-bench-hires" "$hires" "$signature_token" "$work/hires" >"$work/hires.out"
request_bytes=$(jq .request_bytes "$work/hires.out") body_bytes=$(jq .body_bytes "$work/hires.out")
measure_flush

echo "machine    $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "payload    candidateHired, $body_bytes bytes of $request_bytes with the header; client, servers and disk share the machine"
echo "disk       4 KiB append and flush: p50 $(jq .p50_us "$work/flushes") us, p99 $(jq .p99_us "$work/flushes") us"
echo "each run   $warm_up_s s to warm up and $run_s s measured, a new store, sides in turn, $pairs pairs"

# ---- accepts beside the echo ---------------------------------------------------------------------------------------
configure refused-key
for clients in 64 16 1; do pairs_at "$clients"; done
ratio_row "P1  durable accepts, 64 clients / Poco echo" 64 0.60
ratio_row "P3  durable accepts, 16 clients / Poco echo" 16 0.45
ours_us=$(of 1 .ours.p50_us | median) echo_us=$(of 1 .echo.p50_us | median) flush_us=$(jq .p50_us "$work/flushes" | median)
row "P4  accept, 1 client, p50 over the echo's / flush" "$(calculate "$ours_us - $echo_us" 0) us" "$flush_us us" \
  "$(calculate "($ours_us - $echo_us) / $flush_us")" "<= 2" "$(yes_if "$ours_us - $echo_us <= 2 * $flush_us")"

# ---- the whole way -------------------------------------------------------------------------------------------------
configure lever-sandbox-key
fresh_host
whole_way=200
to_vendor() { curl -sS --max-time 30 -X "$1" "$control$2" ${3:+-d "$3"}; }
created() { (($(to_vendor GET '/requests?vendor=goco&method=POST&status=201&last=1' | jq .matching) >= whole_way)); }
to_vendor POST /lever/settings '{"rate_per_s":0}' >/dev/null
to_vendor POST /lever/webhooks \
  "{\"event\":\"candidateHired\",\"url\":\"http://127.0.0.1:$hooks_port/hooks/lever\",\"signature_token\":\"$signature_token\"}" >/dev/null
to_vendor POST /lever/stream "{\"count\":$whole_way,\"concurrency\":1,\"gap_ms\":20,\"name_prefix\":\"Bench\"}" >/dev/null
eventually 120 created || give_up "not every hire became an employee"
# Hires come one at a time, so the n-th webhook is the n-th employee.
to_vendor GET "/lever/deliveries?event=candidateHired&last=$whole_way" | jq '.deliveries[].attempts[0].at' | sort -n >"$work/sent"
to_vendor GET "/requests?vendor=goco&method=POST&status=201&last=$whole_way" | jq '.requests[].at' | sort -n >"$work/created"
paste "$work/sent" "$work/created" | awk '{ print $2 - $1 }' | sort -n >"$work/took"
row "    webhook to employee in GoCo, p50 and p99, $whole_way hires" \
  "$(awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] " and " v[int(NR * 0.99)] " ms" }' "$work/took")" - - - -

# ---- at rest -------------------------------------------------------------------------------------------------------
switches() { cat /proc/"$host_pid"/task/*/status | awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'; }
fresh_host
sleep 2
before=$(switches)
sleep 10
wake_ups=$(calculate "($(switches) - $before) / 10" 1)
rss_mb=$(awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$host_pid/status")
row "P14 memory at rest, two connectors" "$rss_mb MB" - - "<= 40" "$(yes_if "$rss_mb <= 40")"
row "P17 wake-ups at rest, two listeners" "$wake_ups /s" - - "<= 12" "$(yes_if "$wake_ups <= 12")"

# ---- start ---------------------------------------------------------------------------------------------------------
# Over bash's own sockets: starting curl takes as long as what is measured.
answers_ready() {
  local answer=''
  { exec 3<>"/dev/tcp/127.0.0.1/$admin_port"; } 2>/dev/null || return 1
  printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
  IFS= read -r -t 2 answer <&3 || true
  exec 3>&-
  [[ $answer == "HTTP/1.1 200"* ]]
}
for _ in {1..10}; do
  stop "$host_pid" && host_pid=''
  begin=${EPOCHREALTIME/./}
  launch_host
  end=$((SECONDS + 10))
  until answers_ready; do ((SECONDS < end)) || give_up "the host did not start"; done
  echo $((${EPOCHREALTIME/./} - begin)) >>"$work/starts"
done
start_ms=$(calculate "$(median <"$work/starts") / 1000" 0)
row "P16 exec to /readyz, new store, median of 10" "$start_ms ms" - - "<= 200" "$(yes_if "$start_ms <= 200")"
stop "$host_pid" && host_pid=''

# ---- hooks ---------------------------------------------------------------------------------------------------------
hooks=$("$build/bin/crosswalk-bench-hooks" "$build/connectors" "$work/hires" "$request_bytes" "$signature_token")
verify=$(jq .verify_per_s <<<"$hooks") map=$(jq .map_per_s <<<"$hooks")
row "P18 Lever's webhook verified, per second and core" "$verify/s" - - ">= 500000" "$(yes_if "$verify >= 500000")"
row "P18 GoCo's map hook, $(jq .map_fields <<<"$hooks") fields, per second and core" "$map/s" - - ">= 200000" "$(yes_if "$map >= 200000")"

printf '\n'
{ echo "metric|value|baseline|ratio (range)|must|reached" && cat "$work/table"; } |
  awk -F'|' '{ printf "%-62s %-16s %-12s %-22s %-10s %s\n", $1, $2, $3, $4, $5, $6 }'
printf '\nAppend and flush beside it: p50 %s us (%s), p99 %s us (%s).\n' \
  "$(jq .p50_us "$work/flushes" | median)" "$(jq .p50_us "$work/flushes" | range)" \
  "$(jq .p99_us "$work/flushes" | median)" "$(jq .p99_us "$work/flushes" | range)"
load=$(cut -d' ' -f2 /proc/loadavg)
[[ $(yes_if "$load > 2 * $(nproc)") == NO ]] ||
  echo "Other programs kept the machine busy (load $load): the two sides did not get equal shares, so repeat it before quoting it."
