# P9 and the size of an event: the store beside bare SQLite that commits rows of the same bytes, as many at once.
printf '\nstore   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
for ((i = 1; i <= pairs; ++i)); do
  mkdir "$work/store"
  "$build/bin/crosswalk-bench-store" accept "$work/store" "$run_s" 64 >"$work/store.ours"
  rm -rf "$work/store" && mkdir "$work/store"
  "$build/bin/crosswalk-bench-store" bare "$work/store" "$run_s" "$(jq '.batch | round' "$work/store.ours")" >"$work/store.bare"
  rm -rf "$work/store"
  jq -n -c --slurpfile ours "$work/store.ours" --slurpfile bare "$work/store.bare" \
    '{ours: $ours[0].per_s, base: $bare[0].per_s, bytes: $ours[0].bytes_per_event, batch: $ours[0].batch}' | tee -a "$work/stores"
done
pairs_row "P9  accepts inside the store / bare SQLite, same rows, same batch" "$work/stores" /s '>=' 0.8 0.9
row "    bytes on disk for each stored event (578 of them its request)" "$(jq .bytes "$work/stores" | median) B" - - - - -
