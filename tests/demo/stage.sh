# What the stories of the demonstration are told with: vendors played by one sandbox, a host of its own for each story,
# and words that are only green when they are true. Sourced by demo.sh, which sets $build, $work and $here.
#
# A story is stories/<name>.sh with three functions:
#   headline   what it shows, in one line
#   configure  begins with `example <folder>` and puts the sandbox's addresses and credentials into that copy
#   tell       the story, after the host is ready
host_pid='' sandbox_pid='' failures=0

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
line() { printf '   %s\n' "$*"; }
indent() { sed 's/^/   /'; }
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
stop_process() { [[ -z $1 ]] || { kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; } || true; }

# ---- the vendors
start_vendors() {
  "$build/bin/crosswalk-sandbox" --port 0 >"$work/sandbox.out" 2>"$work/sandbox.log" &
  sandbox_pid=$!
  eventually 10 test -s "$work/sandbox.out"
  control=$(jq -r .control "$work/sandbox.out")
  vendors=${control%/control}
}
# control <method> <path> [<body>]: what the sandbox answers.
control() { curl -sS --max-time 20 -X "$1" "$control$2" ${3:+-d "$3"}; }
# control_is <jq condition> <method> <path> [<body>]
control_is() {
  local condition=$1
  shift
  control "$@" | jq -e "$condition" >/dev/null
}

# ---- the configuration of a story
# example <folder of config/>: a copy of it becomes this story's configuration, with listeners of its own.
example() {
  config=$work/$story
  cp -r "$here/../../config/$1" "$config"
  hooks_port=$(free_port) admin_port=$(free_port)
  (umask 077 && mkdir -p "$config/secrets")
  in_config 's#127.0.0.1:8470#127.0.0.1:'"$hooks_port"'#' 's#127.0.0.1:8471#127.0.0.1:'"$admin_port"'#' \
    's#/var/lib/crosswalk/crosswalk.db#crosswalk.db#' 's#^public_url: .*#public_url: http://127.0.0.1:'"$hooks_port"'#'
  secret admin-token "$(random_secret)"
}
# in_config <sed expression…>: applied to every file of the story's configuration.
in_config() {
  local arguments=() expression
  for expression in "$@"; do arguments+=(-e "$expression"); done
  find "$config" -name '*.yaml' -exec sed -i "${arguments[@]}" {} +
}
# secret <name> <value>: a file instead of the service manager's credential.
secret() {
  in_config "s#secret:credential/$1\\b#secret:file/$1#"
  (umask 077 && printf %s "$2" >"$config/secrets/$1")
}
random_secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
# Below the ports that the system lends to outgoing connections, so that none of them is taken in the meantime.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
}

# ---- the host
crosswalk() { "$build/bin/crosswalk" --config "$config" "$@"; }
api() { curl -sS --max-time 20 -H "Authorization: Bearer $(<"$config/secrets/admin-token")" "http://127.0.0.1:$admin_port/api/v1$1"; }
ready() { curl -sf --max-time 2 "http://127.0.0.1:$admin_port/readyz" >/dev/null; }
start_host() {
  crosswalk validate | indent
  "$build/bin/crosswalk" --config "$config" run >"$config/host.log" 2>&1 &
  host_pid=$!
  if ! eventually 15 ready; then
    printf '   The host did not become ready. Its log:\n' && cat "$config/host.log"
    exit 1
  fi
  line "The host is ready (http://127.0.0.1:$admin_port/readyz)"
}
hook() { echo "http://127.0.0.1:$hooks_port/hooks/$1"; }
settled() { api /conservation | tee "$work/conservation" | jq -e '.held == 0' >/dev/null; }
account() {
  step "Everything that came in is accounted for"
  eventually 20 settled || true
  accounted() { api /conservation | tee "$work/conservation" | jq -e '.difference == 0' >/dev/null; }
  expect "received = held + delivered + duplicate + skipped + filtered + dead" accounted
  line "$(<"$work/conservation")"
}
stop_host() {
  local status=0
  kill -TERM "$host_pid"
  wait "$host_pid" || status=$?
  host_pid=''
  expect "the host drained and ended with status 0" test "$status" = 0
}

# ---- people at Lever
# lever_sends <event> <secret's name>: a webhook made by hand, as on Lever's settings page.
lever_sends() {
  control POST /lever/webhooks \
    "{\"event\":\"$1\",\"url\":\"$(hook lever)\",\"signature_token\":\"$(<"$config/secrets/$2")\"}" >/dev/null
  control POST /lever/webhooks/settings '{"tries":5,"retry_gap_ms":200}' >/dev/null
  line "Lever sends $1 to $(hook lever)"
  expect "Lever's \"Verify Connection\" succeeded: signed, and the route runs" \
    control_is 'all(.results[]; .verified)' POST /lever/webhooks/verify '{}'
}
new_candidate() { control POST /lever/candidates "$1" | jq -r .opportunity_id; }
hire() { control POST "/lever/candidates/$1/hire" '{}' | jq -r '.deliveries[0]'; }
lever_received() { control_is '.state == "received"' GET "/lever/deliveries/$1?wait_ms=2000"; }
lever_note() { control GET "/lever/notes?opportunity=$1" | jq -e --arg text "$2" 'any(.notes[]; .value | contains($text))' >/dev/null; }
# people at GoCo
employees() { control GET "/goco/employees?first_name=$1&last_name=$2"; }
employee_count_is() { [[ $(employees "$1" "$2" | jq .count) == "$3" ]]; }
