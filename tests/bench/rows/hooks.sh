# P18: what hooks cost on one core, through the real boundary.
hooks=$("$build/bin/crosswalk-bench-hooks" "$build/connectors" "$work/hires" "$request_bytes" "$signature_token")
verify=$(jq .verify_per_s <<<"$hooks") map=$(jq .map_per_s <<<"$hooks")
row "P18 Lever's webhook verified, per second and core" "$verify/s" - - ">= 500000" ">= 1000000" "$(verdict "$verify" '>=' 500000 1000000)"
row "P18 GoCo's map hook, $(jq .map_fields <<<"$hooks") fields, per second and core" "$map/s" - - ">= 200000" ">= 500000" "$(verdict "$map" '>=' 200000 500000)"
