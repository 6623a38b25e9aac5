# P8: webhooks that come at fixed moments, however late the answers are.
configure_accepts
for ((i = 1; i <= pairs; ++i)); do
  fresh_paused_host
  pace "$hooks_port" 1000 "$((run_s + 2))" 64 "$work/hires" "$request_bytes" 1 >>"$work/open-loop"
done
jq -e '.failed == 0 and .refused == 0' "$work/open-loop" >/dev/null || give_up "not every webhook was taken: $(<"$work/open-loop")"
p99_ms=$(calculate "$(jq .p99_us "$work/open-loop" | median) / 1000" 1)
row "P8  accept p99 from its due time, 1,000/s" "$p99_ms ms" - "($(jq '.p99_us / 100 | round / 10' "$work/open-loop" | range))" "<= 20 ms" "<= 10 ms" "$(verdict "$p99_ms" '<=' 20 10)"
