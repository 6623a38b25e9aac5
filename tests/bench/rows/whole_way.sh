# P10 to P12: webhook to target, verified, mapped and posted, beside Node-RED doing the same without a store.
install_peer node-red
printf '\nwhole way, 64 clients   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
for ((i = 1; i <= pairs; ++i)); do
  for way in async sync; do
    start_sink
    fresh_node_red "$way"
    delivered 64 "http://127.0.0.1:$node_red_port/hooks/lever" 100000 >"$work/peer.$way"
    stop node_red
  done
  measure_whole_way
  keep_whole_way Node-RED "$work/whole-way"
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
