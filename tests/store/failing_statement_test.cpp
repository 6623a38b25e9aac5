// Every call of the store with each of its statements refused in turn: the call says so, nothing of it stays, and the
// same call works afterwards as if nothing had been.
#include "failing_statement.hpp"

#include "store/dead_letters.hpp"
#include "store/file_uses.hpp"
#include "store/links.hpp"
#include "store/sealed.hpp"
#include "store_fixture.hpp"

#include <functional>
#include <map>
#include <optional>
#include <ostream>

namespace crosswalk::store {
namespace {

class FailingStatementTest;

struct Operation {
    char const* name;
    std::function<void(FailingStatementTest&)> prepare;
    std::function<std::optional<model::Error>(FailingStatementTest&)> run;
    bool in_steps = false;  // works in several transactions, so that the first may stay when the second fails
};
std::ostream& operator<<(std::ostream& out, Operation const& operation) {
    return out << operation.name;
}

class FailingStatementTest : public StoreFixture, public testing::WithParamInterface<Operation> {
public:
    using StoreFixture::clock_;
    using StoreFixture::dispatched;
    using StoreFixture::event;
    using StoreFixture::history;
    using StoreFixture::inbox;
    using StoreFixture::lease;
    using StoreFixture::outbox;
    using StoreFixture::push;
    using StoreFixture::report;
    using StoreFixture::running;
    using StoreFixture::runs;
    using StoreFixture::selection;
    using StoreFixture::settle;
    using StoreFixture::state;
    using StoreFixture::turn;
    using StoreFixture::webhook;
    [[nodiscard]] Store& store() { return *store_; }
    [[nodiscard]] DeadLetters dead() { return DeadLetters(*store_); }
    [[nodiscard]] Links links() { return Links(*store_); }
    [[nodiscard]] Sealed sealed() { return Sealed(*store_); }

protected:
    // What stands in the file: each table with its rows.
    [[nodiscard]] std::map<std::string, std::string> picture() const {
        std::map<std::string, std::string> all;
        sqlite3* handle = nullptr;
        EXPECT_EQ(sqlite3_open(options_.path.string().c_str(), &handle), SQLITE_OK);
        auto const add = [](void* text, int columns, char** values, char**) {
            for (int i = 0; i < columns; ++i) {
                static_cast<std::string*>(text)->append(values[i] == nullptr ? "NULL" : values[i]).append("|");
            }
            static_cast<std::string*>(text)->append("\n");
            return 0;
        };
        std::string tables;
        sqlite3_exec(handle, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", add, &tables,
                     nullptr);
        std::istringstream names(tables);
        for (std::string name; std::getline(names, name, '|'); names.ignore()) {
            std::string const sql = "SELECT * FROM " + name;
            EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), add, &all[name], nullptr), SQLITE_OK) << sql;
        }
        sqlite3_close(handle);
        return all;
    }

    FailingStatement statements_;
};

TEST_P(FailingStatementTest, FailsWholeAndWorksAfterwards) {
    store_.reset();
    open();  // so that its connections are watched
    GetParam().prepare(*this);
    ASSERT_FALSE(HasFatalFailure());
    auto const before = picture();
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 200) << "a call has a limited number of statements";
        statements_.fail_after(n);
        auto const failed = GetParam().run(*this);
        bool const refused = statements_.heal();
        ASSERT_EQ(failed.has_value(), refused) << (failed ? failed->detail : "the refusal was not reported");
        if (!refused) {
            EXPECT_GT(n, 0) << "the call runs no statement";
            break;
        }
        EXPECT_FALSE(failed->detail.empty());
        if (!GetParam().in_steps) {
            EXPECT_EQ(picture(), before) << "something of the failed call stays";
        }
    }
    EXPECT_EQ(history().conservation()->difference(), 0);
    EXPECT_TRUE(store_->probe());
}

template <class Outcome>
std::optional<model::Error> error_of(Outcome const& outcome) {
    return outcome ? std::nullopt : std::optional(outcome.error());
}

using Test = FailingStatementTest;

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

Operation const inbox_operations[] = {
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
    {"Filter", one_pending, [](Test& at) { return error_of(at.inbox().dispatch(1, {}, "Nobody wanted it.")); }},
    {"Bury", one_pending,
     [](Test& at) {
         NewDelivery notice = Test::push("n1");
         notice.kind = DeliveryKind::notice;
         return error_of(at.inbox().bury(1, {model::ErrorCode::invalid_argument, "No JSON."}, {notice}));
     }},
    {"Replay", one_dispatched, [](Test& at) { return error_of(at.inbox().replay(1)); }},
};

Operation const outbox_operations[] = {
    {"Lease", one_dispatched, [](Test& at) { return error_of(at.outbox().lease_due(at.clock_.now(), 10)); }},
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
    {"Release", one_leased, [](Test& at) { return error_of(at.outbox().release(1, at.clock_.now())); }},
    {"RetryNow", one_dead, [](Test& at) { return error_of(at.outbox().retry_now(1, false)); }},
    {"Discard", one_dead, [](Test& at) { return error_of(at.outbox().discard(1, "not needed")); }},
};

