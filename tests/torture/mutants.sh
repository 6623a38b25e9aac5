#!/usr/bin/env bash
# T10: breaks one promise at a time in a copy of the code and requires that somebody notices.
#
#   tests/torture/mutants.sh [name…]
#
# Each mutant is one sed line; what must notice it is a test binary with a filter, or the torture itself. Not in CI: each
# mutant is a build.
set -uo pipefail
root=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
copy=$(mktemp -d)
trap 'git -C "$root" worktree remove --force "$copy" >/dev/null 2>&1; rm -rf "$copy"' EXIT
git -C "$root" worktree add --detach "$copy" HEAD >/dev/null
cd "$copy" || exit 70
cmake --preset dev -Wno-dev --log-level=WARNING >/dev/null || exit 70
wanted=("$@")
missed=0

# mutant <name> <file> <sed program> <targets> <command that must fail>
mutant() {
  local name=$1 file=$2 program=$3 targets=$4 check=$5
  if ((${#wanted[@]} > 0)) && [[ " ${wanted[*]} " != *" $name "* ]]; then
    return
  fi
  git checkout -q -- .
  sed -i "$program" "$file"
  if git diff --quiet; then
    echo "$name: the code has changed, the mutant does not apply any more"
    missed=$((missed + 1))
    return
  fi
  # shellcheck disable=SC2086  # several targets
  if ! ninja -C build/dev $targets >build.log 2>&1; then
    echo "$name: does not compile"
    tail -5 build.log
    missed=$((missed + 1))
    return
  fi
  if (cd build/dev && timeout 300 bash -c "$check") >check.log 2>&1; then
    echo "$name: NOT NOTICED"
    missed=$((missed + 1))
  else
    echo "$name: noticed by '${check%% --*}'"
  fi
}

torture="crosswalk crosswalk-torture"

mutant acknowledges-before-the-commit host/ingest/webhooks.cpp \
  's|^    inbox_.accept(std::move(item), \[|    answer(ok("{}")); inbox_.accept(std::move(item), [|' \
  ingest_test "bin/ingest_test --gtest_filter='WebhookIngest.*'"
mutant takes-every-webhook-anew host/store/acceptance.cpp \
  's|item.verdict = {\*first, \*first != 0};|item.verdict = {0, false};|; s|            if (\*first == 0) {|            if (true) {|' \
  store_test "bin/store_test --gtest_filter='Inbox*:Dedupe*'"
mutant forgets-what-was-in-flight host/store/database.cpp \
  's|SET state = 2, ready = 1, look_up = 0|SET state = 0, ready = 1, look_up = 0|' \
  "$torture" "bin/crosswalk-torture --kills 60 --seed 1"
mutant repeats-the-unknown-blindly host/deliver/dispatcher.cpp \
  's|settlement.state = is_notice ? store::DeliveryState::pending : store::DeliveryState::unknown;|settlement.state = store::DeliveryState::pending;|' \
  "$torture" "bin/crosswalk-torture --rows T4 --seed 1"
mutant delivers-in-any-order host/store/delivery_rows.cpp \
  's|ready = head->id == 0 ? 1 : 0;|ready = 1;|' \
  "$torture" "bin/crosswalk-torture --rows T4 --seed 1"
mutant believes-the-log-of-a-crashed-host host/store/database.cpp \
  's|    if (moved != SQLITE_OK) {|    if (false) {|; s|SQLITE_CHECKPOINT_RESTART|-1|' \
  store_test "bin/store_test --gtest_filter='PowerCut.*'"
mutant believes-a-sync-after-one-failed host/store/checkpointer.cpp \
  's|distrusts_ = distrusts_ .*|distrusts_ = false;|' \
  store_test "bin/store_test --gtest_filter='PowerCut.*'"
mutant keeps-newcomers-out host/http/server.cpp \
  's|return connections_.make_place(options_.slow_after);|return false;|' \
  http_test "bin/http_test --gtest_filter='ServerTest.*Place*'"

echo "$missed not noticed"
exit $((missed > 0))
