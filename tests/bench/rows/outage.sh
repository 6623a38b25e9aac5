# P20: the target refuses everything for a while, and once more the process is killed in mid-stream. Ids that were
# acknowledged are compared with ids that arrived, not totals.
install_peer node-red
# judge <who>: acknowledged and never delivered, and delivered twice
judge() {
  cut -d' ' -f1 "$work/ids" | sort -u >"$work/acknowledged"
  sink /ids | cut -d' ' -f1 | sort -u >"$work/arrived"
  jq -n -c --arg who "$1" --argjson acknowledged "$(wc -l <"$work/acknowledged")" \
    --argjson lost "$(comm -23 "$work/acknowledged" "$work/arrived" | wc -l)" \
    --argjson unanswered "$(comm -13 "$work/acknowledged" "$work/arrived" | wc -l)" \
    --argjson again "$(sink /counts | jq .again)" '{$who, $acknowledged, $lost, $unanswered, $again}' | tee "$work/judged" >&2
}
stream() { pace "$1" 300 6 32 "$work/hires" "$request_bytes" "${2:-1}" "$work/ids" >"$work/paced"; }
outage() { # the sink refuses from second 2 to 3.5
  sleep 2 && sink '/mode?status=503' -X PUT -d '' >/dev/null && sleep 1.5 && sink '/mode?status=0' -X PUT -d '' >/dev/null
}
arrived_all() {
  cut -d' ' -f1 "$work/ids" | sort -u >"$work/acknowledged"
  sink /ids | cut -d' ' -f1 | sort -u >"$work/arrived"
  [[ -z $(comm -23 "$work/acknowledged" "$work/arrived") ]]
}
printf '\noutage of the target for 1.5 s, 300 hires/s   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
for way in async sync; do
  start_sink
  sink '/mode?delay_ms=20' -X PUT -d '' >/dev/null
  fresh_node_red "$way"
  outage &
  stream "$node_red_port"
  wait $!
  sleep 5
  judge "Node-RED $way, outage"
  row "    outage, Node-RED $way: lost, refused to the vendor" "$(jq .lost "$work/judged") of $(jq .acknowledged "$work/judged")" "$(jq .refused "$work/paced")" - - - -
  stop node_red
done
start_sink
sink '/mode?delay_ms=20' -X PUT -d '' >/dev/null
fresh_node_red sync
stream "$node_red_port" &
streaming=$!
sleep 3 && kill_hard node_red
wait "$streaming" || true
judge "Node-RED sync, killed"
row "    killed, Node-RED sync: delivered and never answered (sent again)" "$(jq .unanswered "$work/judged")" - - - - -

start_sink
sink '/mode?delay_ms=20' -X PUT -d '' >/dev/null
configure_whole_way
fresh_host
outage &
stream "$hooks_port"
wait $!
eventually 120 arrived_all || true
judge "Crosswalk, outage"
lost=$(jq .lost "$work/judged") again=$(jq .again "$work/judged")
stream "$hooks_port" 20000 &
streaming=$!
sleep 3 && kill_hard host && launch_host keep
wait "$streaming" || true
eventually 60 ready || give_up "the host did not start again"
eventually 120 arrived_all || true
judge "Crosswalk, killed"
lost=$((lost + $(jq .lost "$work/judged"))) again=$((again > $(jq .again "$work/judged") ? again : $(jq .again "$work/judged")))
row "P20 outage and kill: acknowledged and never delivered" "$lost" - - "<= 0" "<= 0" "$(verdict "$lost" '<=' 0 0)"
row "P20 outage and kill: sent again under the same idempotency key" "$again" - - - - -
stop host
