# What every row uses: processes that end with the run, waiting, arithmetic, statistics and the table. Sourced by bench.sh.
declare -A pids=()

stop() { [[ -z ${pids[$1]:-} ]] || { kill "${pids[$1]}" 2>/dev/null && wait "${pids[$1]}" 2>/dev/null; } || true; pids[$1]=''; }
kill_hard() { { kill -9 "${pids[$1]}" && wait "${pids[$1]}"; } 2>/dev/null || true; pids[$1]=''; }
cleanup() {
  local status=$? name
  if ((status != 0)) && [[ -s $work/host.log ]]; then tail -n 5 "$work/host.log" >&2; fi
  for name in "${!pids[@]}"; do stop "$name"; done
  rm -rf "$work"
}
give_up() { echo "bench: $*" >&2 && exit 70; }

# eventually <seconds> <command…>: repeats it until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.02
  done
}
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
}
now_us() { echo "${EPOCHREALTIME/./}"; }
rss_kb() { awk '/^VmRSS/ { print $2 }' "/proc/${pids[$1]}/status"; }

# calculate <expression of awk> [digits], and yes_if <condition of awk>
calculate() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }
yes_if() { awk "BEGIN { print (($1) ? \"yes\" : \"NO\") }"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
range() { sort -g | awk 'NR == 1 { low = $1 } END { print low " to " $1 }'; }
# quantile <part> of the numbers on standard input
quantile() { sort -g | awk -v part="$1" '{ v[NR] = $1 } END { i = int(NR * part + 0.999999); print v[i < 1 ? 1 : i] }'; }

# row <metric> <value> <baseline> <ratio> <must> <aim> <reached>
row() {
  local IFS='|'
  echo "$*" >>"$work/table"
}
# verdict <value> <">=" or "<="> <must> <aim>: aim, must or NO
verdict() { awk -v v="$1" -v must="$3" -v aim="$4" -v up="$([[ $2 == '>=' ]] && echo 1 || echo 0)" \
  'BEGIN { print ((up ? v >= aim : v <= aim) ? "aim" : (up ? v >= must : v <= must) ? "must" : "NO") }'; }
# pairs_row <name> <file of pairs> <unit> <">=" or "<="> <must> <aim>: each line of the file is {"ours":N,"base":N}
pairs_row() {
  local name=$1 file=$2 unit=$3 way=$4 must=$5 aim=$6 ratio
  ratio=$(jq '.ours / .base' "$file" | median)
  row "$name" "$(jq .ours "$file" | median)$unit" "$(jq .base "$file" | median)$unit" \
    "$(calculate "$ratio") ($(jq '.ours / .base * 100 | round / 100' "$file" | range))" "$way $must" "$way $aim" \
    "$(verdict "$ratio" "$way" "$must" "$aim")"
}
print_table() {
  printf '\n'
  { echo "metric|value|baseline|ratio (range)|must|aim|reached" && cat "$work/table"; } |
    awk -F'|' '{ printf "%-66s %-18s %-14s %-22s %-9s %-9s %s\n", $1, $2, $3, $4, $5, $6, $7 }'
}
