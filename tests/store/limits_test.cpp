// How much the store takes at a time and gives back at a time, where the tests of each view do not say it already.
#include "store/cause.hpp"
#include "store/database.hpp"
#include "store/dead_letters.hpp"
#include "store/handles.hpp"
#include "store/links.hpp"
#include "store/persons.hpp"
#include "store/sealed.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;
using testing::SizeIs;

constexpr std::size_t mebibyte = 1024 * 1024;

class StoreLimits : public StoreFixture {
protected:
    // A webhook with a body of that size.
    static Accepted large(std::string const& key, std::size_t bytes) {
        Accepted item = webhook(key);
        item.raw.body = std::string(bytes, 'b');
        return item;
    }
    // Pending deliveries, each of a subject of its own.
    void queue(int count) {
        queue_up(count, [](int i) { return push("k" + std::to_string(i), "person-" + std::to_string(i)); });
    }
};

TEST_F(StoreLimits, AnEventHas64Mib) {
    auto const refused = inbox().accept(large("a", 64 * mebibyte));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_EQ(inbox().pending().value(), 0);
}

TEST_F(StoreLimits, APageOfTheInboxHas16MibHoweverManyItemsThatAre) {
    for (char const* const key : {"a", "b", "c"}) {
        ASSERT_TRUE(inbox().accept(large(key, 8 * mebibyte)));
    }
    auto const page = inbox().due("lever", clock_.now(), 64);
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, SizeIs(2));
    for (InboxItem const& item : *page) {
        ASSERT_TRUE(inbox().dispatch(item.id, {}, "Nobody wanted it."));
    }
    EXPECT_THAT(inbox().due("lever", clock_.now(), 64).value(), SizeIs(1)) << "the rest comes after it";
}

TEST_F(StoreLimits, AnItemAboveThePagesSizeIsReadAlone) {
    ASSERT_TRUE(inbox().accept(large("a", 20 * mebibyte)));
    ASSERT_TRUE(inbox().accept(webhook("b")));
    EXPECT_THAT(inbox().due("lever", clock_.now(), 64).value(), SizeIs(1));
}

