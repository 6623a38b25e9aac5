// What the store refuses or passes over: too much at once, what is erased or purged, calls that come too late, rows
// that no host of this version writes, files that cannot be opened.
#include "failing_vfs.hpp"
#include "store/codec.hpp"
#include "store/database.hpp"
#include "store/dead_letters.hpp"
#include "store/dedupe.hpp"
#include "store/handles.hpp"
#include "store/payload_rows.hpp"
#include "store/persons.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <future>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;
using testing::HasSubstr;

struct StoreRefusals : StoreFixture {
    // The answer to an accept that does not wait.
    model::Result<Verdict> accept_late(Accepted item) {
        std::promise<model::Result<Verdict>> answer;
        inbox().accept(std::move(item), [&](model::Result<Verdict> const& given) { answer.set_value(given); });
        return answer.get_future().get();
    }
    model::Result<void> settle_late(DeliveryId id, DeliveryState state) {
        std::promise<model::Result<void>> answer;
        auto const end = std::make_shared<Settlement>(Settlement{state, clock_.now(), report(Outcome::delivered), {}});
        outbox().settle(id, end, [&](model::Result<void> const& given) { answer.set_value(given); });
        return answer.get_future().get();
    }
    // One delivery about somebody with an address.
    void hire(std::string const& key) {
        auto const id = inbox().accept(webhook(key))->id;
        model::Event about = event(key, "person-" + key);
        about.record.json = R"({"kind":"hire","personal_email":"ada@example.com"})";
        ASSERT_TRUE(inbox().dispatch(id, {{about, {push(key, "person-" + key)}}}, ""));
    }
    void erase_her() { ASSERT_TRUE(Persons(*store_).erase("ada@example.com")); }
};

TEST_F(StoreRefusals, AnEventOfMoreThan64MiBIsNotTakenHoweverItComes) {
    Accepted large = webhook("large");
    large.raw.body.assign(std::size_t{64} * 1024 * 1024, 'x');
    EXPECT_EQ(accept_late(large).error().code, ErrorCode::too_large);
    EXPECT_EQ(inbox().accept(std::move(large)).error().code, ErrorCode::too_large);
    EXPECT_EQ(inbox().pending().value(), 0);
}

