# P6, P15 and the backlog: a million events stored and waiting, with all their dedupe keys in the window.
million=1000000
configure_accepts
printf '\na million events stored   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
fresh_paused_host
empty_kb=$(rss_kb host)
"$build/bin/crosswalk-bench-hires" 1500000 "$signature_token" "$work/hires.many" >/dev/null
mv "$work/hires" "$work/hires.few" && mv "$work/hires.many" "$work/hires"
one_webhook >/dev/null
pace "$hooks_port" 0 600 128 "$work/hires" "$request_bytes" 1 >/dev/null
waiting=$(metric crosswalk_store_inbox_pending)
((waiting >= million)) || give_up "only $waiting events were stored"
full_kb=$(rss_kb host)
stop host
store_bytes=$(du -cb "$work"/config/crosswalk.db* | awk 'END { print $1 }')
for ((i = 1; i <= 5; ++i)); do
  begin=$(now_us)
  launch_host keep
  until ready; do :; done
  echo $((($(now_us) - begin) / 1000)) >>"$work/full-starts"
  stop host
done
added_mb=$(calculate "($full_kb - $empty_kb) / 1024" 0)
row "P15 memory added by $waiting events that wait" "$added_mb MB" - - "<= 50" "<= 50" "$(verdict "$added_mb" '<=' 50 50)"
row "    bytes on disk for each of them" "$((store_bytes / waiting)) B" - - - - -
start_ms=$(median <"$work/full-starts")
row "    exec to /readyz with them" "$start_ms ms" - "($(range <"$work/full-starts"))" "<= 2000" "<= 500" "$(verdict "$start_ms" '<=' 2000 500)"

# P6: the same accepts as P1, on a copy of the full store each time, a new one beside it.
cp -r "$work/config" "$work/full"
already=$waiting
for ((i = 1; i <= pairs; ++i)); do
  already=0
  fresh_paused_host
  measure_accepts 64
  cp "$work/ours" "$work/echo"
  stop host
  rm -rf "$work"/config/crosswalk.db* && cp -r "$work"/full/crosswalk.db* "$work/config"
  fresh_host keep
  already=$waiting
  measure_accepts 64
  jq -n -c --slurpfile full "$work/ours" --slurpfile new "$work/echo" '{ours: $full[0].per_s, base: $new[0].per_s}' | tee -a "$work/p6"
  stop host
done
already=0
pairs_row "P6  durable accepts with $((waiting / 1000)),000 stored / new store" "$work/p6" /s '>=' 0.9 0.95

# The same store handed to the relay: how fast the backlog drains to a target.
start_sink
rm -rf "$work"/config/crosswalk.db*
configure_whole_way
cp -r "$work"/full/crosswalk.db* "$work/config"
fresh_host keep
curl_host /api/v1/connections/lever/resume -X POST >/dev/null
begin=$(now_us)
sleep 20
drained=$(sink /counts | jq .people) took_us=$(($(now_us) - begin))
drain_mb=$(calculate "$(rss_kb host) / 1024" 0)
row "    backlog drained to the target, memory meanwhile" "$((drained * 1000000 / took_us))/s" - "$drain_mb MB" - - -
stop host
rm -rf "$work/full"
mv "$work/hires.few" "$work/hires"
