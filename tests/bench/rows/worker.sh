# P19: a hook in a worker process beside the bare round trip of its bytes.
"$build/bin/crosswalk-bench-worker" "$build/connectors" >"$work/worker"
ratio=$(jq '.pairs[]' "$work/worker" | median)
row "P19 hook in a worker / bare socketpair round trip" "$(jq '.hook_p50_us | round' "$work/worker") us" "$(jq '.bare_p50_us | round' "$work/worker") us" \
  "$(calculate "$ratio") ($(jq '.pairs[] * 100 | round / 100' "$work/worker" | range))" "<= 2" "<= 1.3" "$(verdict "$ratio" '<=' 2 1.3)"
