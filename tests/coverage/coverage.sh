#!/usr/bin/env bash
# coverage.sh <source folder> <build folder> [test...]: runs the tests and says which lines of host/ they ran.
#
# Prints each room and the total, then the lines of store/, deliver/ and ingest/ that no test reached: there each is an
# error that nobody has seen happen. Ends with 1 below 90 % of host/ or when a test fails. With tests named (store,
# deliver ...) only those run and nothing is judged. A host that a scenario kills keeps its counts to itself, so true
# figures are higher.
set -euo pipefail
root=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
shift 2
lines_wanted=90
explained='store|deliver|ingest'

tests=("$@")
if ((${#tests[@]} == 0)); then
  # All but those that run no code of host/: the connectors' own, the sandbox's and those about the source tree.
  others='^(charthop|goco|greenhouse|hireguide|hrlogics|lever|plugin_api|requirements|sandbox|structure)$'
  mapfile -t tests < <(find "$build/bin" -name '*_test' -printf '%f\n' | sed 's/_test$//' | grep -Ev "$others" | sort)
fi
logs=$build/logs
mkdir -p "$logs"
find "$build/host" -name '*.gcda' -delete

run_tests() {
  local name=$1 filter=${2:-*}
  if [[ ! -x $build/bin/${name}_test ]]; then
    echo "coverage.sh: there is no test '$name' in $build/bin" >&2
    return 1
  fi
  "$build/bin/${name}_test" --gtest_brief=1 "--gtest_filter=$filter" >"$logs/$name.log" 2>&1 && return
  echo "-- $name failed:"
  grep -E '^\[  FAILED  \]' "$logs/$name.log" | sort -u | head -20
  return 1
}
failed=0
for name in "${tests[@]}"; do
  run_tests "$name" || failed=1
  if [[ $name == plugin_host ]]; then
    CROSSWALK_TEST_ISOLATION=worker run_tests plugin_host \
      'Acme.*:Calls.*:Extensions.*:HostServicesTest.*:Kept.*:LibraryTest.*:Outcomes.*:Outputs.*:VendorTest.*' || failed=1
  fi
done

gcovr --root "$root" --object-directory "$build/host" --filter "$root/host/" --exclude-throw-branches \
  --exclude-unreachable-branches --exclude-lines-by-pattern '^\s*}?;?\s*$' -j 2 \
  --json "$build/coverage.json" "$build/host" 2>"$logs/gcovr.log"

# file, line, how often it ran
lines=$build/coverage.lines
jq -r '.files[] | .file as $file | .lines[] | select(."gcovr/noncode" | not) | [$file, .line_number, .count] | @tsv' \
  "$build/coverage.json" >"$lines"
awk -F'\t' '
  { split($1, part, "/"); room = part[3] == "" ? "(top)" : part[2]; all[room]++; total++
    if ($3 > 0) { ran[room]++; run++ } }
  END { for (room in all) printf "%-12s %6d of %6d lines  %5.1f %%\n", room, ran[room], all[room], 100 * ran[room] / all[room] | "sort"
        close("sort"); printf "%-12s %6d of %6d lines  %5.1f %%\n", "host/", run, total, 100 * run / total }' "$lines"

echo
echo "Lines of store/, deliver/ and ingest/ that no test reached:"
awk -F'\t' -v rooms="^host/($explained)/" '$1 ~ rooms && $3 == 0 { print $1 "\t" $2 }' "$lines" |
  while IFS=$'\t' read -r file line; do
    printf '%s:%s:%s\n' "$file" "$line" "$(sed -n "${line}p" "$root/$file")"
  done

((failed == 0)) || exit 1
(($# > 0)) || awk -F'\t' -v wanted="$lines_wanted" '
  { ++total; if ($3 > 0) ++run }
  END { if (100 * run < wanted * total) { print "Below " wanted " %."; exit 1 } }' "$lines"