TEST_F(StoreLimits, AnEventStartsTenThousandDeliveries) {
    auto const verdict = inbox().accept(webhook("a"));
    ASSERT_TRUE(verdict);
    std::vector<NewDelivery> const deliveries(10'000, push("k"));
    auto const refused = inbox().dispatch(verdict->id, {{event("e"), deliveries}}, "");
    ASSERT_FALSE(refused) << "they and their event are 10,001";
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_EQ(inbox().pending().value(), 1);
}

TEST_F(StoreLimits, AThousandDeliveriesAreLeasedAtATime) {
    queue(1001);
    EXPECT_THAT(lease(5000), SizeIs(1000));
    EXPECT_THAT(lease(5000), SizeIs(1));
}

TEST_F(StoreLimits, AnAttemptHasAHundredFollowUps) {
    queue(1);
    Delivery const leased = lease().at(0);
    std::vector<NewDelivery> follow_ups;
    for (int i = 0; i < 101; ++i) {
        follow_ups.push_back(push("note-" + std::to_string(i)));
    }
    auto const settle_with = [&](std::vector<NewDelivery> const& those) {
        return outbox().settle(leased.id, {DeliveryState::delivered, clock_.now(), report(Outcome::delivered), those});
    };
    EXPECT_EQ(settle_with(follow_ups).error().code, ErrorCode::invalid_argument);
    follow_ups.pop_back();
    EXPECT_TRUE(settle_with(follow_ups));
}

TEST_F(StoreLimits, TheHistoryIsReadInPagesOf500) {
    for (int i = 0; i < 501; ++i) {
        ASSERT_TRUE(inbox().accept(webhook("k" + std::to_string(i))));
    }
    EventFilter filter;
    filter.limit = 10'000;
    auto const first = history().list(filter);
    ASSERT_TRUE(first);
    EXPECT_THAT(*first, SizeIs(500));
    filter.before = first->back().id;
    EXPECT_THAT(history().list(filter).value(), SizeIs(1));
}

TEST_F(StoreLimits, AnEventShows500OfItsDeliveries) {
    std::vector<NewDelivery> deliveries;
    for (int i = 0; i < 501; ++i) {
        deliveries.push_back(push("k" + std::to_string(i)));
    }
    EXPECT_THAT(history().show(dispatched(std::move(deliveries)))->deliveries, SizeIs(500));
}

TEST_F(StoreLimits, RunsAreReadInPagesOf500) {
    for (int i = 0; i < 501; ++i) {
        auto const run = runs().open("jobs", RunCause::person, false);
        ASSERT_TRUE(run && runs().begin(run->id, selection));
        ASSERT_TRUE(turn(run->id, {}, std::nullopt, true));
    }
    EXPECT_THAT(runs().list("jobs", 0, 10'000).value(), SizeIs(500));
}

TEST_F(StoreLimits, AThousandLinksAreListed) {
    Links links(*store_);
    for (int i = 0; i < 1001; ++i) {
        ASSERT_TRUE(links.put({"lever", "candidate", std::to_string(i)}, {"goco", "employee", std::to_string(i)}));
    }
    EXPECT_THAT(links.list("lever", "", 10'000).value(), SizeIs(1000));
    EXPECT_EQ(links.count("lever", "").value(), 1001);
}

TEST_F(StoreLimits, ALinkedRecordIsNamedBy512Bytes) {
    Links links(*store_);
    EXPECT_TRUE(links.put({"lever", "candidate", std::string(512, 'x')}, {"goco", "employee", "1"}));
    EXPECT_EQ(links.put({"lever", "candidate", std::string(513, 'x')}, {"goco", "employee", "1"}).error().code,
              ErrorCode::invalid_argument);
}

TEST_F(StoreLimits, ASealedValueHas64Kib) {
    Sealed sealed(*store_);
    EXPECT_TRUE(sealed.change("lever", {{"oauth", std::string(64 * 1024, 's')}}));
    EXPECT_EQ(sealed.change("lever", {{"oauth", std::string(64 * 1024 + 1, 's')}}).error().code, ErrorCode::too_large);
    EXPECT_THAT(sealed.get("lever", "oauth")->bytes, SizeIs(64 * 1024)) << "what was kept stays";
}

TEST_F(StoreLimits, AReasonIsCutAt2000Bytes) {
    auto const verdict = inbox().accept(webhook("a"));
    ASSERT_TRUE(inbox().bury(verdict->id, {ErrorCode::invalid_argument, std::string(3000, 'r')}, {}));
    EXPECT_THAT(history().show(verdict->id)->summary.reason, SizeIs(2000));
}

TEST_F(StoreLimits, DeadLettersAreReadInPagesOf500AndCountedBy500Causes) {
    std::vector<NewDelivery> deliveries;
    for (int i = 0; i < 501; ++i) {
        NewDelivery decided = push("k" + std::to_string(i));
        decided.decided = report(Outcome::rejected, "No.");
        decided.decided->fields = {{"field" + std::to_string(i), "is missing"}};
        deliveries.push_back(std::move(decided));
    }
    dispatched(std::move(deliveries));
    DeadLetters dead(*store_);
    EXPECT_THAT(dead.causes().value(), SizeIs(500));
}

TEST_F(StoreLimits, FourThousandAndNinetySixKeysAreHeldInMemory) {
    Database& database = store_->database();
    auto const added = database.write([&](Batch& batch) -> model::Result<void> {
        for (int i = 0; i < 5000; ++i) {
            if (auto const key = batch.ring.add(batch.sqlite, KeyKind::single); !key) {
                return key.error();
            }
        }
        return {};
    });
    ASSERT_TRUE(added);
    EXPECT_EQ(database.ring().held(), 4096U);
}

TEST(RecordLimits, ARecordLeadsToItsPersonBy64HandlesOf512Bytes) {
    std::string addresses;
    for (int i = 0; i < 65; ++i) {
        addresses += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "@example.com\"";
    }
    EXPECT_THAT(handles_of({"lever.opportunity/1", "", "{\"to\":[" + addresses + "]}"}).texts, SizeIs(64));
    std::string const long_address = std::string(512, 'a') + "@example.com";
    EXPECT_THAT(handles_of({"lever.opportunity/1", "", "{\"to\":\"" + long_address + "\"}"}).texts, SizeIs(0));
}

// An erasure once stopped after a thousand keys, left the rest, and called the person gone.
TEST_F(StoreLimits, AnErasureGoesOnToTheLastOfThePersonsRecords) {
    auto const unmapped = [](std::string const& id, std::string const& address) {
        model::Event made = event(id, "x", "Somebody");
        made.record = {"lever.opportunity/1", "x", R"({"to":")" + address + R"("})"};
        return made;
    };
    model::Event known = event("hire", "opp-1");
    known.record.json = R"({"kind":"hire","personal_email":"ada@example.com","work_email":"zada@example.com"})";
    std::vector<Dispatch> items;
    std::vector<InboxId> ids;
    for (int i = 0; i < 1103; ++i) {
        auto const verdict = inbox().accept(webhook("k" + std::to_string(i)));
        ASSERT_TRUE(verdict);
        ids.push_back(verdict->id);
        std::string const address = i < 1 || i > 1101 ? "ada@example.com" : "zada@example.com";
        items.push_back({verdict->id, {{i == 0 ? known : unmapped(std::to_string(i), address), {}}}, "Filtered."});
    }
    ASSERT_TRUE(inbox().dispatch(items));
    auto const erased = Persons(*store_).erase("ada@example.com");
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_TRUE(erased->proven);
    EXPECT_EQ(erased->events, 1103);
    EXPECT_EQ(history().show(ids.back())->summary.title, "");
}

}  // namespace
}  // namespace crosswalk::store
