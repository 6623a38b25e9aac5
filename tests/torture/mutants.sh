#!/usr/bin/env bash
# T10: breaks one promise at a time in a copy of the code and requires that somebody notices.
#
#   ./dev mutants [name…]     all of them, or these
#   ./dev mutants --apply     only that each still changes the code that it was written for; quick
#
# Each mutant is a sed program over one file of the last commit; what must notice it is a test, the simulation or a row of
# the torture. Every check is run once against the code as it is and must pass there: one that always fails notices
# nothing. Exit status 0 when every mutant was noticed. Not in CI: the copy is a build of its own.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
copy=$root/build/mutants

names=()
declare -A file program targets check

# mutant <name> <file> <sed program> <targets> <command that must fail>
mutant() {
  names+=("$1")
  file[$1]=$2
  program[$1]=$3
  targets[$1]=$4
  check[$1]=$5
}

# by_test <name> <file> <sed program> <test program> <filter>
by_test() {
  mutant "$1" "$2" "$3" "$4" "bin/$4 --gtest_filter='$5'"
}

# by_simulation <name> <file> <sed program>
by_simulation() {
  mutant "$1" "$2" "$3" simulation "bin/simulation --schedules 2000 --stop-at-first"
}

# by_torture <name> <file> <sed program> <row> [option…]
by_torture() {
  mutant "$1" "$2" "$3" "crosswalk crosswalk-worker crosswalk-sandbox crosswalk-torture" \
    "bin/crosswalk-torture --seed 1 --rows ${*:4}"
}

# ---- rule 1: nothing is acknowledged that is not stored
by_test acknowledges-before-the-commit host/ingest/webhooks.cpp \
  's|^    inbox_.accept(std::move(item), \[|    answer(ok("{}")); inbox_.accept(std::move(item), [|' \
  ingest_test 'WebhookIngest.*'
by_simulation acknowledges-what-was-not-stored host/store/writer.cpp \
  's|waiting->write.done(waiting->error ? .*|waiting->write.done(model::Result<void>());|'
by_test believes-the-log-of-a-crashed-host host/store/database.cpp \
  's|    if (moved != SQLITE_OK) {|    if (false) {|; s|SQLITE_CHECKPOINT_RESTART|-1|' \
  store_test 'PowerCut.*'
by_test believes-a-sync-after-one-failed host/store/checkpointer.cpp \
  's|distrusts_ = distrusts_ .*|distrusts_ = false;|' \
  store_test 'PowerCut.*'
by_torture hides-a-disk-that-fails host/store/writer.cpp \
  's|status_.writable = writable;|status_.writable = true;|' T2

# ---- rule 2: a cursor is never ahead of what was accepted
by_simulation moves-the-cursor-past-an-event host/store/acceptance.cpp \
  's|^    auto const run = \[&\](Batch& batch)|    if (items.size() > 1) { items.pop_back(); }\n&|'

# ---- rule 3: the second time of an event makes nothing
by_test takes-every-webhook-anew host/store/acceptance.cpp \
  's|item.verdict = {\*first, \*first != 0};|item.verdict = {0, false};|; s|            if (\*first == 0) {|            if (true) {|' \
  store_test 'Inbox*:Dedupe*'

# ---- rule 4: order per subject
by_torture delivers-in-any-order host/store/delivery_rows.cpp \
  's/if (!head || head->id != 0) {/if (!head) {/' T4

# ---- rule 5: never a blind repeat
by_simulation pushes-before-its-effect-is-written host/store/outbox.cpp \
  's|SELECT id, effects, attempts, look_up, ? FROM delivery WHERE id = ?"|SELECT id, effects, attempts, look_up, ? FROM delivery WHERE id = -?"|'
by_torture forgets-what-was-in-flight host/store/database.cpp \
  's|SET state = 2, ready = 1, look_up = 0|SET state = 0, ready = 1, look_up = 0|' T1 --kills 60
by_torture repeats-the-unknown-blindly host/deliver/attempts.cpp \
  's|settlement.state = is_notice ? store::DeliveryState::pending : store::DeliveryState::unknown;|settlement.state = store::DeliveryState::pending;|' T4
by_torture repeats-what-cannot-be-looked-up host/deliver/attempts.cpp \
  's|if (delivery.look_up \&\& !connector->honours_idempotency_key()) {|if (false) {|' T1b
by_torture asks-who-cannot-know plugin-api/include/crosswalk/connector.hpp \
  's|return offer.table == .lookup_table .. !instance(connector).looks_up ? nullptr : offer.table;|return offer.table;|' T1c
by_torture gives-up-what-it-could-look-up host/deliver/attempts.cpp \
  's|if (is_notice .. can_check .. repeatable .. connector == nullptr) {|if (is_notice \|\| (can_check \&\& repeatable \&\& connector == nullptr)) {|' T4

