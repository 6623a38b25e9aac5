#include "store/dead_letters.hpp"

#include "store/cause.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DeadLettersTest : public StoreFixture {
protected:
    [[nodiscard]] DeadLetters dead() { return DeadLetters(*store_); }
    // A delivery of a person of its own that the target refused, or whose outcome nobody knows.
    DeliveryId bury(std::string const& key, Outcome outcome = Outcome::rejected, std::string reason = "No.",
                    std::vector<model::FieldProblem> fields = {}) {
        dispatched({push(key, "person-" + key)});
        DeliveryId const id = lease().at(0).id;
        Settlement settlement{DeliveryState::dead, clock_.now(), report(outcome, std::move(reason)), {}};
        settlement.report.error_code = ErrorCode::invalid_argument;
        settlement.report.fields = std::move(fields);
        EXPECT_TRUE(outbox().settle(id, std::move(settlement)));
        return id;
    }
    InboxId bury_item(std::string const& key) {
        auto const verdict = inbox().accept(webhook(key));
        EXPECT_TRUE(inbox().bury(verdict->id, {ErrorCode::invalid_argument, "Line 17 is no JSON."}, {}));
        return verdict->id;
    }
    [[nodiscard]] DeadLetter letter(LetterId id) {
        auto found = dead().find(id);
        EXPECT_TRUE(found) << found.error().detail;
        return found ? *found : DeadLetter{};
    }
    [[nodiscard]] DeadLetter letter(DeliveryId id) { return letter(LetterId{false, id}); }
    [[nodiscard]] std::vector<std::string> listed(DeadFilter const& filter = {}, std::size_t limit = 100) {
        std::vector<std::string> found;
        auto const letters = dead().list(filter, std::nullopt, limit);
        EXPECT_TRUE(letters);
        for (DeadLetter const& one : *letters) {
            found.push_back(to_string(one.id));
        }
        return found;
    }
    static Revision revision(std::string key, std::string json = R"({"first":"Eve"})") {
        return {{"goco.employee/1", "t-1", std::move(json)},
                {{"/first_name", "set by a person"}},
                {},
                "[1]",
                std::move(key)};
    }
};

TEST_F(DeadLettersTest, ShareACauseThoughTheirReasonsDiffer) {
    bury("a", Outcome::rejected, "Employee 17 has no e-mail.", {{"/people/3/email", "missing"}});
    bury("b", Outcome::rejected, "Employee 18 has no e-mail.", {{"people/4/email", "missing"}});
    auto const causes = dead().causes().value();
    ASSERT_EQ(causes.size(), 1U);
    EXPECT_EQ(causes[0].cause, "push.invalid_argument:people/*/email");
    EXPECT_EQ(causes[0].deliveries, 2);
    EXPECT_EQ(causes[0].reason, "Employee 18 has no e-mail.");
    EXPECT_THAT(causes[0].routes, ElementsAre("hires"));
    EXPECT_THAT(causes[0].connections, ElementsAre("goco"));
}

TEST_F(DeadLettersTest, HaveACauseForEachStage) {
    NewDelivery refused = push("mapped");
    refused.decided = report(Outcome::rejected, "Fields are missing.");
    refused.decided->error_code = ErrorCode::invalid_argument;
    refused.decided->fields = {{"personal_email", "missing"}, {"last_name", "missing"}};
    dispatched({refused});
    bury("pushed");
    bury("lost", Outcome::unknown);
    bury_item("unread");
    std::vector<std::string> found;
    for (DeadCause const& cause : dead().causes().value()) {
        found.push_back(cause.cause);
    }
    EXPECT_THAT(found,
                testing::UnorderedElementsAre("map.invalid_argument:last_name,personal_email", "push.invalid_argument",
                                              "unknown.invalid_argument", "read.invalid_argument"));
}

TEST(Cause, NamesThreeFieldsAtMostAndNothingThatCouldBeAValue) {
    model::AttemptReport report;
    report.error_code = ErrorCode::invalid_argument;
    for (char const* field : {"d", "c", "b", "a", "b"}) {
        report.fields.push_back({field, "wrong"});
    }
    EXPECT_EQ(cause_of_mapping(report), "map.invalid_argument:a,b,c,more");
    report.fields = {{"ada@example.com, +1", "wrong"}};
    EXPECT_EQ(cause_of_mapping(report), "map.invalid_argument:ada_example.com___1");
    report.fields = {{std::string(5000, 'x'), "wrong"}};
    EXPECT_LE(cause_of_mapping(report).size(), cause_bytes_max);
}

TEST_F(DeadLettersTest, SayWhenTheFirstAndTheLastDied) {
    auto const first = clock_.now();
    bury("a");
    clock_.advance(std::chrono::hours(3));
    bury("b");
    auto const cause = dead().causes().value().at(0);
    EXPECT_EQ(cause.oldest, first);
    EXPECT_EQ(cause.newest, clock_.now());
}

