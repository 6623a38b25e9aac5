// Rows that were changed behind the store's back: whoever asks for one hears of the damage and gets nothing made up,
// and the rows beside it stay readable.
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

}  // namespace
}  // namespace crosswalk::store
