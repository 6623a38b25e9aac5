#!/usr/bin/env bash
# fuzz.sh <build folder> [--seconds <n>] [target...]: lets libFuzzer look for inputs that break a promise.
#
# Each target runs for that long, two at a time, from the seeds in corpus/, the inputs that broke something earlier and,
# for connectors, the vendor's samples. What it finds useful is kept in <build folder>/corpus/ for the next run. An input
# that crashes, leaks or hangs is made small and put into regressions/, where ./dev test runs it from then on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
shift

seconds=60
targets=()
while (($# > 0)); do
  case $1 in
    --seconds)
      seconds=${2:?--seconds takes a number}
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
if ((${#targets[@]} == 0)); then
  mapfile -t targets < <("$build/bin/crosswalk-fuzz" 2>&1 | awk '/^  / { print $1 }')
fi

export here build seconds
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:quarantine_size_mb=32
mkdir -p "$build/logs"
# Files of the targets live in memory where that is possible; the fuzzed code waits for no disk then.
TMPDIR=$(mktemp -d -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" crosswalk-fuzz.XXXXXX)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# One target; prints its line of the table. Fails when something was found.
fuzz_one() {
  local target=$1 log=$build/logs/$1.log found=$build/found/$1- seeds=() folder
  mkdir -p "$build/corpus/$target" "$build/found"
  for folder in "$here/corpus/$target" "$here/regressions/$target" "$here/../../plugins/$target/samples"; do
    [[ -d $folder ]] && seeds+=("$folder")
  done
  rm -f "$found"*
  local limits=(-timeout=30 -rss_limit_mb=2048 -max_len=16384)
  local failed=0
  "$build/bin/crosswalk-fuzz" "--target=$target" "${limits[@]}" "-max_total_time=$seconds" -print_final_stats=1 \
    "-dict=$here/words.dict" "-artifact_prefix=$found" "$build/corpus/$target" "${seeds[@]}" >"$log" 2>&1 || failed=1
  awk -v target="$target" '
    { for (i = 1; i < NF; ++i) if ($i == "cov:") { now = $(i + 1); if (first == "") first = now } }
    /^stat::number_of_executed_units/ { runs = $2 }
    /^stat::average_exec_per_sec/ { speed = $2 }
    /^stat::new_units_added/ { added = $2 }
    /^stat::peak_rss_mb/ { memory = $2 }
    END { printf "%-14s %9d runs %6d/s  coverage %6d -> %6d  %5d new inputs  %5d MiB\n",
                 target, runs, speed, first, now, added, memory }' "$log"
  ((failed == 0)) && return
  echo "-- $target failed:"
  grep -m1 -A25 -E 'Broken promise|ERROR: |SUMMARY|runtime error' "$log" || tail -25 "$log"
  local input kept
  for input in "$found"*; do
    [[ -f $input ]] || continue
    mkdir -p "$here/regressions/$target"
    kept=$here/regressions/$target/$(sha256sum "$input" | cut -c1-12)
    cp "$input" "$kept"
    # A leak or a slow input cannot be made smaller this way; it is kept as it is.
    "$build/bin/crosswalk-fuzz" "--target=$target" "${limits[@]}" -minimize_crash=1 -max_total_time=20 \
      "-exact_artifact_path=$kept" "$input" >>"$log" 2>&1 || true
    echo "-- kept as ${kept#"$here"/}; the whole story is in $log"
  done
  return 1
}
export -f fuzz_one

printf '%s\n' "${targets[@]}" | xargs -P 2 -I {} bash -euo pipefail -c 'fuzz_one {}'
