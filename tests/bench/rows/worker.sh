# P19: a hook in a worker process beside the bare round trip of its frames: the whole call, and what the worker adds to
# the same hook in this process.
"$build/bin/crosswalk-bench-worker" "$build/connectors" >"$work/worker"
bare="$(jq '.bare_p50_us * 10 | round / 10' "$work/worker") us"
worker_row() { # worker_row <name> <value> <key of the ratios>
  local ratio
  ratio=$(jq ".$3[]" "$work/worker" | median)
  row "$1" "$2 us" "$bare" "$(calculate "$ratio") ($(jq ".$3[] * 100 | round / 100" "$work/worker" | range))" \
    "<= 2" "<= 1.3" "$(verdict "$ratio" '<=' 2 1.3)"
}
worker_row "P19 hook in a worker / bare socketpair round trip" "$(jq '.hook_p50_us * 10 | round / 10' "$work/worker")" ratios
worker_row "P19 what the worker adds to a hook / bare round trip" \
  "$(jq '(.hook_p50_us - .in_process_p50_us) * 10 | round / 10' "$work/worker")" added
