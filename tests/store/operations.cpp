#include "store/operations.hpp"

#include "store/arrival_keys.hpp"
#include "store/arrivals.hpp"
#include "store/database.hpp"
#include "store/file_uses.hpp"
#include "store/persons.hpp"

#include <future>

namespace crosswalk::store {
namespace {

template <class Outcome>
std::optional<model::Error> error_of(Outcome const& outcome) {
    return outcome ? std::nullopt : std::optional(outcome.error());
}

using Test = OperationTest;

void nothing(Test&) {}
void one_pending(Test& at) {
    ASSERT_TRUE(at.inbox().accept(Test::webhook("a")));
}
void one_dispatched(Test& at) {
    at.dispatched({Test::push("d1")});
}
void one_leased(Test& at) {
    one_dispatched(at);
    ASSERT_EQ(at.lease().size(), 1U);
}
void one_dead(Test& at) {
    one_leased(at);
    at.settle(1, DeliveryState::dead, model::Outcome::rejected, "No such department.");
}
void one_ended(Test& at) {
    one_leased(at);
    at.settle(1, DeliveryState::delivered, model::Outcome::delivered);
    at.clock_.advance(std::chrono::hours(24 * 60));
}
void one_running(Test& at) {
    at.running();
}
void one_link(Test& at) {
    ASSERT_TRUE(at.links().put({"lever", "candidate", "1"}, {"goco", "employee", "2"}));
}
void one_value(Test& at) {
    ASSERT_TRUE(at.state().put("lever", "key", "value", std::nullopt));
    ASSERT_TRUE(at.sealed().change("lever", {{"oauth", "bytes"}, {"secret:/k", "bytes"}}));
}

void one_unknown(Test& at) {
    one_leased(at);
    at.settle(1, DeliveryState::unknown, model::Outcome::unknown, "No answer in time.");
    at.clock_.advance(std::chrono::minutes(5));
}
// Two that would write to the same record of the target, for different persons.
void two_of_a_target(Test& at) {
    at.dispatched({Test::push("d1", "person-1", "ada example"), Test::push("d2", "person-2", "ada example")});
}
void one_revised(Test& at) {
    one_dead(at);
    ASSERT_TRUE(at.dead().revise(1, {{"goco.employee/1", "", "{}"}, {}, {}, "[]", "d1-revised"}));
}
void one_dead_item(Test& at) {
    one_pending(at);
    ASSERT_TRUE(at.inbox().bury(1, {model::ErrorCode::invalid_argument, "No JSON."}, {}));
}
// One item of two events.
void two_events(Test& at) {
    one_pending(at);
    ASSERT_TRUE(at.inbox().dispatch(
        1, {{Test::event("e1"), {Test::push("d1")}}, {Test::event("e2", "person-2", "Bob Example"), {}}}, ""));
}
void more_keys_than_allowed(Test& at) {
    at.options_.dedupe_keys_max = 1;
    at.reopen();
    ASSERT_TRUE(at.inbox().accept(Test::webhook("a")));
    ASSERT_TRUE(at.inbox().accept(Test::webhook("b")));
    at.options_.dedupe_keys_max = StoreOptions().dedupe_keys_max;
}
constexpr char const* ada = "ada@example.com";
model::Event hire(std::string const& key) {
    model::Event event = Test::event(key, "person-" + key);
    event.record.json = R"({"kind":"hire","ref":{"system":"lever","kind":"opportunity","id":"opp-9"},)"
                        R"("personal_email":"ada@example.com"})";
    return event;
}
// What a hire of hers is, with one delivery, to her own lane.
InboxId hired(Test& at, std::string const& key) {
    auto const id = at.inbox().accept(Test::webhook(key))->id;
    EXPECT_TRUE(at.inbox().dispatch(id, {{hire(key), {Test::push(key, "person-" + key)}}}, ""));
    return id;
}
// Of one person: a delivery that ended, one that is dead, one that waits, a payload that nobody read, and a link.
void one_person(Test& at) {
    hired(at, "ended");
    hired(at, "dead");
    ASSERT_EQ(at.lease().size(), 2U);
    at.settle(1, DeliveryState::delivered, model::Outcome::delivered);
    at.settle(2, DeliveryState::dead, model::Outcome::rejected, "No.");
    hired(at, "waits");
    Accepted unread = Test::webhook("unread");
    unread.raw.body = R"({"email":"Ada@example.com"})";
    ASSERT_TRUE(at.inbox().accept(std::move(unread)));
    ASSERT_TRUE(at.links().put({"lever", "opportunity", "opp-9"}, {"goco", "employee", "2"}));
}
// Bytes of her key stand where nobody shreds them, so that the erasure rebuilds the table of keys and looks again.
void one_person_with_a_copy_of_the_key(Test& at) {
    one_person(at);
    at.reopen();
    at.tamper("INSERT INTO kv SELECT 'lever', 'copy ' || id, wrapped, 1 FROM key");
}
// Hers is in flight again when she is erased, and was not delivered.
void one_erased_in_flight(Test& at) {
    hired(at, "d1");
    ASSERT_EQ(at.lease().size(), 1U);
    ASSERT_TRUE(Persons(at.store()).erase(ada));
    at.settle(1, DeliveryState::pending, model::Outcome::retry, "503");
    at.clock_.advance(std::chrono::minutes(5));
}
// Another webhook about her waits.
void one_known_person(Test& at) {
    hired(at, "first");
    ASSERT_TRUE(at.inbox().accept(Test::webhook("second")));
}
// More hashes of hers and of her deliveries are recent than may be: the next commit sorts them.
void hashes_to_sort(Test& at) {
    hired(at, "d1");
    one_known_person(at);
    at.options_.recent_hashes_max = 1;
    at.reopen();
    at.options_.recent_hashes_max = StoreOptions().recent_hashes_max;
}
// Two polled events about the same person wait.
void two_polled(Test& at) {
    at.running();
    ASSERT_TRUE(at.turn(1, {"a", "b"}, "cursor", true));
}
void one_damaged(Test& at) {
    one_dispatched(at);
    at.tamper("UPDATE delivery_data SET record = x'00'");
}
void one_damaged_item(Test& at) {
    one_pending(at);
    at.tamper("UPDATE payload SET sealed = zeroblob(length(sealed))");
}
// The key that the payload came with is in nobody's use any more.
void one_idle_key(Test& at) {
    one_dispatched(at);
    ASSERT_TRUE(turn_arrival_keys(at.store()));
}

LetterId const item_letter{true, 1};
LetterId const letter{false, 1};
Revision revised() {
    return {{"goco.employee/1", "", R"({"first":"Eve"})"}, {}, {}, "[]", "d1-revised"};
}

std::vector<Operation> inbox_operations() {
    return {
        {"Accept", nothing, [](Test& at) { return error_of(at.inbox().accept(Test::webhook("a"))); }},
        {"AcceptADuplicate", one_pending, [](Test& at) { return error_of(at.inbox().accept(Test::webhook("a"))); }},
        {"AcceptPoll", one_running,
         [](Test& at) {
             return error_of(at.turn(1, {"a", "b"}, "cursor", true));
         }},
        {"Due", one_pending, [](Test& at) { return error_of(at.inbox().due("lever", at.clock_.now(), 10)); }},
        {"NextDueItem", one_pending, [](Test& at) { return error_of(at.inbox().next_due("lever")); }},
        {"ReadItem", one_pending, [](Test& at) { return error_of(at.inbox().read(1)); }},
        {"Dispatch", one_pending,
         [](Test& at) {
             NewDelivery decided = Test::push("d3", "person-3");
             decided.decided = Test::report(model::Outcome::rejected, "The last name is missing.");
             std::vector<DispatchedEvent> events;
             events.push_back({Test::event("e1"), {Test::push("d1"), Test::push("d2", "person-1", "key"), decided}});
             return error_of(at.inbox().dispatch(1, std::move(events), ""));
         }},
        {"DispatchOfAKnownPerson", one_known_person,
         [](Test& at) {
             return error_of(at.inbox().dispatch(
                 2, {{hire("second"), {Test::push("d2")}}, {hire("third"), {Test::push("d3")}}}, ""));
         }},
        {"DispatchLeasedAtOnce", one_pending,
         [](Test& at) {
             int told = 0;
             LeaseAtOnce const everything{[](std::string const&, std::string const&) { return Allowance(); },
                                          [&](std::vector<Delivery> const& leased, bool) {
                                              ++told;
                                              EXPECT_EQ(leased.size(), 1U);
                                          }};
             std::vector<Dispatch> const items{{1, {{Test::event("e1"), {Test::push("d1", "person-1", "ada")}}}}};
             auto const done = at.inbox().dispatch(items, everything);
             EXPECT_EQ(told, done ? 1 : 0) << "whoever sends is told of what is committed and of nothing else";
             return error_of(done);
         }},
        {"DispatchLate", one_pending,
         [](Test& at) {
             auto const due = at.inbox().due("lever", at.clock_.now(), 1);
             if (!due) {
                 return error_of(due);
             }
             std::promise<std::optional<model::Error>> ended;
             std::vector<Dispatch> const items{{1, {{hire("a"), {Test::push("d1")}}}, "", &due->front()}};
             LeaseAtOnce const nothing_at_once;
             at.inbox().dispatch(items, nothing_at_once,
                                 [&](model::Result<void> const& stored) { ended.set_value(error_of(stored)); });
             return ended.get_future().get();
         }},
        {"AcceptWhileHashesAreSorted", hashes_to_sort,
         [](Test& at) { return error_of(at.inbox().accept(Test::webhook("c"))); }},
        {"DueDamaged", one_damaged_item,
         [](Test& at) { return error_of(at.inbox().due("lever", at.clock_.now(), 10)); }},
        {"Overtaken", two_polled,
         [](Test& at) {
             auto const item = at.inbox().read(2);
             return item ? error_of(at.inbox().overtaken(*item, "person-1", at.clock_.now())) : error_of(item);
         }},
        {"Filter", one_pending, [](Test& at) { return error_of(at.inbox().dispatch(1, {}, "Nobody wanted it.")); }},
        {"Bury", one_pending,
         [](Test& at) {
             NewDelivery notice = Test::push("n1");
             notice.kind = DeliveryKind::notice;
             return error_of(at.inbox().bury(1, {model::ErrorCode::invalid_argument, "No JSON."}, {notice}));
         }},
        {"AcceptAboveTheLimitOfKeys", more_keys_than_allowed,
         [](Test& at) { return error_of(at.inbox().accept(Test::webhook("c"))); }},
        {"AcceptLate", nothing,
         [](Test& at) {
             std::promise<std::optional<model::Error>> answer;
             at.inbox().accept(Test::webhook("a"),
                               [&](model::Result<Verdict> const& given) { answer.set_value(error_of(given)); });
             return answer.get_future().get();
         }},
        {"AcceptSwept", nothing,
         [](Test& at) {
             Accepted item = Test::webhook("a");
             item.swept = true;
             item.event = Test::event("a");
             return error_of(at.inbox().accept(std::move(item)));
         }},
        {"RetryItem", one_pending,
         [](Test& at) {
             NewDelivery notice = Test::push("n1");
             notice.kind = DeliveryKind::notice;
             return error_of(at.inbox().retry_at(1, at.clock_.now(), {model::ErrorCode::unavailable, "503"}, {notice}));
         }},
        {"Replay", one_dispatched, [](Test& at) { return error_of(at.inbox().replay(1)); }},
    };
}

std::vector<Operation> outbox_operations() {
    return {
        {"Lease", one_dispatched, [](Test& at) { return error_of(at.outbox().lease_due(at.clock_.now(), 10)); }},
        {"IsOnItsWay", one_dispatched,
         [](Test& at) { return error_of(at.outbox().is_on_its_way("goco", at.clock_.now())); }},
        {"NextDueDelivery", one_dispatched, [](Test& at) { return error_of(at.outbox().next_due()); }},
        {"SettleDelivered", one_leased,
         [](Test& at) {
             NewDelivery note = Test::push("f1", "person-9");
             note.kind = DeliveryKind::feedback;
             note.about = 1;
             return error_of(at.outbox().settle(
                 1, {DeliveryState::delivered, at.clock_.now(), Test::report(model::Outcome::delivered), {note}}));
         }},
        {"SettleRetry", one_leased,
         [](Test& at) {
             return error_of(at.outbox().settle(1, {DeliveryState::pending,
                                                    at.clock_.now() + std::chrono::minutes(1),
                                                    Test::report(model::Outcome::retry, "503"),
                                                    {}}));
         }},
        {"SettleWithFields", one_leased,
         [](Test& at) {
             Settlement end{DeliveryState::dead, at.clock_.now(), Test::report(model::Outcome::rejected, "No."), {}};
             end.report.fields = {{"email", "is missing"}};
             end.report.warnings = {{"department", "is unknown"}};
             return error_of(at.outbox().settle(1, std::move(end)));
         }},
        {"SettleLate", one_leased,
         [](Test& at) {
             std::promise<std::optional<model::Error>> ended;
             auto const end = std::make_shared<Settlement>(
                 Settlement{DeliveryState::delivered, at.clock_.now(), Test::report(model::Outcome::delivered), {}});
             at.outbox().settle(1, end, [&](model::Result<void> const& stored) { ended.set_value(error_of(stored)); });
             return ended.get_future().get();
         }},
        {"LeaseOfATarget", two_of_a_target,
         [](Test& at) { return error_of(at.outbox().lease_due(at.clock_.now(), 10)); }},
        {"LeaseDamaged", one_damaged, [](Test& at) { return error_of(at.outbox().lease_due(at.clock_.now(), 10)); }},
        {"LeaseUnknown", one_unknown, [](Test& at) { return error_of(at.outbox().lease_due(at.clock_.now(), 10)); }},
        {"LeaseErased", one_erased_in_flight,
         [](Test& at) { return error_of(at.outbox().lease_due(at.clock_.now(), 10)); }},
        {"ForceRetry", one_ended, [](Test& at) { return error_of(at.outbox().retry_now(1, true)); }},
        {"Release", one_leased, [](Test& at) { return error_of(at.outbox().release(1, at.clock_.now())); }},
        {"RetryNow", one_dead, [](Test& at) { return error_of(at.outbox().retry_now(1, false)); }},
        {"Discard", one_dead, [](Test& at) { return error_of(at.outbox().discard(1, "not needed")); }},
    };
}

std::vector<Operation> run_operations() {
    return {
        {"OpenRun", nothing, [](Test& at) { return error_of(at.runs().open("jobs", RunCause::person, false)); }},
        {"BeginRun", [](Test& at) { ASSERT_TRUE(at.runs().open("jobs", RunCause::person, true)); },
         [](Test& at) { return error_of(at.runs().begin(1, Test::selection)); }},
        {"Cursor", one_running, [](Test& at) { return error_of(at.runs().cursor("jobs", Test::selection)); }},
        {"StartOver", one_running, [](Test& at) { return error_of(at.runs().start_over(1, "410")); }},
        {"Suspend", one_running, [](Test& at) { return error_of(at.runs().suspend(1, "429", {Test::push("n1")})); }},
        {"NoteRun", one_running, [](Test& at) { return error_of(at.runs().note(1, "slow")); }},
        {"FailRun", one_running, [](Test& at) { return error_of(at.runs().fail(1, "401", {Test::push("n1")})); }},
        {"Unfinished", one_running, [](Test& at) { return error_of(at.runs().unfinished()); }},
        {"ReadRun", one_running, [](Test& at) { return error_of(at.runs().read(1)); }},
        {"ListRuns", one_running, [](Test& at) { return error_of(at.runs().list("jobs", 0, 10)); }},
        {"OfRoute", one_running, [](Test& at) { return error_of(at.runs().of_route("jobs")); }},
        {"RunCounts", one_running, [](Test& at) { return error_of(at.runs().counts(1)); }},
        {"RunsByState", one_running, [](Test& at) { return error_of(at.runs().by_state()); }},
        {"PurgeRuns",
         [](Test& at) {
             one_running(at);
             ASSERT_TRUE(at.runs().fail(1, "401"));
             at.running();
             at.clock_.advance(std::chrono::hours(48));
         },
         [](Test& at) { return error_of(at.runs().purge(std::chrono::hours(1))); }},
    };
}

std::vector<Operation> state_operations() {
    return {
        {"GetValue", one_value, [](Test& at) { return error_of(at.state().get("lever", "key")); }},
        {"PutValue", one_value, [](Test& at) { return error_of(at.state().put("lever", "key", "new", 1)); }},
        {"RemoveValue", one_value, [](Test& at) { return error_of(at.state().remove("lever", "key", 1)); }},
        {"PauseConnection", nothing, [](Test& at) { return error_of(at.state().pause_connection("goco", "401")); }},
        {"ResumeConnection", [](Test& at) { ASSERT_TRUE(at.state().pause_connection("goco", "401")); },
         [](Test& at) { return error_of(at.state().resume_connection("goco")); }},
        {"RemoveConnection", one_value,
         [](Test& at) { return error_of(at.state().remove_connection("lever", "left")); }},
        {"ConnectAgain", [](Test& at) { ASSERT_TRUE(at.state().remove_connection("lever", "left")); },
         [](Test& at) { return error_of(at.state().connect_again("lever")); }},
        {"MarkVerified", nothing,
         [](Test& at) { return error_of(at.state().mark_verified("lever", at.clock_.now())); }},
        {"SetRouteMode", nothing,
         [](Test& at) { return error_of(at.state().set_route_mode("hires", RouteMode::stopped)); }},
        {"PutLink", one_link,
         [](Test& at) {
             return error_of(at.links().put({"lever", "candidate", "3"}, {"goco", "employee", "2"}));
         }},
        {"FindLinks", one_link,
         [](Test& at) {
             return error_of(at.links().find({"lever", "candidate", "1"}));
         }},
        {"RemoveLink", one_link,
         [](Test& at) {
             return error_of(at.links().remove({"goco", "employee", "2"}, {"lever", "candidate", "1"}));
         }},
        {"ListLinks", one_link, [](Test& at) { return error_of(at.links().list("lever", "", 10)); }},
        {"CountLinks", one_link, [](Test& at) { return error_of(at.links().count("lever", "candidate")); }},
        {"GetSealed", one_value, [](Test& at) { return error_of(at.sealed().get("lever", "oauth")); }},
        {"ChangeSealed", one_value,
         [](Test& at) {
             return error_of(at.sealed().change("lever", {{"oauth", "new"}, {"secret:/k", std::nullopt}}));
         }},
        {"RemoveSealed", one_value, [](Test& at) { return error_of(at.sealed().remove("lever", "oauth")); }},
        {"RemoveAllSealed", one_value, [](Test& at) { return error_of(at.sealed().remove_all("lever")); }},
    };
}

std::vector<Operation> letter_operations() {
    return {
        {"DeadCauses", one_dead, [](Test& at) { return error_of(at.dead().causes()); }},
        {"ListDead", one_dead, [](Test& at) { return error_of(at.dead().list({}, std::nullopt, 10)); }},
        {"SelectDead", one_dead, [](Test& at) { return error_of(at.dead().select({}, std::nullopt, 10)); }},
        {"CountDead", one_dead, [](Test& at) { return error_of(at.dead().count({}, std::nullopt)); }},
        {"FindLetter", one_dead, [](Test& at) { return error_of(at.dead().find(letter)); }},
        {"MayReplay", one_dead, [](Test& at) { return error_of(at.dead().may_replay(letter, false)); }},
        {"Edits", one_dead, [](Test& at) { return error_of(at.dead().edits(1)); }},
        {"EditsOfARevisedOne", one_revised, [](Test& at) { return error_of(at.dead().edits(1)); }},
        {"ListDeadItems", one_dead_item, [](Test& at) { return error_of(at.dead().list({}, std::nullopt, 10)); }},
        {"CausesOfDeadItems", one_dead_item, [](Test& at) { return error_of(at.dead().causes()); }},
        {"FindItemLetter", one_dead_item, [](Test& at) { return error_of(at.dead().find(item_letter)); }},
        {"MayReplayItem", one_dead_item, [](Test& at) { return error_of(at.dead().may_replay(item_letter, false)); }},
        {"ReplayRawItem", one_dead_item, [](Test& at) { return error_of(at.dead().replay_raw(item_letter, false)); }},
        {"DiscardItem", one_dead_item, [](Test& at) { return error_of(at.dead().discard(item_letter, "not needed")); }},
        {"Revise", one_dead, [](Test& at) { return error_of(at.dead().revise(1, revised())); }},
        {"SendRevised", one_dead, [](Test& at) { return error_of(at.dead().send_revised(1, revised(), false)); }},
        {"ReplayRaw", one_dead, [](Test& at) { return error_of(at.dead().replay_raw(letter, false)); }},
        {"DiscardLetter", one_dead, [](Test& at) { return error_of(at.dead().discard(letter, "not needed")); }},
    };
}

std::vector<Operation> history_operations() {
    return {
        {"List", one_dead, [](Test& at) { return error_of(at.history().list({.text = "ada", .state = "dead"})); }},
        {"Show", one_dead, [](Test& at) { return error_of(at.history().show(1)); }},
        {"EventOf", one_dead, [](Test& at) { return error_of(at.history().event_of(1)); }},
        {"ShowDelivery", one_dead, [](Test& at) { return error_of(at.history().delivery(1)); }},
        {"Conservation", one_dead, [](Test& at) { return error_of(at.history().conservation()); }},
        {"FilesInUse", one_dead, [](Test& at) { return error_of(files_in_use(at.store(), {std::string(64, 'a')})); }},
        {"FilesInUseOfAPayload", one_pending,
         [](Test& at) { return error_of(files_in_use(at.store(), {std::string(64, 'a')})); }},
        {"ListWithALaterEvent", two_events, [](Test& at) { return error_of(at.history().list({.text = "bob"})); }},
        {"Came", two_events,
         [](Test& at) {
             return error_of(
                 Arrivals(at.store()).came("lever", at.clock_.now() - std::chrono::hours(1), {{"e2", {"other key"}}}));
         }},
        {"CameByItsKey", one_pending,
         [](Test& at) {
             return error_of(Arrivals(at.store()).came("lever", at.clock_.now() - std::chrono::hours(1), {{"a"}}));
         }},
        {"IsEncrypted", one_pending, [](Test& at) { return error_of(is_encrypted(at.options_.path)); }},
        {"PurgeHistory", one_ended,
         [](Test& at) {
             std::chrono::hours const one(1);
             return error_of(at.store().purge({one, one, one}));
         },
         true},
        {"PurgeDeadLetters",
         [](Test& at) {
             one_dead(at);
             at.clock_.advance(std::chrono::hours(24 * 60));
         },
         [](Test& at) { return error_of(at.store().purge(std::chrono::hours(1))); }, true},
        {"Probe", nothing, [](Test& at) { return error_of(at.store().probe()); }},
        {"Purge", one_ended, [](Test& at) { return error_of(at.store().purge(std::chrono::hours(1))); }, true},
    };
}

std::vector<Operation> person_operations() {
    return {
        {"Erase", one_person, [](Test& at) { return error_of(Persons(at.store()).erase(ada)); }, true},
        {"EraseWithACopyOfTheKey", one_person_with_a_copy_of_the_key,
         [](Test& at) { return error_of(Persons(at.store()).erase(ada)); }, true},
        {"TurnArrivalKeys", one_idle_key, [](Test& at) { return error_of(turn_arrival_keys(at.store())); }, true},
    };
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Operation const& operation) {
    return out << operation.name;
}

std::vector<Operation> all_operations() {
    std::vector<Operation> all;
    for (auto const& some : {inbox_operations(), outbox_operations(), run_operations(), state_operations(),
                             letter_operations(), history_operations(), person_operations()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

std::string name_of(testing::TestParamInfo<Operation> const& of) {
    return of.param.name;
}

}  // namespace crosswalk::store