TEST_F(DeadLettersTest, AreListedNewestFirstAndPageByPageEachOnce) {
    for (char const* key : {"a", "b", "c"}) {
        bury(key);
    }
    InboxId const item = bury_item("unread");
    std::string const item_letter = to_string(LetterId{true, item});
    EXPECT_THAT(listed(), ElementsAre("d3", "d2", "d1", item_letter));
    auto const second = dead().list({}, LetterId{false, 2}, 2).value();
    ASSERT_EQ(second.size(), 2U);
    EXPECT_EQ(to_string(second[0].id), "d1");
    EXPECT_EQ(to_string(second[1].id), item_letter);
    EXPECT_THAT(dead().list({}, LetterId{true, item}, 2).value(), IsEmpty());
}

TEST_F(DeadLettersTest, AreSelectedOldestFirstAndTheRestIsCounted) {
    for (char const* key : {"a", "b", "c"}) {
        bury(key);
    }
    auto const page = dead().select({}, std::nullopt, 2).value();
    EXPECT_THAT(page, ElementsAre(LetterId{false, 1}, LetterId{false, 2}));
    EXPECT_EQ(dead().count({}, page.back()).value(), 1);
    EXPECT_THAT(dead().select({}, page.back(), 2).value(), ElementsAre(LetterId{false, 3}));
}

TEST_F(DeadLettersTest, AreFoundByCauseItsStageRouteConnectionAndTime) {
    bury("a", Outcome::rejected, "No.", {{"email", "missing"}});
    clock_.advance(std::chrono::hours(1));
    auto const noon = clock_.now();
    bury("b", Outcome::unknown);
    EXPECT_THAT(listed({.cause = "push.invalid_argument:email"}), ElementsAre("d1"));
    EXPECT_THAT(listed({.cause = "push.invalid_argument"}), ElementsAre("d1"));
    EXPECT_THAT(listed({.cause = "push.invalid"}), IsEmpty());
    EXPECT_THAT(listed({.route = "hires"}), ElementsAre("d2", "d1"));
    EXPECT_THAT(listed({.route = "other"}), IsEmpty());
    EXPECT_THAT(listed({.connection = "lever"}), IsEmpty());
    EXPECT_THAT(listed({.since = noon}), ElementsAre("d2"));
    EXPECT_THAT(listed({.until = noon}), ElementsAre("d1"));
}

TEST_F(DeadLettersTest, AreNamedByALetterAndANumber) {
    EXPECT_EQ(to_string(*parse_letter("d23")), "d23");
    EXPECT_EQ(to_string(*parse_letter("e17")), "e17");
    EXPECT_EQ(to_string(*parse_letter("23")), "d23");
    for (char const* text : {"", "d", "e0", "d-1", "x3", "d3x", "d99999999999999999999", " d3"}) {
        EXPECT_FALSE(parse_letter(text)) << text;
    }
}

TEST_F(DeadLettersTest, GetAnotherRecordAndKeyAndStayDead) {
    DeliveryId const id = bury("a");
    ASSERT_TRUE(dead().revise(id, revision("key-2")));
    auto const view = history().delivery(id).value();
    EXPECT_EQ(view.state, DeliveryState::dead);
    EXPECT_EQ(view.delivery.record.json, R"({"first":"Eve"})");
    EXPECT_EQ(view.delivery.idempotency_key, "key-2");
    EXPECT_EQ(view.sources.at(0).source, "set by a person");
    EXPECT_EQ(dead().edits(id).value(), "[1]");
    EXPECT_TRUE(letter(id).is_edited);
    EXPECT_TRUE(lease().empty());
}

TEST_F(DeadLettersTest, GoOutWithTheirNewRecordAndKey) {
    DeliveryId const id = bury("a");
    ASSERT_TRUE(dead().send_revised(id, revision("key-2"), false));
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased[0].idempotency_key, "key-2");
    EXPECT_EQ(leased[0].record.json, R"({"first":"Eve"})");
    EXPECT_EQ(leased[0].attempt, 1);
    EXPECT_THAT(dead().causes().value(), IsEmpty());
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(DeadLettersTest, KeepTheirRecordWhileTheLastAttemptMayHaveBeenApplied) {
    DeliveryId const id = bury("a", Outcome::unknown);
    for (auto const& refused : {dead().revise(id, revision("k")), dead().send_revised(id, revision("k"), true)}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::failed_precondition);
        EXPECT_THAT(refused.error().detail, HasSubstr("looks it up"));
    }
    EXPECT_FALSE(dead().replay_raw({false, id}, true));
    EXPECT_EQ(history().delivery(id)->delivery.idempotency_key, "a");
}

