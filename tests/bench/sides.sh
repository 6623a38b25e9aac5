# The two sides: Crosswalk with a configuration of its own, and what stands beside it. Sourced by bench.sh.

curl_host() { curl -sS --max-time 30 -H "Authorization: Bearer bench" "http://127.0.0.1:$admin_port$1" "${@:2}"; }
metric() { curl_host /metrics | awk -v name="$1" '$1 == name { printf "%d", $2 }'; }
ready() { curl -sf --max-time 2 "http://127.0.0.1:$admin_port/readyz" >/dev/null; }
paused() { curl_host /api/v1/connections | jq -e 'any(.connections[]; .connection == "lever" and .state == "paused")' >/dev/null; }

secret() { (umask 077 && mkdir -p "$work/config/secrets" && printf %s "$2" >"$work/config/secrets/$1"); }
new_config() {
  rm -rf "$work/config"
  mkdir -p "$work"/config/{connections,routes}
  hooks_port=$(free_port) admin_port=$(free_port)
  secret admin-token bench
  secret hired-token "$signature_token"
}
workspace() { # workspace <connectors as YAML> [<more of the file>]
  cat >"$work/config/crosswalk.yaml" <<YAML
version: 1
listen:
  hooks: { address: "127.0.0.1:$hooks_port"${listen_more:-} }
  admin: { address: "127.0.0.1:$admin_port", token: "secret:file/admin-token" }
store: { path: crosswalk.db }
connectors: { $1 }
limits: { connections_max: 2000, inbox_pending_max: 10000000 }
YAML
}

# Webhooks of Lever's connector, which cannot fetch anything: its key is refused, so the connection is paused after the
# first and webhooks are verified, stored and acknowledged, and nothing else runs.
configure_accepts() {
  new_config
  secret lever-api-key refused-key
  secret goco-api-key goco-sandbox-key
  workspace "lever: { enabled: true }, goco: { enabled: true }"
  cat >"$work/config/connections/lever.yaml" <<YAML
connection: lever
connector: lever
settings:
  base_url: "$vendors/lever/v1"
  auth: { type: api_key, api_key: "secret:file/lever-api-key" }
  webhooks: { candidateHired: { signature_token: "secret:file/hired-token" } }
YAML
  cat >"$work/config/connections/goco.yaml" <<YAML
connection: goco
connector: goco
settings: { base_url: "$vendors/goco", allow_insecure: true, company: acme-demo, api_key: "secret:file/goco-api-key" }
YAML
  cat >"$work/config/routes/lever-to-goco.yaml" <<YAML
route: lever-to-goco
title: From Lever to GoCo
enabled: true
from: { connection: lever, event: candidate.hired }
to: { connection: goco, action: create_employee }
YAML
}
relay_connection() { # relay_connection <name> <base_url> [<more>]
  cat >"$work/config/connections/$1.yaml" <<YAML
connection: $1
connector: relay
settings: { base_url: "$2", signature_token: "secret:file/hired-token" }
${3:-}
YAML
}
relay_route() { # relay_route <from> <to>
  cat >"$work/config/routes/$1-to-$2.yaml" <<YAML
route: $1-to-$2
title: From $1 to $2
enabled: true
from: { connection: $1, event: candidate.hired }
to: { connection: $2, action: create_person }
require: [first_name, last_name, personal_email]
YAML
}
# The whole way: a webhook of the relay connector, mapped and posted once to the sink.
configure_whole_way() {
  new_config
  workspace "relay: { enabled: true, library: $build/bench/relay.so }"
  relay_connection lever "http://127.0.0.1:$sink_port"
  relay_connection target "http://127.0.0.1:$sink_port"
  relay_route lever target
}

launch_host() { # launch_host [keep]: with a new store unless it is to be kept
  stop host
  [[ ${1:-} == keep ]] || rm -rf "$work"/config/crosswalk.db*
  "$build/bin/crosswalk" --config "$work/config" run >"$work/host.log" 2>&1 &
  pids[host]=$!
}
fresh_host() {
  launch_host "$@"
  eventually 60 ready || give_up "the host did not start"
}
one_webhook() { # one_webhook [<path>]: the first of the file, by curl
  head -c "$request_bytes" "$work/hires" | tail -c "$body_bytes" |
    curl -sSk --max-time 5 -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @- "${1:-http://127.0.0.1:$hooks_port/hooks/lever}"
}
fresh_paused_host() {
  fresh_host
  one_webhook "${hooks_url:-http://127.0.0.1:$hooks_port/hooks/lever}" >/dev/null
  eventually 10 paused || give_up "the connection was not paused"
}

