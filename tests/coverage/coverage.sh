#!/usr/bin/env bash
# coverage.sh <source folder> <build folder> [test...]: runs the tests and says which lines of host/ they ran.
#
# Prints each room and the total, then the error branches of store/, deliver/ and ingest/ that no test reached: lines that
# never ran and choices that were never taken one way, for there each is an error that nobody has seen happen. Ends with 1
# below 90 % of host/, when something of those rooms is neither reached nor excused in unreachable.txt, when an excuse is
# not needed, and when a test fails. With tests named (store, deliver ...) only those run and nothing is judged. A host that
# a scenario kills keeps its counts to itself; one that is told to end writes them, and so do its workers.
set -euo pipefail
root=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
shift 2

tests=("$@")
if ((${#tests[@]} == 0)); then
  mapfile -t tests < <(find "$build/bin" -name '*_test' -printf '%f\n' | sed 's/_test$//' | grep -Ev '^(coverage|sandbox)$' |
    sort)
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
      'Acme.*:Calls.*:Extensions.*:HostServicesTest.*:Kept.*:LibraryTest.*:Outcomes.*:Outputs.*:SettingsChecks.*:VendorTest.*' || failed=1
  fi
done

counts=$build/coverage.counts
find "$build/host" -name '*.gcda' -print0 | (cd "$logs" && xargs -0 gcov --branch-probabilities --json-format --stdout) \
  >"$counts" 2>"$logs/gcov.log"

judged=0
"$build/bin/crosswalk-coverage" "$root" "$counts" "$root/tests/coverage/unreachable.txt" || judged=$?
((failed == 0)) || exit 1
((judged < 2)) || exit "$judged"
(($# > 0)) || exit "$judged"