TEST_F(StoreRefusals, AnEventStartsAtMost10000Deliveries) {
    auto const id = inbox().accept(webhook("a"))->id;
    DispatchedEvent many{event("e"), {}};
    many.deliveries.resize(10'000);
    EXPECT_EQ(inbox().dispatch(id, {std::move(many)}, "").error().code, ErrorCode::too_large);
    EXPECT_EQ(inbox().pending().value(), 1);
}

TEST_F(StoreRefusals, ACallbackHearsThatTheStoreIsClosed) {
    dispatched({push("d1")});
    ASSERT_EQ(lease().size(), 1U);
    store_->close();
    EXPECT_EQ(accept_late(webhook("a")).error().code, ErrorCode::unavailable);
    EXPECT_EQ(settle_late(1, DeliveryState::delivered).error().code, ErrorCode::unavailable);
}

TEST_F(StoreRefusals, ACallbackHearsThatAnAttemptCannotEndLikeThat) {
    dispatched({push("d1")});
    ASSERT_EQ(lease().size(), 1U);
    EXPECT_EQ(settle_late(1, DeliveryState::in_flight).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(history().delivery(1)->state, DeliveryState::in_flight);
}

TEST_F(StoreRefusals, AnItemThatIsNoLongerPendingIsNeitherPutOffNorBuried) {
    InboxId const id = dispatched({push("d1")});
    EXPECT_TRUE(inbox().retry_at(id, clock_.now(), {ErrorCode::unavailable, "503"}, {push("n1")}));
    EXPECT_TRUE(inbox().bury(id, {ErrorCode::invalid_argument, "No JSON."}, {push("n2")}));
    EXPECT_EQ(history().show(id)->summary.state, "dispatched");
    EXPECT_EQ(history().show(id)->deliveries.size(), 1U) << "the notices of a call that came too late are not made";
    EXPECT_EQ(inbox().retry_at(99, clock_.now(), {ErrorCode::unavailable, "503"}, {}).error().code,
              ErrorCode::not_found);
    EXPECT_EQ(inbox().bury(99, {ErrorCode::invalid_argument, "No JSON."}, {}).error().code, ErrorCode::not_found);
}

TEST_F(StoreRefusals, ALetterTakesNobodyElsesIdempotencyKey) {
    dispatched({push("d1"), push("d2", "person-2")});
    ASSERT_EQ(lease().size(), 2U);
    settle(1, DeliveryState::dead, Outcome::rejected, "No such department.");
    DeadLetters dead(*store_);
    Revision const revision{{"goco.employee/1", "", R"({"first":"Eve"})"}, {}, {}, "[]", "d2"};
    EXPECT_EQ(dead.revise(1, revision).error().code, ErrorCode::already_exists);
    EXPECT_EQ(dead.edits(1).value(), "") << "nothing of it stays";
    EXPECT_EQ(history().delivery(1)->delivery.idempotency_key, "d1");
}

TEST_F(StoreRefusals, ARunBeginsOnceAndSaysWhatItIsOtherwise) {
    RunId const run = running();
    ASSERT_TRUE(runs().fail(run, "401"));
    auto const again = runs().begin(run, selection);
    EXPECT_EQ(again.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(again.error().detail, HasSubstr("is failed"));
    EXPECT_EQ(name(RunCause::schedule), "schedule");
    EXPECT_TRUE(runs().note(run, "too late"));
    EXPECT_TRUE(runs().fail(run, "too late"));
    EXPECT_EQ(runs().read(run)->reason, "401");
}

TEST_F(StoreRefusals, ARunCountsAsSkippedWhatATargetHasAlreadyOrARuleLeftOut) {
    RunId const run = running();
    auto const verdicts = turn(run, {"a"}, "cursor", true).value();
    NewDelivery duplicate = push("k1");
    duplicate.decided = report(Outcome::duplicate);
    NewDelivery skipped = push("k2");
    skipped.decided = report(Outcome::skipped);
    ASSERT_TRUE(inbox().dispatch(verdicts.at(0).id, {{event("a"), {duplicate, skipped}}}, ""));
    EXPECT_EQ(runs().counts(run)->skipped, 2);
}

TEST_F(StoreRefusals, NothingMoreIsWrittenAboutSomebodyWhoWasErasedMeanwhile) {
    hire("a");
    ASSERT_EQ(lease().size(), 1U);
    erase_her();
    Settlement end{DeliveryState::delivered, clock_.now(), report(Outcome::delivered), {push("note", "person-a")}};
    end.report.warnings = {{"department", "Ada has none"}};
    ASSERT_TRUE(outbox().settle(1, std::move(end)));
    auto const shown = history().show(1);
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->deliveries.size(), 1U) << "no note about her";
    EXPECT_EQ(shown->deliveries[0].state, DeliveryState::delivered);
    EXPECT_TRUE(shown->deliveries[0].delivery.warnings.empty());
}

TEST_F(StoreRefusals, ADeadLetterOfSomebodyErasedCannotBeEdited) {
    hire("a");
    ASSERT_EQ(lease().size(), 1U);
    settle(1, DeliveryState::dead, Outcome::rejected, "No.");
    erase_her();
    auto const revised = DeadLetters(*store_).revise(1, {{"goco.employee/1", "", "{}"}, {}, {}, "[]", "k2"});
    EXPECT_EQ(revised.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(revised.error().detail, HasSubstr("was erased"));
}

TEST_F(StoreRefusals, APayloadWhoseKeyIsGoneReadsAsEmptyAndIsNotReplayed) {
    InboxId const id = dispatched({push("d1")});
    tamper("DELETE FROM key WHERE kind <> 1");
    reopen();
    auto const item = inbox().read(id);
    ASSERT_TRUE(item) << item.error().detail;
    EXPECT_TRUE(item->raw.body.empty());
    EXPECT_EQ(inbox().replay(id).error().code, ErrorCode::failed_precondition);
}

TEST_F(StoreRefusals, APurgedPayloadReadsAsEmpty) {
    InboxId const id = dispatched({});
    tamper("DELETE FROM payload");
    auto const item = inbox().read(id);
    ASSERT_TRUE(item);
    EXPECT_EQ(item->connection, "lever");
    EXPECT_TRUE(item->raw.body.empty());
}

TEST_F(StoreRefusals, APayloadThatIsNoneIsReported) {
    InboxId const id = inbox().accept(webhook("a"))->id;
    for (std::string const& plain :
         {std::string(), std::string("x"), std::string("w\1"), std::string("w\xFF\0\0\0{}", 7),
          std::string("w\2\0\0\0{}", 7), std::string("e{}")}) {
        auto const done = store_->database().write([&](Batch& batch) -> model::Result<void> {
            auto const arrival = batch.ring.arrival();
            auto const sealed = seal_payload(arrival, {"lever", clock_.now()}, plain).value();
            auto const put = batch.sqlite.run("UPDATE payload SET sealed = ?", Blob{sealed.bytes});
            return put ? batch.sqlite.run("UPDATE inbox SET key = ?, wrapped = ?", arrival.id, Blob{sealed.wrapped})
                       : put;
        });
        ASSERT_TRUE(done);
        EXPECT_EQ(inbox().read(id).error().code, ErrorCode::corruption) << testing::PrintToString(plain);
    }
}

TEST_F(StoreRefusals, ARowOfAStateThatThisHostDoesNotKnowShowsAsADifference) {
    dispatched({push("d1")});
    tamper("UPDATE delivery SET state = 77");
    EXPECT_NE(history().conservation()->difference(), 0);
    EXPECT_EQ(name(static_cast<DeliveryState>(77)), "");
    for (char const* const state : {"9", "-1"}) {
        tamper(std::string("UPDATE inbox SET state = ") + state);
        EXPECT_EQ(DeadLetters(*store_).find({true, 1})->state, "received") << state;
    }
}

TEST_F(StoreRefusals, CountsEachWayThatADeliveryEnds) {
    std::vector<NewDelivery> decided;
    for (Outcome const outcome : {Outcome::delivered, Outcome::duplicate, Outcome::unchanged, Outcome::skipped}) {
        NewDelivery one = push("k" + std::to_string(static_cast<int>(outcome)));
        one.decided = report(outcome);
        decided.push_back(std::move(one));
    }
    dispatched(std::move(decided));
    auto const counted = history().conservation().value();
    EXPECT_EQ(counted.delivered, 1);
    EXPECT_EQ(counted.duplicate, 1);
    EXPECT_EQ(counted.unchanged, 1);
    EXPECT_EQ(counted.skipped, 1);
    EXPECT_EQ(counted.difference(), 0);
}

TEST_F(StoreRefusals, ACauseThatDeliveriesAndItemsShareIsOne) {
    dispatched({push("d1")});
    ASSERT_EQ(lease().size(), 1U);
    settle(1, DeliveryState::dead, Outcome::rejected, "No.");
    auto const first = clock_.now();
    clock_.advance(std::chrono::hours(1));
    auto const item = inbox().accept(webhook("item"))->id;
    ASSERT_TRUE(inbox().bury(item, {ErrorCode::invalid_argument, "No JSON."}, {}));
    tamper("UPDATE delivery SET cause = 'earlier'; UPDATE inbox SET cause = 'earlier' WHERE state = 3");
    auto const causes = DeadLetters(*store_).causes().value();
    ASSERT_EQ(causes.size(), 1U);
    EXPECT_EQ(causes[0].deliveries, 1);
    EXPECT_EQ(causes[0].items, 1);
    EXPECT_EQ(causes[0].oldest, first);
    EXPECT_EQ(causes[0].newest, clock_.now());
}

TEST_F(StoreRefusals, AJobIsNobodysAndStaysReadableWhenSomebodyIsErased) {
    auto const id = inbox().accept(webhook("job"))->id;
    model::Event job = event("job", "posting-1", "Baker");
    job.record = {"crosswalk.posting/1", "p-1", R"({"kind":"posting","title":"Baker"})"};
    ASSERT_TRUE(inbox().dispatch(id, {{job, {push("d1", "posting-1")}}}, ""));
    erase_her();
    EXPECT_EQ(history().show(id)->summary.title, "Baker");
}

TEST_F(StoreRefusals, NobodyIsErasedToWhomMoreThanAHundredThousandKeysLead) {
    hire("a");
    reopen();
    tamper(
        "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n LIMIT 100000)"
        " INSERT INTO key (id, kind, wrapped) SELECT i, 3, x'00' FROM n");
    tamper("INSERT INTO handle SELECT (SELECT hash FROM handle_recent LIMIT 1), id FROM key WHERE id >= 1000");
    auto const refused = Persons(*store_).erase("ada@example.com");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_THAT(refused.error().detail, HasSubstr("100,000 keys"));
    EXPECT_EQ(history().show(1)->summary.title, "Ada Example");
}

TEST_F(StoreRefusals, NobodyIsErasedToWhomMoreThanTenThousandIdsLead) {
    for (int item = 0; item < 2; ++item) {
        std::vector<DispatchedEvent> events;
        for (int n = 0; n < 5001; ++n) {
            std::string const id = std::to_string(item) + "-" + std::to_string(n);
            events.push_back({event(id), {}});
            events.back().event.record.json =
                R"({"kind":"hire","personal_email":"ada@example.com","ref":{"system":"lever","kind":"opportunity","id":")" +
                id + R"("}})";
        }
        ASSERT_TRUE(inbox().dispatch(inbox().accept(webhook(std::to_string(item)))->id, std::move(events), "None."));
    }
    auto const refused = Persons(*store_).erase("ada@example.com");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_THAT(refused.error().detail, HasSubstr("10,000 addresses and ids"));
    EXPECT_EQ(history().show(1)->summary.title, "Ada Example");
}

