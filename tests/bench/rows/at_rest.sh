# P14, P16, P17: memory, wake-ups and start, six connectors loaded, beside Node-RED.
install_peer node-red
start_sink
configure_accepts
workspace "lever: { enabled: true }, goco: { enabled: true }, greenhouse: { enabled: true }, charthop: { enabled: true }, hrlogics: { enabled: true }, hireguide: { enabled: true }"
switches() { cat /proc/"${pids[host]}"/task/*/status | awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'; }
fresh_host
sleep 2
before=$(switches)
sleep 10
wake_ups=$(calculate "($(switches) - $before) / 10" 1)
rss_mb=$(calculate "$(rss_kb host) / 1024" 1)

# Over bash's own sockets: starting curl takes as long as what is measured.
answers_ready() {
  local answer=''
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
  IFS= read -r -t 2 answer <&3 || true
  exec 3>&-
  [[ $answer == "HTTP/1.1 "[24]* ]]
}
for ((i = 1; i <= pairs; ++i)); do
  stop host
  begin=$(now_us)
  launch_host
  until answers_ready "$admin_port" /readyz; do :; done
  ours=$(($(now_us) - begin))
  stop node_red
  node_red_port=$(free_port)
  begin=$(now_us)
  (cd "$build/peers/node-red" && node flows.js async)
  BENCH_PORT=$node_red_port BENCH_SIGNATURE_TOKEN=$signature_token BENCH_SINK=http://127.0.0.1:$sink_port \
    node "$build/peers/node-red/node_modules/node-red/red.js" --userDir "$build/peers/node-red" \
    --settings "$build/peers/node-red/settings.js" >"$work/node-red.log" 2>&1 &
  pids[node_red]=$!
  until answers_ready "$node_red_port" /; do sleep 0.01; done
  echo "{\"ours\":$((ours / 1000)),\"base\":$((($(now_us) - begin) / 1000))}" >>"$work/starts"
done
sleep 3
node_red_mb=$(calculate "$(rss_kb node_red) / 1024" 1)
stop node_red
stop host
echo "{\"ours\":$rss_mb,\"base\":$node_red_mb}" >"$work/memory"
pairs_row "P14 memory at rest, six connectors / Node-RED" "$work/memory" " MB" '<=' 0.35 0.2
pairs_row "P16 exec to /readyz, new store / Node-RED's start" "$work/starts" " ms" '<=' 0.2 0.1
row "P17 wake-ups at rest, two listeners" "$wake_ups /s" - - "<= 12" "<= 5" "$(verdict "$wake_ups" '<=' 12 5)"
