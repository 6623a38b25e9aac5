# P15: what a connection costs that is held and does nothing.
configure_accepts
fresh_host
before=$(rss_kb host)
mkfifo "$work/hold"
"$build/bin/crosswalk-bench-client" hold "$hooks_port" 1000 <"$work/hold" >"$work/held" &
pids[hold]=$!
exec 4>"$work/hold"
eventually 30 test -s "$work/held" || give_up "the connections were not held"
held=$(jq .held "$work/held")
each=$(calculate "($(rss_kb host) - $before) / $held" 1)
exec 4>&-
stop hold
row "P15 memory for each of $held held connections" "$each KB" - - "<= 40" "<= 30" "$(verdict "$each" '<=' 40 30)"
stop host