TEST_F(DeadLettersTest, RunAgainFromRawForTheirRouteAloneAndOnlyOnce) {
    DeliveryId const id = bury("a");
    auto const event = dead().replay_raw({false, id}, false);
    ASSERT_TRUE(event) << event.error().detail;
    auto const item = inbox().read(*event).value();
    EXPECT_EQ(item.route, "hires");
    EXPECT_EQ(item.replay_of, letter(id).event);
    EXPECT_EQ(letter(id).state, "discarded");
    EXPECT_EQ(letter(id).replayed_as, *event);
    EXPECT_EQ(letter(id).died_of, "No.");
    EXPECT_EQ(dead().replay_raw({false, id}, true).error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(outbox().retry_now(id, true).error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(inbox().pending().value(), 1);
    EXPECT_EQ(history().conservation()->difference(), 0);
    EXPECT_EQ(history().conservation()->discarded, 1);
}

TEST_F(DeadLettersTest, ThatAreEventsRunAgainOnce) {
    LetterId const id{true, bury_item("a")};
    auto const event = dead().replay_raw(id, false);
    ASSERT_TRUE(event);
    EXPECT_EQ(inbox().read(*event)->raw.body, "{\"id\":\"a\"}");
    EXPECT_EQ(letter(id).state, "discarded");
    EXPECT_FALSE(dead().replay_raw(id, true));
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(DeadLettersTest, AreDiscardedWithTheReasonAndKeepTheOneBefore) {
    LetterId const item{true, bury_item("a")};
    LetterId const delivery{false, bury("b")};
    for (LetterId const id : {item, delivery}) {
        ASSERT_TRUE(dead().discard(id, "Entered by hand."));
        EXPECT_EQ(letter(id).state, "discarded");
        EXPECT_EQ(letter(id).reason, "Entered by hand.");
        EXPECT_EQ(dead().discard(id, "Again.").error().code, ErrorCode::failed_precondition);
    }
    EXPECT_EQ(letter(item).died_of, "Line 17 is no JSON.");
    EXPECT_EQ(letter(delivery).died_of, "No.");
    EXPECT_THAT(listed(), IsEmpty());
    auto const sum = history().conservation().value();
    EXPECT_EQ(sum.discarded, 2);
    EXPECT_EQ(sum.dead, 0);
    EXPECT_EQ(sum.difference(), 0);
    EXPECT_EQ(history().list({.state = "discarded"})->size(), 2U);
}

TEST_F(DeadLettersTest, ThatWereDiscardedCanStillBeReplayed) {
    LetterId const item{true, bury_item("a")};
    DeliveryId const delivery = bury("b");
    ASSERT_TRUE(dead().discard(item, "No."));
    ASSERT_TRUE(dead().discard({false, delivery}, "No."));
    EXPECT_TRUE(dead().replay_raw(item, false));
    ASSERT_TRUE(outbox().retry_now(delivery, false));
    EXPECT_EQ(letter(delivery).state, "pending");
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(DeadLettersTest, DoNotIncludeWhatEndedWellExceptByForce) {
    dispatched({push("a")});
    DeliveryId const id = lease().at(0).id;
    settle(id, DeliveryState::delivered, Outcome::delivered);
    auto const refused = dead().may_replay({false, id}, false);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("makes it twice"));
    EXPECT_TRUE(dead().may_replay({false, id}, true));
    EXPECT_FALSE(outbox().retry_now(id, false));
    EXPECT_EQ(dead().discard({false, id}, "No.").error().code, ErrorCode::failed_precondition);
}

TEST_F(DeadLettersTest, OfOneLaneGoOutInTheOrderTheyCame) {
    dispatched({push("first"), push("second")});
    for (int i = 0; i < 2; ++i) {
        settle(lease().at(0).id, DeliveryState::dead, Outcome::rejected);
    }
    for (LetterId const id : dead().select({}, std::nullopt, 10).value()) {
        ASSERT_TRUE(outbox().retry_now(id.number, false));
    }
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U) << "one lane, one at a time";
    EXPECT_EQ(leased[0].idempotency_key, "first");
}

TEST_F(DeadLettersTest, LoseWhatAPersonSetWhenTheyArePurged) {
    DeliveryId const id = bury("a");
    ASSERT_TRUE(dead().revise(id, revision("key-2")));
    clock_.advance(std::chrono::hours(24 * 91));
    ASSERT_TRUE(store_->purge(std::chrono::hours(24 * 90)));
    EXPECT_EQ(dead().edits(id).value(), "");
    EXPECT_EQ(dead().replay_raw({false, id}, false).error().code, ErrorCode::failed_precondition);
}

TEST_F(DeadLettersTest, ThatDoNotExistAreNotFound) {
    EXPECT_EQ(dead().find({false, 9}).error().code, ErrorCode::not_found);
    EXPECT_EQ(dead().find({true, 9}).error().code, ErrorCode::not_found);
    EXPECT_EQ(dead().revise(9, revision("k")).error().code, ErrorCode::not_found);
    EXPECT_EQ(dead().replay_raw({true, 9}, false).error().code, ErrorCode::not_found);
    EXPECT_EQ(dead().discard({false, 9}, "No.").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace crosswalk::store