Operation const run_operations[] = {
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

Operation const state_operations[] = {
    {"GetValue", one_value, [](Test& at) { return error_of(at.state().get("lever", "key")); }},
    {"PutValue", one_value, [](Test& at) { return error_of(at.state().put("lever", "key", "new", 1)); }},
    {"RemoveValue", one_value, [](Test& at) { return error_of(at.state().remove("lever", "key", 1)); }},
    {"PauseConnection", nothing, [](Test& at) { return error_of(at.state().pause_connection("goco", "401")); }},
    {"ResumeConnection", [](Test& at) { ASSERT_TRUE(at.state().pause_connection("goco", "401")); },
     [](Test& at) { return error_of(at.state().resume_connection("goco")); }},
    {"RemoveConnection", one_value, [](Test& at) { return error_of(at.state().remove_connection("lever", "left")); }},
    {"ConnectAgain", [](Test& at) { ASSERT_TRUE(at.state().remove_connection("lever", "left")); },
     [](Test& at) { return error_of(at.state().connect_again("lever")); }},
    {"MarkVerified", nothing, [](Test& at) { return error_of(at.state().mark_verified("lever", at.clock_.now())); }},
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

LetterId const letter{false, 1};
Revision revised() {
    return {{"goco.employee/1", "", R"({"first":"Eve"})"}, {}, {}, "[]", "d1-revised"};
}
Operation const letter_operations[] = {
    {"DeadCauses", one_dead, [](Test& at) { return error_of(at.dead().causes()); }},
    {"ListDead", one_dead, [](Test& at) { return error_of(at.dead().list({}, std::nullopt, 10)); }},
    {"SelectDead", one_dead, [](Test& at) { return error_of(at.dead().select({}, std::nullopt, 10)); }},
    {"CountDead", one_dead, [](Test& at) { return error_of(at.dead().count({}, std::nullopt)); }},
    {"FindLetter", one_dead, [](Test& at) { return error_of(at.dead().find(letter)); }},
    {"MayReplay", one_dead, [](Test& at) { return error_of(at.dead().may_replay(letter, false)); }},
    {"Edits", one_dead, [](Test& at) { return error_of(at.dead().edits(1)); }},
    {"Revise", one_dead, [](Test& at) { return error_of(at.dead().revise(1, revised())); }},
    {"SendRevised", one_dead, [](Test& at) { return error_of(at.dead().send_revised(1, revised(), false)); }},
    {"ReplayRaw", one_dead, [](Test& at) { return error_of(at.dead().replay_raw(letter, false)); }},
    {"DiscardLetter", one_dead, [](Test& at) { return error_of(at.dead().discard(letter, "not needed")); }},
};

Operation const history_operations[] = {
    {"List", one_dead, [](Test& at) { return error_of(at.history().list({.text = "ada", .state = "dead"})); }},
    {"Show", one_dead, [](Test& at) { return error_of(at.history().show(1)); }},
    {"EventOf", one_dead, [](Test& at) { return error_of(at.history().event_of(1)); }},
    {"ShowDelivery", one_dead, [](Test& at) { return error_of(at.history().delivery(1)); }},
    {"DeadCauses", one_dead, [](Test& at) { return error_of(DeadLetters(at.store()).causes()); }},
    {"DeadList", one_dead, [](Test& at) { return error_of(DeadLetters(at.store()).list({}, std::nullopt, 10)); }},
    {"DeadReplayRaw", one_dead,
     [](Test& at) {
         return error_of(DeadLetters(at.store()).replay_raw({false, 1}, false));
     }},
    {"Conservation", one_dead, [](Test& at) { return error_of(at.history().conservation()); }},
    {"FilesInUse", one_dead, [](Test& at) { return error_of(files_in_use(at.store(), {std::string(64, 'a')})); }},
    {"Probe", nothing, [](Test& at) { return error_of(at.store().probe()); }},
    {"Purge", one_ended, [](Test& at) { return error_of(at.store().purge(std::chrono::hours(1))); }, true},
};

std::string name_of(testing::TestParamInfo<Operation> const& of) {
    return of.param.name;
}
INSTANTIATE_TEST_SUITE_P(Inbox, FailingStatementTest, testing::ValuesIn(inbox_operations), name_of);
INSTANTIATE_TEST_SUITE_P(Outbox, FailingStatementTest, testing::ValuesIn(outbox_operations), name_of);
INSTANTIATE_TEST_SUITE_P(Runs, FailingStatementTest, testing::ValuesIn(run_operations), name_of);
INSTANTIATE_TEST_SUITE_P(State, FailingStatementTest, testing::ValuesIn(state_operations), name_of);
INSTANTIATE_TEST_SUITE_P(DeadLetters, FailingStatementTest, testing::ValuesIn(letter_operations), name_of);
INSTANTIATE_TEST_SUITE_P(History, FailingStatementTest, testing::ValuesIn(history_operations), name_of);

class FailingOpenTest : public StoreFixture {
protected:
    FailingStatement statements_;
};

TEST_F(FailingOpenTest, AStoreThatCannotReadAllOfItsFileDoesNotOpenAndOpensLater) {
    dispatched({push("d1"), push("d2")});
    ASSERT_EQ(lease().size(), 1U);
    ASSERT_TRUE(state().pause_connection("charthop", "by hand"));
    store_.reset();
    int refusals = 0;
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 200);
        statements_.fail_after(n);
        auto opened = Store::open(options_, clock_, logger_);
        bool const refused = statements_.heal();
        ASSERT_EQ(!opened, refused);
        if (!refused) {
            break;
        }
        ++refusals;
    }
    EXPECT_GT(refusals, 3);
    open();
    EXPECT_TRUE(state().connection("charthop")->paused);
    EXPECT_EQ(history().delivery(1)->state, DeliveryState::unknown) << "it was in flight when the host ended";
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(FailingOpenTest, AMigrationThatFailsHalfWayGoesOnNextTime) {
    store_.reset();
    std::filesystem::remove(options_.path);
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 500);
        statements_.fail_after(n);
        auto opened = Store::open(options_, clock_, logger_);
        bool const refused = statements_.heal();
        ASSERT_EQ(!opened, refused);
        if (!refused) {
            EXPECT_TRUE((*opened)->probe());
            break;
        }
    }
}

}  // namespace
}  // namespace crosswalk::store
