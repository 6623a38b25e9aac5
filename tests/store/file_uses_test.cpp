#include "store/file_uses.hpp"

#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FileUsesTest : public StoreFixture {
protected:
    static std::string id(char digit) { return std::string(64, digit); }
    [[nodiscard]] std::set<std::string> used(std::vector<std::string> const& ids) {
        auto found = files_in_use(*store_, ids);
        EXPECT_TRUE(found);
        return found ? *found : std::set<std::string>();
    }
};

TEST_F(FileUsesTest, NamesFilesOfDeliveriesEventsAndPolledPayloads) {
    auto delivery = push("key-1");
    delivery.record.json = R"({"documents":[{"bytes":")" + id('a') + R"("},{"bytes":")" + id('b') + R"("}]})";
    auto const verdict = inbox().accept(webhook("one"));
    auto happened = event("event-1");
    happened.record.json = R"({"bytes":")" + id('c') + R"("})";
    ASSERT_TRUE(inbox().dispatch(verdict->id, {{happened, {delivery}}}, ""));
    RunId const run = running();
    Accepted polled;
    polled.connection = "lever";
    polled.event = event("event-2");
    polled.event->record.json = R"({"bytes":")" + id('d') + R"("})";
    ASSERT_TRUE(inbox().accept_poll({run, selection, {polled}}));
    EXPECT_THAT(used({id('a'), id('c'), id('d'), id('e')}), ElementsAre(id('a'), id('c'), id('d')));
}

TEST_F(FileUsesTest, NamesNoFileWhoseRecordWasPurged) {
    auto delivery = push("key-1");
    delivery.record.json = R"({"bytes":")" + id('a') + R"("})";
    static_cast<void>(dispatched({delivery}));
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    clock_.advance(std::chrono::hours(48));
    ASSERT_TRUE(store_->purge(std::chrono::hours(24)));
    EXPECT_THAT(used({id('a')}), ElementsAre(id('a'))) << "it is still to be delivered";
    settle(leased.front().id, DeliveryState::delivered, model::Outcome::delivered);
    ASSERT_TRUE(store_->purge(std::chrono::hours(24)));
    EXPECT_THAT(used({id('a')}), IsEmpty());
}

TEST_F(FileUsesTest, NamesNoFileOfAPayloadThatNobodyCanReadAnyMore) {
    Accepted polled = webhook("one");
    polled.event = event("event-1");
    polled.event->record.json = R"({"bytes":")" + id('a') + R"("})";
    ASSERT_TRUE(inbox().accept(polled));
    EXPECT_THAT(used({id('a')}), ElementsAre(id('a')));
    tamper("DELETE FROM key WHERE kind = 0");  // arrivals'
    reopen();
    EXPECT_THAT(used({id('a')}), IsEmpty());
}

TEST_F(FileUsesTest, TakesALongerRunOfDigitsForNoId) {
    auto delivery = push("key-1");
    delivery.record.json = R"({"note":")" + id('a') + R"(a"})";
    static_cast<void>(dispatched({delivery}));
    EXPECT_THAT(used({id('a')}), IsEmpty());
    EXPECT_THAT(used({}), IsEmpty());
}

}  // namespace
}  // namespace crosswalk::store