TEST_F(StoreRefusals, MoreKeysThanAreKeptInMemoryAreReadFromTheFile) {
    constexpr int many = 5000;
    std::string const first_bytes = "first";
    KeyId first = 0;
    std::string sealed;
    ASSERT_TRUE(store_->database().write([&](Batch& batch) -> model::Result<void> {
        for (int i = 0; i < many; ++i) {
            auto const key = batch.ring.add(batch.sqlite, KeyKind::person);
            if (!key) {
                return key.error();
            }
            if (first == 0) {
                first = key->id;
                sealed = vault::seal(*key->key, "here", first_bytes).value();
            }
        }
        return {};
    }));
    auto const opened = store_->database().read(
        [&](Sqlite& sqlite) { return store_->database().ring().open(sqlite, first, "here", sealed); });
    EXPECT_EQ(opened.value().value(), first_bytes);
}

TEST(DedupeKeysErase, DoesNothingToAPairThatIsNotThere) {
    DedupeKeys keys;
    keys.erase(7, 1);
    EXPECT_EQ(keys.find(7, [](std::int64_t) { return true; }), 0) << "an empty table";
    keys.insert(7, 2);
    keys.erase(7, 1);
    keys.erase(8, 2);
    EXPECT_EQ(keys.find(7, [](std::int64_t) { return true; }), 2);
    EXPECT_EQ(keys.size(), 1U);
}

