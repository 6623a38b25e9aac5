# P1 to P4, P7: durable accepts beside a stock Poco server that only echoes.
configure_accepts
for clients in 64 256 16 1; do
  printf '\naccepts, %s clients   load of the machine %s\n' "$clients" "$(cut -d' ' -f1 /proc/loadavg)"
  for ((i = 1; i <= pairs; ++i)); do
    measure_flush
    measure_echo "$clients"
    fresh_paused_host
    measure_accepts "$clients"
    keep_pair "$work/accepts.$clients"
  done
done
pairs_row "P1  durable accepts, 64 clients / Poco echo" "$work/accepts.64" /s '>=' 0.60 0.75
pairs_row "P2  durable accepts, 256 clients / Poco echo" "$work/accepts.256" /s '>=' 0.60 0.75
pairs_row "P3  durable accepts, 16 clients / Poco echo" "$work/accepts.16" /s '>=' 0.45 0.60
ours_us=$(jq .o.p50_us "$work/accepts.1" | median) echo_us=$(jq .e.p50_us "$work/accepts.1" | median)
flush_us=$(jq .p50_us "$work/flushes" | median)
over=$(calculate "($ours_us - $echo_us) / $flush_us")
row "P4  accept, 1 client, p50 over the echo's / append and flush" "$(calculate "$ours_us - $echo_us" 0) us" "$flush_us us" \
  "$over" "<= 2" "<= 1" "$(verdict "$over" '<=' 2 1)"
jq -c '{ours: .o.p99_us, base: .e.p99_us}' "$work/accepts.64" >"$work/p99"
pairs_row "P7  accept p99, 64 clients / echo p99" "$work/p99" " us" '<=' 6 3
