// What is damaged and was still to be worked on: it is set aside with its cause, and what waits behind it goes on.
#include "store/dead_letters.hpp"
#include "store/persons.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace crosswalk::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Poison {
    char const* name;
    char const* sql;
};
std::ostream& operator<<(std::ostream& out, Poison const& poison) {
    return out << poison.name;
}

class PoisonedItemTest : public StoreFixture, public testing::WithParamInterface<Poison> {};

TEST_P(PoisonedItemTest, IsHandedOutWithItsDamageBetweenTheOthers) {
    for (char const* const key : {"a", "b", "c"}) {
        ASSERT_TRUE(inbox().accept(webhook(key)));
    }
    reopen();  // forgets the keys that it holds in memory
    tamper(GetParam().sql);
    auto const due = inbox().due("lever", clock_.now(), 10);
    ASSERT_TRUE(due) << due.error().detail;
    ASSERT_EQ(due->size(), 3U);
    EXPECT_EQ((*due)[0].raw.body, "{\"id\":\"a\"}");
    EXPECT_EQ((*due)[2].raw.body, "{\"id\":\"c\"}");
    EXPECT_FALSE((*due)[0].damage);
    EXPECT_FALSE((*due)[2].damage);
    InboxItem const& poison = (*due)[1];
    EXPECT_EQ(poison.id, 2);
    EXPECT_EQ(poison.connection, "lever");
    EXPECT_EQ(poison.event_type, "candidate.hired");
    EXPECT_EQ(poison.raw.body, "");
    ASSERT_TRUE(poison.damage);
    EXPECT_EQ(poison.damage->code, model::ErrorCode::corruption);

    ASSERT_TRUE(inbox().bury(2, *poison.damage, {}));
    EXPECT_EQ(inbox().due("lever", clock_.now(), 10)->size(), 2U);
    EXPECT_EQ(history().conservation()->dead, 1);
    EXPECT_EQ(history().conservation()->difference(), 0);
    auto const causes = DeadLetters(*store_).causes();
    ASSERT_EQ(causes->size(), 1U);
    EXPECT_EQ(causes->front().cause, "read.corruption");
    EXPECT_EQ(history().show(2)->summary.state, "dead") << "it can be looked at";
    EXPECT_TRUE(inbox().read(1));
}

Poison const poisons[] = {
    {"OfZeroes", "UPDATE payload SET sealed = zeroblob(length(sealed)) WHERE inbox_id = 2"},
    {"OfNoBytes", "UPDATE payload SET sealed = x'' WHERE inbox_id = 2"},
    {"WithAnothersPayload",
     "UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE inbox_id = 1)"
     " WHERE inbox_id = 2"},
    {"WithoutAPayload", "DELETE FROM payload WHERE inbox_id = 2"},
    {"WithADamagedKey", "UPDATE inbox SET wrapped = zeroblob(length(wrapped)) WHERE id = 2"},
    {"WithoutAKey", "UPDATE inbox SET wrapped = NULL WHERE id = 2"},
    {"WhoseKeyIsGone", "UPDATE inbox SET key = 9999 WHERE id = 2"},
};
INSTANTIATE_TEST_SUITE_P(Store, PoisonedItemTest, testing::ValuesIn(poisons),
                         [](testing::TestParamInfo<Poison> const& of) { return of.param.name; });

class PoisonTest : public StoreFixture {};

class PoisonedDeliveryTest : public StoreFixture, public testing::WithParamInterface<Poison> {};

TEST_P(PoisonedDeliveryTest, BecomesADeadLetterAndItsLaneGoesOn) {
    dispatched({push("d1", "person-1"), push("d2", "person-1"), push("d3", "person-2")});
    tamper(GetParam().sql);
    EXPECT_THAT(keys(lease()), ElementsAre("d3"));
    EXPECT_THAT(keys(lease()), ElementsAre("d2")) << "it waits no longer for the one before it";
    EXPECT_THAT(keys(lease()), IsEmpty());
    auto const causes = DeadLetters(*store_).causes();
    ASSERT_EQ(causes->size(), 1U);
    EXPECT_THAT(causes->front().cause, testing::StartsWith("read."));
    EXPECT_EQ(causes->front().deliveries, 1);
    EXPECT_THAT(causes->front().reason, testing::StartsWith("It was not sent."));
    EXPECT_EQ(DeadLetters(*store_).find({false, 1})->state, "dead");
    EXPECT_EQ(history().conservation()->dead, 1);
    EXPECT_EQ(history().conservation()->difference(), 0);
    EXPECT_THAT(log_.str(), HasSubstr("\"delivery_id\":1"));
    EXPECT_THAT(log_.str(), Not(HasSubstr("Ada")));
}

Poison const delivery_poisons[] = {
    {"OfNoRecord", "UPDATE delivery_data SET record = x'00' WHERE delivery_id = 1"},
    {"OfAnotherStory", "UPDATE delivery_data SET story = zeroblob(64) WHERE delivery_id = 1"},
    {"WithoutContent", "DELETE FROM delivery_data WHERE delivery_id = 1"},
};
INSTANTIATE_TEST_SUITE_P(Store, PoisonedDeliveryTest, testing::ValuesIn(delivery_poisons),
                         [](testing::TestParamInfo<Poison> const& of) { return of.param.name; });

TEST_F(PoisonTest, OfADeliveryThatMayHaveBeenAppliedSaysSo) {
    dispatched({push("d1")});
    settle(lease().at(0).id, DeliveryState::unknown, model::Outcome::unknown, "No answer.");
    clock_.advance(std::chrono::minutes(2));
    tamper("UPDATE delivery_data SET record = x'00'");
    EXPECT_TRUE(lease().empty());
    EXPECT_THAT(DeadLetters(*store_).causes()->front().reason, HasSubstr("It may have been applied"));
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(PoisonTest, DoesNotKeepAPersonFromBeingErased) {
    ASSERT_TRUE(inbox().accept(webhook("a")));
    auto other = webhook("b");
    other.raw.body = R"({"email":"ada@example.com"})";
    ASSERT_TRUE(inbox().accept(other));
    tamper("UPDATE payload SET sealed = zeroblob(length(sealed)) WHERE inbox_id = 1");
    auto const erased = Persons(*store_).erase("ada@example.com");
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_EQ(erased->unread_discarded, 2) << "what nobody can read may be hers";
    EXPECT_EQ(history().conservation()->difference(), 0);
}

}  // namespace
}  // namespace crosswalk::store
