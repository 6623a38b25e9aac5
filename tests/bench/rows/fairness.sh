# One route with 100,000 deliveries queued, whose target takes 20 a second, beside another route: webhook to target.
queued=100000
start_sink
configure_whole_way
relay_connection slow "http://127.0.0.1:$sink_port" "requests_per_second: 20"
relay_connection other "http://127.0.0.1:$sink_port"
rm "$work"/config/routes/*
relay_route lever slow
relay_route other target
"$build/bin/crosswalk-bench-hires" 20000 "$signature_token" "$work/others" other >"$work/others.out"
others_bytes=$(jq .request_bytes "$work/others.out")
# p99 in microseconds of 50 hires a second on the other route
others() {
  pace "$hooks_port" 50 8 8 "$work/others" "$others_bytes" "$1" "$work/ids" >"$work/paced"
  sleep 1
  sink /ids | sort >"$work/arrived"
  sort "$work/ids" | join - "$work/arrived" | awk '{ print $3 - $2 }' >"$work/took"
  (($(wc -l <"$work/took") >= 390)) || give_up "only $(wc -l <"$work/took") of 400 hires of the other route arrived"
  quantile 0.99 <"$work/took"
}
printf '\nfairness   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
fresh_host
load "http://127.0.0.1:$hooks_port/hooks/lever" 64 "$warm_up_s" 1 >/dev/null # warms both sides
stop host
for ((i = 1; i <= pairs; ++i)); do
  fresh_host
  others $((i * 1200)) >/dev/null # connections and pages of a new host are cold: the first would stand alone for that
  alone=$(others $((i * 1200 + 400)))
  pace "$hooks_port" 0 60 64 "$work/hires" "$request_bytes" 1 >/dev/null & # fills the queue of the slow route
  filling=$!
  eventually 120 queue_is_full "$queued" || give_up "the queue did not fill"
  kill "$filling" 2>/dev/null && wait "$filling" 2>/dev/null || true
  eventually 120 inbox_is_empty || give_up "the inbox was not dispatched"
  beside=$(others $((i * 1200 + 800)))
  echo "{\"ours\":$beside,\"base\":$alone}" | tee -a "$work/fairness"
  stop host
done
pairs_row "    webhook to target p99 beside 100,000 queued / alone" "$work/fairness" " us" '<=' 1.2 1.1
