// Rows that were changed behind the store's back: whoever asks for one hears of the damage and gets nothing made up,
// and the rows beside it stay readable.
#include "store/arrivals.hpp"
#include "store/database.hpp"
#include "store/dead_letters.hpp"
#include "store/file_uses.hpp"
#include "store_fixture.hpp"

#include <functional>
#include <ostream>

namespace crosswalk::store {
namespace {

class DamagedRowsTest;

struct Damage {
    char const* name;
    char const* sql;
    std::function<std::optional<model::Error>(DamagedRowsTest&)> ask;
};
std::ostream& operator<<(std::ostream& out, Damage const& damage) {
    return out << damage.name;
}

class DamagedRowsTest : public StoreFixture, public testing::WithParamInterface<Damage> {
public:
    using StoreFixture::clock_;
    using StoreFixture::history;
    using StoreFixture::inbox;
    using StoreFixture::outbox;
    [[nodiscard]] Store& store() { return *store_; }
};

template <class Outcome>
std::optional<model::Error> error_of(Outcome const& outcome) {
    return outcome ? std::nullopt : std::optional(outcome.error());
}

using Test = DamagedRowsTest;

// Item 1 is dispatched with delivery 1, item 2 with delivery 2, item 3 is pending.
Damage const damages[] = {
    {"PayloadCutShort", "UPDATE payload SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE inbox_id = 1",
     [](Test& at) { return error_of(at.inbox().read(1)); }},
    {"PayloadOfNoBytes", "UPDATE payload SET sealed = x'' WHERE inbox_id = 1",
     [](Test& at) { return error_of(at.inbox().read(1)); }},
    {"KeyOfAPayload", "UPDATE inbox SET wrapped = x'00' WHERE id = 1",
     [](Test& at) { return error_of(at.inbox().read(1)); }},
    {"StoryOfAnEventShown", "UPDATE event SET story = x'0102' WHERE inbox_id = 1",
     [](Test& at) { return error_of(at.history().show(1)); }},
    {"StoryOfAnEventListed", "UPDATE event SET story = x'0102' WHERE inbox_id = 1",
     [](Test& at) { return error_of(at.history().list({.text = "ada"})); }},
    {"StoryOfAnEventOfADelivery", "UPDATE event SET story = x'0102' WHERE inbox_id = 1",
     [](Test& at) { return error_of(at.history().event_of(1)); }},
    {"RecordOfAnEvent", "UPDATE event SET record = zeroblob(64) WHERE inbox_id = 1",
     [](Test& at) { return error_of(at.history().show(1)); }},
    {"StoryOfADelivery", "UPDATE delivery_data SET story = zeroblob(64) WHERE delivery_id = 1",
     [](Test& at) { return error_of(at.history().delivery(1)); }},
    {"RecordOfADelivery", "UPDATE delivery_data SET record = x'00' WHERE delivery_id = 1",
     [](Test& at) { return error_of(at.history().delivery(1)); }},
    {"StoryOfAnEventSoughtByASweep", "UPDATE event SET story = x'0102' WHERE inbox_id = 1",
     [](Test& at) {
         return error_of(Arrivals(at.store()).came("lever", at.clock_.now() - std::chrono::hours(1), {{"event-1"}}));
     }},
    {"RecordOfAnEventThatMayNameAFile", "UPDATE event SET record = zeroblob(64) WHERE inbox_id = 1",
     [](Test& at) { return error_of(files_in_use(at.store(), {std::string(64, 'a')})); }},
    {"PayloadThatMayNameAFile", "UPDATE payload SET sealed = zeroblob(64) WHERE inbox_id = 1",
     [](Test& at) { return error_of(files_in_use(at.store(), {std::string(64, 'a')})); }},
    {"EditsOfADelivery", "UPDATE delivery_data SET edits = zeroblob(64) WHERE delivery_id = 1",
     [](Test& at) { return error_of(DeadLetters(at.store()).edits(1)); }},
    {"RecordThatMayNameAFile", "UPDATE delivery_data SET record = x'00' WHERE delivery_id = 1",
     [](Test& at) { return error_of(files_in_use(at.store(), {std::string(64, 'a')})); }},
};

TEST_P(DamagedRowsTest, AreReportedAndNothingIsMadeUp) {
    dispatched({push("d1", "person-1")});
    dispatched({push("d2", "person-2")});
    ASSERT_TRUE(inbox().accept(webhook("pending")));
    ASSERT_FALSE(GetParam().ask(*this)) << "it works before the damage";
    tamper(GetParam().sql);
    auto const failed = GetParam().ask(*this);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->code, model::ErrorCode::corruption) << failed->detail;
    EXPECT_EQ(failed->detail.find("Ada"), std::string::npos) << "an error holds nothing personal";
    EXPECT_TRUE(inbox().read(2));
    EXPECT_TRUE(history().show(2));
    EXPECT_TRUE(history().delivery(2));
    EXPECT_TRUE(store_->probe());
}

INSTANTIATE_TEST_SUITE_P(Store, DamagedRowsTest, testing::ValuesIn(damages),
                         [](testing::TestParamInfo<Damage> const& of) { return of.param.name; });

// Sealed with the right key for the right place, but not what this host writes: a later version, or a mistake of ours.
class ForeignRowsTest : public StoreFixture {
protected:
    void SetUp() override {
        StoreFixture::SetUp();
        dispatched({push("d1")});
    }
    void reseal(std::string_view place, Sql update, std::string_view text) {
        auto const done = store_->database().write([&](Batch& batch) -> model::Result<void> {
            KeyId id = 0;
            auto const read = batch.sqlite.each("SELECT key FROM event", [&](Row const& row) { id = row.integer(0); });
            auto const key = read ? batch.ring.find(batch.sqlite, id) : model::Result<SealingKey>(read.error());
            if (!key) {
                return key.error();
            }
            return batch.sqlite.run(update, Blob{vault::seal(*key->key, place, text).value()});
        });
        ASSERT_TRUE(done) << done.error().detail;
    }
};

TEST_F(ForeignRowsTest, AStoryThatIsNoneIsReportedWithWhatItIs) {
    for (char const* const text : {"", "{}", "[]", "[1,2,3,4]", "no json"}) {
        reseal(place("event.story", 1), "UPDATE event SET story = ? WHERE inbox_id = 1", text);
        auto const shown = history().show(1);
        ASSERT_FALSE(shown) << text;
        EXPECT_EQ(shown.error().code, model::ErrorCode::corruption);
        EXPECT_EQ(shown.error().detail, "The store holds a damaged text.");
    }
}

TEST_F(ForeignRowsTest, AStoryOfADeliveryThatIsNoneIsNeverSent) {
    for (char const* const text : {"", "[]", R"(["s","t","k",[],[],[["only one"]]])"}) {
        reseal(place("delivery.story", 1), "UPDATE delivery_data SET story = ? WHERE delivery_id = 1", text);
        EXPECT_EQ(history().delivery(1).error().detail, "The store holds a damaged delivery.") << text;
    }
    auto const leased = outbox().lease_due(clock_.now(), 10);
    ASSERT_TRUE(leased) << leased.error().detail;
    EXPECT_TRUE(leased->empty());
}

}  // namespace
}  // namespace crosswalk::store