# ---- rule 6: each outcome has its consequence, and every dead event its cause
by_simulation buries-without-a-cause host/store/outbox.cpp \
  's|settlement.state == DeliveryState::dead ? cause_of_attempt(report) : std::string());|std::string());|'
by_simulation ends-without-its-note host/deliver/attempts.cpp \
  's|is_final(settlement.state) \&\& delivery.kind == store::DeliveryKind::delivery|is_final(settlement.state) \&\& delivery.kind == store::DeliveryKind::notice|'

# ---- rule 7: conservation
by_simulation miscounts-what-it-received host/store/writer.cpp \
  's|UPDATE tally SET received = received + ?|UPDATE tally SET received = received + min(1, ?)|'

# ---- neighbours, limits, secrets, people
by_torture never-quarantines host/plugin_host/restart_policy.cpp \
  's|if (crashes_.size() >= limits_.crashes_max) {|if (false) {|' T3
by_torture keeps-newcomers-out host/http/connection.cpp \
  's/chosen = slowest != nullptr ? slowest : idlest;/chosen = idlest;/' L1
by_torture leaks-each-webhook host/ingest/webhooks.cpp \
  's|^    store::Accepted item;|    (void)new std::string(65536, request.method.front());\n&|' T7
by_torture logs-whom-it-is-about host/deliver/dispatcher.cpp \
  's|{"outcome", model::name(report.outcome)},|{"outcome", delivery.record.json},|' T8
by_test erases-without-destroying-the-key host/store/key_ring.cpp \
  's|"DELETE FROM key WHERE id = ?"|"DELETE FROM key WHERE id = -?"|' \
  store_test 'PersonsTest.*'

# ---- what to do with them
cd "$root"
wanted=("$@")
if [[ ${1:-} == --apply ]]; then
  status=0
  for name in "${names[@]}"; do
    if sed "${program[$name]}" "${file[$name]}" | cmp -s - "${file[$name]}"; then
      echo "$name: ${file[$name]} has changed, the mutant does not apply any more"
      status=1
    fi
  done
  exit $status
fi
if ((${#wanted[@]} == 0)); then
  wanted=("${names[@]}")
fi
for name in "${wanted[@]}"; do
  [[ -n ${file[$name]:-} ]] || { echo "There is no mutant $name; there are: ${names[*]}" >&2; exit 64; }
done

# The copy stays for the next run, so that only the first one builds all of it.
git worktree prune
if [[ -e $copy/.git ]]; then
  git -C "$copy" checkout -q --force --detach "$(git rev-parse HEAD)"
else
  git worktree add --force --detach "$copy" HEAD >/dev/null
fi
cd "$copy"
build() {
  # shellcheck disable=SC2086  # several targets
  nice cmake --build --preset dev --target $1 >build/build.log 2>&1
}
passes() {
  (cd build/dev && ulimit -n "$(ulimit -Hn)" && timeout 600 bash -c "$1") >build/check.log 2>&1
}

cmake --preset dev -Wno-dev --log-level=WARNING >/dev/null
all_targets=()
all_checks=()
for name in "${wanted[@]}"; do
  all_targets+=("${targets[$name]}")
  [[ " ${all_checks[*]} " == *"${check[$name]}"* ]] || all_checks+=("${check[$name]}")
done
echo "building the code as it is"
build "${all_targets[*]}" || { tail -5 build/build.log; exit 70; }
for one in "${all_checks[@]}"; do
  passes "$one" || { tail -20 build/check.log; echo "'$one' fails without any mutant"; exit 70; }
  if grep -q 'Running 0 tests' build/check.log; then
    echo "'$one' runs no test at all"
    exit 70
  fi
done

missed=0
for name in "${wanted[@]}"; do
  git checkout -q -- .
  sed -i "${program[$name]}" "${file[$name]}"
  if git diff --quiet; then
    echo "$name: the code has changed, the mutant does not apply any more"
    missed=$((missed + 1))
  elif ! build "${targets[$name]}"; then
    echo "$name: does not compile"
    tail -5 build/build.log
    missed=$((missed + 1))
  elif passes "${check[$name]}"; then
    echo "$name: NOT NOTICED by '${check[$name]}'"
    missed=$((missed + 1))
  else
    reason=$(grep -m1 -E 'BROKEN|^seed [0-9]+: |Failure|FAILED' build/check.log || echo "it did not end well")
    echo "$name: noticed by '${check[$name]}': ${reason#"${reason%%[![:space:]]*}"}"
  fi
done
git checkout -q -- .
echo "${#wanted[@]} mutants, $missed not noticed"
exit $((missed > 0))
