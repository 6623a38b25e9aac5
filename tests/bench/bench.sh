#!/usr/bin/env bash
# How fast, how small: every figure beside its baseline, measured in the same run, the two sides in turn.
#
# bench.sh <build folder> [--pairs N] [--rows accepts,tls,…]
# The status says only whether it could measure, never how fast it was. Without --rows: all of them, about 25 minutes, and
# up to 10 more the first time, when npm installs the peers.
#
# Accepts are counted on the real program with Lever's connector, each webhook with its own signature and id, encrypted
# and stored, the store new for every run. The whole way is the real program with a connector that posts each hire once
# (relay/), so that a peer can be given the same work (peers/).
set -euo pipefail

build=$(cd "$1" && pwd)
shift
pairs=5
rows=(accepts tls open_loop store whole_way outage at_rest held hooks worker n8n fairness backlog)
while (($# > 0)); do
  case $1 in
    --pairs) pairs=$2 && shift ;;
    --rows) IFS=, read -ra rows <<<"$2" && shift ;;
    *) echo "bench.sh: unknown argument '$1'" >&2 && exit 64 ;;
  esac
  shift
done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "$build/bench.XXXXXX") # beside the build: /tmp may be memory, and the disk is half of what is measured
warm_up_s=1 run_s=3 timeout_s=2 hires=600000
signature_token=bench-signature-token
. "$here/measure.sh"
. "$here/sides.sh"
trap cleanup EXIT
trap 'exit 130' INT TERM

for name in "${rows[@]}"; do
  [[ -f $here/rows/$name.sh ]] || give_up "there are no rows '$name'; there are: $(basename -s .sh "$here"/rows/*.sh | tr '\n' ' ')"
done

"$build/bin/crosswalk-sandbox" --port 0 >"$work/sandbox.out" 2>"$work/sandbox.log" &
pids[sandbox]=$!
"$build/bin/crosswalk-bench-echo" >"$work/echo.out" &
pids[echo]=$!
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

: >"$work/table"
for name in "${rows[@]}"; do
  . "$here/rows/$name.sh"
done
print_table
printf '\nAppend and flush beside it: p50 %s us (%s), p99 %s us (%s).\n' \
  "$(jq .p50_us "$work/flushes" | median)" "$(jq .p50_us "$work/flushes" | range)" \
  "$(jq .p99_us "$work/flushes" | median)" "$(jq .p99_us "$work/flushes" | range)"
load=$(cut -d' ' -f2 /proc/loadavg)
[[ $(yes_if "$load > 2 * $(nproc)") == NO ]] ||
  echo "Other programs kept the machine busy (load $load): the two sides did not get equal shares, so repeat it before quoting it."