TEST(HandlesOf, TakeNothingFromMembersOfAnotherShape) {
    EXPECT_TRUE(
        handles_of({"crosswalk.hire/1", "", R"({"ref":7,"links":["x",1],"emails":{},"person":[]})"}).texts.empty());
    EXPECT_THAT(handles_of({"crosswalk.hire/1", "", R"({"person":{"emails":[{"value":"a@example.com"}]}})"}).texts,
                testing::ElementsAre("a@example.com"));
    std::string deep = R"("a@example.com")";
    for (int i = 0; i < 31; ++i) {
        deep = "[" + deep + "]";
    }
    EXPECT_EQ(handles_of({"vendor/1", "", deep}).texts.size(), 1U);
    EXPECT_TRUE(handles_of({"vendor/1", "", "[" + deep + "]"}).texts.empty()) << "no deeper than 32";
    EXPECT_EQ(handle_from("lever/contact/" + std::string(600, 'x')), "");
}

TEST(IsEncrypted, SaysNoOfAFileThatIsNotThere) {
    EXPECT_FALSE(is_encrypted("/nowhere/crosswalk.db").value());
}

TEST_F(StoreRefusals, AStoreWhoseLockIsSomethingElseSaysSoAndLeavesIt) {
    InboxId const id = dispatched({push("d1")});
    store_.reset();
    auto lock = options_.path;
    lock += ".lock";
    std::ofstream(lock) << std::string(4096, 'x');
    auto const refused = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::corruption);
    EXPECT_EQ(std::filesystem::file_size(lock), 4096U);
    std::filesystem::remove(lock);
    open();
    EXPECT_TRUE(history().show(id));
}

TEST_F(StoreRefusals, ANoticeThatRepeatsItsKeyIsMadeOnce) {
    RunId const run = running();
    NewDelivery notice = push("n1");
    notice.kind = DeliveryKind::notice;
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(runs().suspend(run, "429", {notice}));
    }
    EXPECT_THAT(keys(lease()), testing::ElementsAre("n1"));
}

struct OpeningRefused : StoreRefusals {
    FailingDisk disk_;
};

TEST_F(OpeningRefused, AStoreOfWhichAFileCannotBeOpenedSaysSoAndOpensLater) {
    for (bool const fresh : {false, true}) {
        dispatched({push("d1")});
        int refusals = 0;
        for (int n = 0;; ++n) {
            SCOPED_TRACE("file " + std::to_string(n) + " cannot be opened");
            ASSERT_LT(n, 50);
            store_.reset();
            if (fresh) {
                std::filesystem::remove(options_.path);
            }
            disk_.refuse_to_open_after(n);
            auto const opened = Store::open(options_, clock_, logger_);
            bool const refused = disk_.failed();
            disk_.heal();
            if (!refused) {
                ASSERT_TRUE(opened);
                break;
            }
            if (!opened) {
                ++refusals;
                EXPECT_EQ(opened.error().code, ErrorCode::unavailable) << opened.error().detail;
            }
        }
        EXPECT_GT(refusals, 2);
        open();
        EXPECT_EQ(history().show(1).has_value(), !fresh);
    }
}

TEST_F(OpeningRefused, WhetherAFileIsEncryptedIsNotGuessed) {
    disk_.refuse_to_open_after(0);
    EXPECT_EQ(is_encrypted(options_.path).error().code, ErrorCode::unavailable);
    disk_.heal();
    EXPECT_TRUE(is_encrypted(options_.path).value());
}

}  // namespace
}  // namespace crosswalk::store