start_sink() {
  stop sink
  : >"$work/sink.out"
  "$build/bin/crosswalk-bench-sink" >"$work/sink.out" &
  pids[sink]=$!
  eventually 10 test -s "$work/sink.out" || give_up "the sink did not start"
  sink_port=$(jq .port "$work/sink.out")
}
sink() { curl -sS --max-time 60 "http://127.0.0.1:$sink_port$1" "${@:2}"; }

# install_peer node-red|n8n: from the npm registry by npm, once for a build folder
install_peer() {
  local folder=$build/peers/$1
  mkdir -p "$folder"
  cp "$here/peers/$1"/* "$folder"
  [[ -f $folder/node_modules/.package-lock.json ]] && return # npm writes it last
  echo "bench: installing $1" >&2
  npm install --prefix "$folder" --no-audit --no-fund --loglevel=error >&2 || give_up "npm could not install $1"
}
node_red_answers() { [[ $(one_webhook "http://127.0.0.1:$node_red_port/hooks/lever" 2>/dev/null) == 200 ]]; }
fresh_node_red() { # fresh_node_red async|sync
  stop node_red
  node_red_port=$(free_port)
  (cd "$build/peers/node-red" && node flows.js "$1")
  BENCH_PORT=$node_red_port BENCH_SIGNATURE_TOKEN=$signature_token BENCH_SINK=http://127.0.0.1:$sink_port \
    node "$build/peers/node-red/node_modules/node-red/red.js" --userDir "$build/peers/node-red" \
    --settings "$build/peers/node-red/settings.js" >"$work/node-red.log" 2>&1 &
  pids[node_red]=$!
  eventually 30 node_red_answers || give_up "Node-RED did not start: $(tail -n 3 "$work/node-red.log")"
}

install_n8n() {
  install_peer n8n
  # The module that comes ready-made may want a newer C library than is here.
  (cd "$build/peers/n8n" && node -e 'require("sqlite3")' 2>/dev/null) ||
    npm rebuild sqlite3 --build-from-source --prefix "$build/peers/n8n" --loglevel=error >&2 || give_up "npm could not build sqlite3"
}
become_n8n() { # become_n8n <user folder> <command…>: in place of the shell that calls it
  set -a
  . "$build/peers/n8n/settings.env"
  N8N_USER_FOLDER=$1 exec node "$build/peers/n8n/node_modules/n8n/bin/n8n" "${@:2}"
}
# prepare_n8n async|sync makes the user folder of which fresh_n8n takes a copy: a database with the workflow published.
prepare_n8n() {
  BENCH_SIGNATURE_TOKEN=$signature_token node "$build/peers/n8n/workflow.js" "$1" >"$work/n8n.json"
  if ! { (become_n8n "$work/n8n.$1" import:workflow --input="$work/n8n.json") &&
    (become_n8n "$work/n8n.$1" publish:workflow --id=hires); } >"$work/n8n.log" 2>&1; then
    give_up "n8n did not take the workflow: $(tail -n 3 "$work/n8n.log")"
  fi
}
# While it starts n8n answers 200 to everything, so it is the sink that knows.
n8n_delivers() {
  one_webhook "http://127.0.0.1:$n8n_port/hooks/lever" >/dev/null 2>&1 || true
  (($(sink /counts | jq .people) > 0))
}
fresh_n8n() { # fresh_n8n async|sync
  stop n8n
  n8n_port=$(free_port)
  rm -rf "$work/n8n"
  cp -r "$work/n8n.$1" "$work/n8n"
  N8N_PORT=$n8n_port N8N_RUNNERS_BROKER_PORT=$(free_port) BENCH_SINK=http://127.0.0.1:$sink_port \
    become_n8n "$work/n8n" start >"$work/n8n.log" 2>&1 &
  pids[n8n]=$!
  eventually 120 n8n_delivers || give_up "n8n did not start: $(tail -n 3 "$work/n8n.log")"
}

# load <url> <clients> <seconds> <requests to leave out>: wrk's figures, with its own share of one core
load() {
  local TIMEFORMAT='%U %S'
  { time wrk -t1 -c"$2" -d"$3"s --timeout "$timeout_s"s -s "$here/hires.lua" "$1" -- "$work/hires" "$request_bytes" "$4" \
    >"$work/wrk.out" 2>"$work/wrk.err"; } 2>"$work/wrk.time" || give_up "wrk: $(<"$work/wrk.err")"
  read -r user system <"$work/wrk.time"
  tail -n 1 "$work/wrk.out" | jq -c --argjson cpu "$(calculate "$user + $system")" \
    '. + {per_s: (.requests * 1e6 / .duration_us | round), client: ($cpu * 1e8 / .duration_us | round)}'
}
pace() { "$build/bin/crosswalk-bench-client" pace "$@"; }
measure_flush() { "$build/bin/crosswalk-bench-disk" "$work" | tee -a "$work/flushes" >/dev/null; }

# measure_echo <clients> [<url>] and measure_accepts <clients> [<url>] leave {"per_s":…} in $work/echo and $work/ours.
measure_echo() {
  local url=${2:-http://127.0.0.1:$echo_port/hooks/lever}
  load "$url" "$1" "$warm_up_s" 1 >/dev/null
  load "$url" "$1" "$run_s" 1 >"$work/echo"
}
# The answers that arrive after wrk has stopped counting make the next run start a few requests later.
measure_accepts() {
  local url=${2:-http://127.0.0.1:$hooks_port/hooks/lever} before commits writes
  load "$url" "$1" "$warm_up_s" "$((1 + ${already:-0}))" >/dev/null
  before=$(($(metric 'crosswalk_ingest_webhooks_total{result="accepted"}') + $1 + 1))
  commits=$(metric crosswalk_store_commits) writes=$(metric crosswalk_store_writes)
  load "$url" "$1" "$run_s" "$((before + ${already:-0}))" >"$work/accepts"
  commits=$(($(metric crosswalk_store_commits) - commits)) writes=$(($(metric crosswalk_store_writes) - writes))
  jq -c --argjson commits "$commits" --argjson writes "$writes" \
    --argjson duplicates "$(metric 'crosswalk_ingest_webhooks_total{result="duplicate"}')" \
    '. + {$commits, batch: (10 * $writes / ([$commits, 1] | max) | round / 10), $duplicates}' "$work/accepts" >"$work/ours"
  jq -e '.not_2xx == 0 and .socket_errors == 0' "$work/ours" >/dev/null || give_up "not every answer was 200: $(<"$work/ours")"
  # A few at the edge of two runs are sent twice; more would flatter the rate.
  jq -e '.duplicates <= 2 * '"$1"' + 4' "$work/ours" >/dev/null || give_up "webhooks were sent twice: $(<"$work/ours")"
}
# keep_pair <file>: what was just measured on both sides
keep_pair() {
  jq -n -c --slurpfile echo "$work/echo" --slurpfile ours "$work/ours" \
    '{ours: $ours[0].per_s, base: $echo[0].per_s, o: $ours[0], e: $echo[0]}' | tee -a "$1" |
    jq -r '"  echo \(.e.per_s)/s p50 \(.e.p50_us) p99 \(.e.p99_us) us · accepts \(.o.per_s)/s p50 \(.o.p50_us) p99 \(.o.p99_us) us · " +
      "ratio \(.ours / .base * 1000 | round / 1000) · \(.o.commits) commits of \(.o.batch) · client \(.e.client) % and \(.o.client) % of a core"'
}

# delivered <clients> <url> <requests to leave out>: wrk's figures, and what the sink took in that time
delivered() {
  local before after begin
  load "$2" "$1" "$warm_up_s" 1 >/dev/null
  before=$(sink /counts | jq .people) begin=$(now_us)
  load "$2" "$1" "$run_s" "$3" >"$work/wrk"
  after=$(sink /counts | jq .people)
  jq -c --argjson people "$((after - before))" --argjson us "$(($(now_us) - begin))" \
    '. + {delivered: ($people * 1e6 / $us | round)}' "$work/wrk"
}
# measure_whole_way leaves {"delivered":…} of 64 clients in $work/host.way. An id counts once at a sink, so it is new.
measure_whole_way() {
  start_sink
  configure_whole_way
  fresh_host
  delivered 64 "http://127.0.0.1:$hooks_port/hooks/lever" 200000 >"$work/delivered"
  jq -c --argjson pending "$(metric crosswalk_store_inbox_pending)" '. + {$pending}' "$work/delivered" >"$work/host.way"
  stop host
}
# keep_whole_way <peer> <file>: what was just measured of it, in $work/peer.async and .sync, and of Crosswalk
keep_whole_way() {
  jq -n -c --slurpfile ours "$work/host.way" --slurpfile async "$work/peer.async" --slurpfile sync "$work/peer.sync" \
    '{ours: $ours[0].delivered, base: ([$async[0].delivered, $sync[0].delivered] | max), o: $ours[0], async: $async[0], sync: $sync[0]}' |
    tee -a "$2" |
    jq -r --arg peer "$1" '"  \($peer) async \(.async.delivered)/s p50 \(.async.p50_us) p99 \(.async.p99_us) us, sync \(.sync.delivered)/s p50 \(.sync.p50_us) p99 \(.sync.p99_us) us · " +
      "Crosswalk \(.o.delivered)/s delivered, \(.o.per_s)/s accepted p50 \(.o.p50_us) p99 \(.o.p99_us) us, \(.o.pending) wait"'
}

queue_is_full() { (($(curl_host /api/v1/conservation | jq .held) >= $1)); }
inbox_is_empty() { (($(metric crosswalk_store_inbox_pending) == 0)); }
