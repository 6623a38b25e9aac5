# P10 to P12: webhook to target, verified, mapped and posted, beside Node-RED doing the same without a store.
install_node_red
start_sink
configure_whole_way
# delivered <clients> <url>: wrk's figures, and what the sink took in that time
delivered() {
  local before after begin
  load "$2" "$1" "$warm_up_s" 1 >/dev/null
  before=$(sink /counts | jq .people) begin=$(now_us)
  load "$2" "$1" "$run_s" "$3" >"$work/wrk"
  after=$(sink /counts | jq .people)
  jq -c --argjson people "$((after - before))" --argjson us "$(($(now_us) - begin))" \
    '. + {delivered: ($people * 1e6 / $us | round)}' "$work/wrk"
}
printf '\nwhole way, 64 clients   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
for ((i = 1; i <= pairs; ++i)); do
  for way in async sync; do
    start_sink # an id counts once at a sink
    fresh_node_red "$way"
    delivered 64 "http://127.0.0.1:$node_red_port/hooks/lever" 100000 >"$work/node-red.$way"
    stop node_red
  done
  start_sink
  sed -i "s#127.0.0.1:[0-9]*\"#127.0.0.1:$sink_port\"#" "$work"/config/connections/*.yaml
  fresh_host
  delivered 64 "http://127.0.0.1:$hooks_port/hooks/lever" 200000 >"$work/host.way"
  jq -n -c --slurpfile ours "$work/host.way" --slurpfile async "$work/node-red.async" --slurpfile sync "$work/node-red.sync" \
    --argjson pending "$(metric crosswalk_store_inbox_pending)" \
    '{ours: $ours[0].delivered, base: ([$async[0].delivered, $sync[0].delivered] | max), o: $ours[0], async: $async[0], sync: $sync[0], $pending}' |
    tee -a "$work/whole-way" |
    jq -r '"  Node-RED async \(.async.delivered)/s p50 \(.async.p50_us) p99 \(.async.p99_us) us, sync \(.sync.delivered)/s p50 \(.sync.p50_us) p99 \(.sync.p99_us) us · " +
      "Crosswalk \(.o.delivered)/s delivered, \(.o.per_s)/s accepted p50 \(.o.p50_us) p99 \(.o.p99_us) us, \(.pending) wait"'
  stop host
done
pairs_row "P10 webhook to target, 64 clients / Node-RED's best" "$work/whole-way" /s '>=' 5 10
jq -c '{ours: .o.p50_us, base: .async.p50_us}' "$work/whole-way" >"$work/p50"
jq -c '{ours: .o.p99_us, base: .async.p99_us}' "$work/whole-way" >"$work/p99"
pairs_row "P12 accept p50 while the whole way runs / Node-RED p50" "$work/p50" " us" '<=' 0.2 0.1
pairs_row "P12 accept p99 while the whole way runs / Node-RED p99" "$work/p99" " us" '<=' 0.2 0.2
if [[ -s $work/accepts.64 ]]; then
  jq -c --argjson accepts "$(jq .ours "$work/accepts.64" | median)" '{ours: $accepts, base: .async.per_s}' "$work/whole-way" >"$work/p11"
  pairs_row "P11 durable accepts, 64 clients / Node-RED's async answers" "$work/p11" /s '>=' 12 18
fi
