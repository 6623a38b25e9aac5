#!/usr/bin/env bash
# fuzz.sh <build folder> [--seconds <n>] [--seed <n>] [target...]: lets libFuzzer look for inputs that break a promise.
#
# Each target runs for that long, two at a time, from the seeds in corpus/, the inputs that broke something earlier and,
# for connectors, the vendor's samples. What it finds useful is kept in <build folder>/corpus/ for the next run. An input
# that crashes, leaks or hangs is made small and put into regressions/, where ./dev test runs it from then on. With a seed
# and no corpus yet, runs draw the same inputs as far as they get.
#
# An input hangs when it twice takes longer than two minutes: once may be the machine's doing, is said, and the target
# begins anew.
#
# Prints a line for each target when it ends, in a table: inputs tried, and a second; code edges reached by the seeds and
# at the end; features (edges with how often, and values compared); inputs that are kept, and their size; memory. Ends
# with status 1 when anything was found, 64 when it is used wrongly.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
shift

seconds=60
seed=
targets=()
while (($# > 0)); do
  case $1 in
    --seconds | --seed)
      if ! [[ ${2:-} =~ ^[1-9][0-9]*$ ]]; then
        echo "fuzz.sh: $1 takes a number of at least 1" >&2
        exit 64
      fi
      printf -v "${1#--}" %s "$2"
      shift 2
      ;;
    -*)
      echo "fuzz.sh: unknown option '$1'" >&2
      exit 64
      ;;
    *)
      targets+=("$1")
      shift
      ;;
  esac
done
mapfile -t known < <("$build/bin/crosswalk-fuzz" 2>&1 | awk '/^  / { print $1 }')
((${#targets[@]} > 0)) || targets=("${known[@]}")
for target in "${targets[@]}"; do
  if [[ " ${known[*]} " != *" $target "* ]]; then
    echo "fuzz.sh: there is no target '$target'; there are: ${known[*]}" >&2
    exit 64
  fi
done

export here build seconds seed
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:quarantine_size_mb=32
mkdir -p "$build/logs"
# Files of the targets live in memory where that is possible; the fuzzed code waits for no disk then.
TMPDIR=$(mktemp -d -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" crosswalk-fuzz.XXXXXX)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# The last figures that libFuzzer gave, as a line of the table.
print_row() {
  awk -v target="$1" '
    /^#[0-9]+/ { for (i = 1; i < NF; ++i) {
      if ($i == "cov:") { edges = $(i + 1); if (seeded == "" && $2 == "INITED") seeded = edges }
      if ($i == "ft:") features = $(i + 1)
      if ($i == "corp:") corpus = $(i + 1) } }
    /^stat::number_of_executed_units/ { runs = $2 }
    /^stat::average_exec_per_sec/ { speed = $2 }
    /^stat::peak_rss_mb/ { memory = $2 }
    END { split(corpus, kept, "/"); sub(/b$/, "", kept[2])
          printf "%-14s %10d %8d %8d %8d %9d %7d %8s %6d\n",
                 target, runs, speed, seeded, edges, features, kept[1], kept[2], memory }' "$2"
}

# What a failed target found, small, as a file that every later run of the tests replays.
keep_found() {
  local target=$1 log=$2 found=$3 input kept
  shift 3
  for input in "$found"*; do
    [[ -f $input && $(basename "$input") != *-slow-unit-* ]] || continue
    mkdir -p "$here/regressions/$target"
    kept=$here/regressions/$target/$(sha256sum "$input" | cut -c1-12)
    cp "$input" "$kept"
    # A leak or a slow input cannot be made smaller this way; it is kept as it is.
    "$build/bin/crosswalk-fuzz" "--target=$target" "$@" -minimize_crash=1 -max_total_time=20 \
      "-exact_artifact_path=$kept" "$input" >>"$log" 2>&1 || true
    echo "-- the input:    $kept"
    echo "-- run it again: $build/bin/crosswalk-fuzz --target=$target $kept"
  done
}

# Whether the target ended for nothing but an input that took too long, and that does not when it is tried again.
only_stalled() {
  local target=$1 log=$2 found=$3 input
  shift 3
  input=$(compgen -G "${found}timeout-*") || return 1
  timeout 300 "$build/bin/crosswalk-fuzz" "--target=$target" "$@" "$input" >>"$log" 2>&1
}

# One target; prints its line of the table, and what was found.
fuzz_one() {
  local target=$1 log=$build/logs/$1.log found=$build/found/$1- seeds=() folder attempt
  mkdir -p "$build/corpus/$target" "$build/found"
  for folder in "$here/corpus/$target" "$here/regressions/$target" "$here/../../plugins/$target/samples"; do
    [[ -d $folder ]] && seeds+=("$folder")
  done
  local limits=(-timeout=120 -rss_limit_mb=2048 -max_len=16384)
  for attempt in first second; do
    rm -f "$found"*
    local failed=0
    "$build/bin/crosswalk-fuzz" "--target=$target" "${limits[@]}" "-max_total_time=$seconds" ${seed:+"-seed=$seed"} \
      -print_final_stats=1 "-dict=$here/words.dict" "-artifact_prefix=$found" "$build/corpus/$target" "${seeds[@]}" \
      >"$log" 2>&1 || failed=1
    print_row "$target" "$log"
    ((failed == 0)) && return
    if [[ $attempt == second ]] || ! only_stalled "$target" "$log" "$found" "${limits[@]}"; then
      break
    fi
    mv "$log" "${log%.log}.stalled.log"
    echo "-- $target stood still for two minutes with an input that is quick when tried again; once more:"
  done
  echo "-- $target failed:"
  grep -m1 -A25 -E 'Broken promise|ERROR: |SUMMARY|runtime error' "$log" || tail -25 "$log"
  keep_found "$target" "$log" "$found" "${limits[@]}"
  echo "-- the whole story: $log"
  echo "$target" >>"$TMPDIR/failed"
}
export -f fuzz_one only_stalled print_row keep_found

: >"$TMPDIR/failed"
begun=$SECONDS
printf '%-14s %10s %8s %8s %8s %9s %7s %8s %6s\n' target runs 'a second' seeded edges features kept size MiB
printf '%s\n' "${targets[@]}" | xargs -P 2 -I {} bash -euo pipefail -c 'fuzz_one {}'
failed=$(sort "$TMPDIR/failed" | tr '\n' ' ')
if [[ -n $failed ]]; then
  echo "${#targets[@]} targets, $seconds s each, in $((SECONDS - begun)) s; something was found in: $failed"
  exit 1
fi
echo "${#targets[@]} targets, $seconds s each, in $((SECONDS - begun)) s; nothing was found"
