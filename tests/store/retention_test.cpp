// What goes with age, by class, and what must not.
#include "store/retention.hpp"

#include "store/database.hpp"
#include "store_fixture.hpp"

#include <gtest/gtest.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;
using std::chrono::hours;

constexpr hours day{24};

class RetentionTest : public StoreFixture {
protected:
    RetentionTest() { options_.dedupe_window = hours(24); }

    InboxId ended(std::string const& key, DeliveryState state, Outcome outcome) {
        InboxId const id = dispatched({push(key)});
        for (Delivery const& delivery : lease()) {
            settle(delivery.id, state, outcome);
        }
        return id;
    }
    [[nodiscard]] bool has_content(InboxId id) {
        auto const shown = history().show(id);
        EXPECT_TRUE(shown) << id;
        return shown && !shown->events.at(0).record.json.empty();
    }
    [[nodiscard]] bool is_known(InboxId id) { return history().show(id).has_value(); }
    Purged purge(hours payloads, hours dead_letters, hours kept) {
        auto const purged = store_->purge({payloads, dead_letters, kept});
        EXPECT_TRUE(purged) << purged.error().detail;
        return purged ? *purged : Purged{};
    }
    [[nodiscard]] std::int64_t count(Sql sql) {
        auto const counted = store_->database().read([&](Sqlite& sqlite) -> model::Result<std::int64_t> {
            std::int64_t count = 0;
            auto const read = sqlite.each(sql, [&](Row const& row) { count = row.integer(0); });
            return read ? model::Result<std::int64_t>(count) : model::Result<std::int64_t>(read.error());
        });
        return counted ? *counted : -1;
    }
};

TEST_F(RetentionTest, KeepsDeadLettersWhenThePayloadsOfTheRestAreGone) {
    InboxId const well = ended("d1", DeliveryState::delivered, Outcome::delivered);
    InboxId const dead = ended("d2", DeliveryState::dead, Outcome::rejected);
    auto const buried = inbox().accept(webhook("x"));
    ASSERT_TRUE(inbox().bury(buried->id, {ErrorCode::invalid_argument, "Not parseable."}, {}));
    clock_.advance(31 * day);
    Purged const purged = purge(30 * day, 180 * day, 400 * day);
    EXPECT_EQ(purged.payloads, 1U);
    EXPECT_EQ(purged.dead_letters, 0U);
    EXPECT_FALSE(has_content(well));
    EXPECT_TRUE(has_content(dead));
    EXPECT_TRUE(inbox().replay(buried->id));
}

TEST_F(RetentionTest, PurgesDeadLettersAtTheirOwnAge) {
    InboxId const dead = ended("d1", DeliveryState::dead, Outcome::rejected);
    clock_.advance(181 * day);
    EXPECT_EQ(purge(30 * day, 180 * day, 400 * day).dead_letters, 1U);
    EXPECT_FALSE(has_content(dead));
    EXPECT_EQ(inbox().replay(dead).error().code, ErrorCode::failed_precondition);
}

TEST_F(RetentionTest, PurgesDeadLettersEarlierThanPayloadsWhereTheyShallBe) {
    InboxId const dead = ended("d1", DeliveryState::dead, Outcome::rejected);
    InboxId const well = ended("d2", DeliveryState::delivered, Outcome::delivered);
    clock_.advance(8 * day);
    EXPECT_EQ(purge(30 * day, 7 * day, 400 * day).dead_letters, 1U);
    EXPECT_FALSE(has_content(dead));
    EXPECT_TRUE(has_content(well));
}

TEST_F(RetentionTest, ForgetsAnEventWithAllThatBelongsToIt) {
    InboxId const old = ended("d1", DeliveryState::delivered, Outcome::delivered);
    clock_.advance(400 * day);
    InboxId const young = ended("d2", DeliveryState::delivered, Outcome::delivered);
    clock_.advance(day);
    EXPECT_EQ(purge(800 * day, 800 * day, 400 * day).history, 1U);
    EXPECT_FALSE(is_known(old));
    EXPECT_TRUE(has_content(young));
    for (Sql const table : {Sql("SELECT count(*) FROM inbox"), Sql("SELECT count(*) FROM payload"),
                            Sql("SELECT count(*) FROM event"), Sql("SELECT count(*) FROM delivery"),
                            Sql("SELECT count(*) FROM delivery_data"), Sql("SELECT count(*) FROM effect")}) {
        EXPECT_EQ(count(table), 1) << table.text;
    }
}

TEST_F(RetentionTest, LeavesTheConservationAtZero) {
    ended("d1", DeliveryState::delivered, Outcome::delivered);
    ended("d2", DeliveryState::dead, Outcome::rejected);
    ASSERT_TRUE(
        inbox().dispatch(inbox().accept(webhook("filtered"))->id, {{event("event-f"), {}}}, "Nobody wants it."));
    auto const buried = inbox().accept(webhook("x"));
    ASSERT_TRUE(inbox().bury(buried->id, {ErrorCode::invalid_argument, "Not parseable."}, {}));
    dispatched({push("d3"), push("d4", "another person")});
    ASSERT_EQ(history().conservation()->received, 6);
    clock_.advance(500 * day);
    EXPECT_EQ(purge(30 * day, 180 * day, 400 * day).history, 4U);
    auto const counted = history().conservation();
    EXPECT_EQ(counted->received, 2);
    EXPECT_EQ(counted->held, 2);
    EXPECT_EQ(counted->difference(), 0);
}

TEST_F(RetentionTest, ForgetsNothingThatIsNotFinishedHoweverOldItIs) {
    auto const pending = inbox().accept(webhook("a"));
    InboxId const open = dispatched({push("d1")});
    clock_.advance(2000 * day);
    Purged const purged = purge(day, day, 2 * day);
    EXPECT_EQ(purged.history + purged.payloads + purged.dead_letters, 0U);
    EXPECT_TRUE(is_known(pending->id));
    EXPECT_TRUE(has_content(open));
}

TEST_F(RetentionTest, ForgetsNoEventThatADedupeKeyStillPointsAt) {
    InboxId const id = ended("d1", DeliveryState::delivered, Outcome::delivered);
    clock_.advance(hours(23));
    EXPECT_EQ(purge(hours(1), hours(1), hours(1)).history, 0U);
    EXPECT_TRUE(is_known(id));
}

TEST_F(RetentionTest, WalksPastWhatItMustKeepToWhatIsBehind) {
    for (int i = 0; i < 450; ++i) {
        ASSERT_TRUE(inbox().accept(webhook("pending " + std::to_string(i))));
    }
    ended("d1", DeliveryState::delivered, Outcome::delivered);
    clock_.advance(100 * day);
    EXPECT_EQ(purge(30 * day, 30 * day, 400 * day).payloads, 1U);
    clock_.advance(400 * day);
    EXPECT_EQ(purge(30 * day, 30 * day, 400 * day).history, 1U);
    EXPECT_EQ(count("SELECT count(*) FROM inbox"), 450);
}

}  // namespace
}  // namespace crosswalk::store
