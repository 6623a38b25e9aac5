// What the host keeps for connectors: files that go with the last record that names them, links from either side.
#include "kept.hpp"

#include "support/fake_clock.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct Kept : testing::Test {
    Kept() {
        auto opened = spool::Spool::open({.folder = folder.path() / "crosswalk.db.files"}, vault::Key::random().value(),
                                         clock, store.logger());
        spool = std::move(opened.value());
    }
    // A delivery that is due, of a record that names the file.
    void deliver(std::string const& file) {
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.raw = {"POST", "/hooks/lever", {}, "{}"};
        auto const id = store.inbox.accept(std::move(item)).value().id;
        store::NewDelivery delivery;
        delivery.route = "hires";
        delivery.connection = "goco";
        delivery.action = "create";
        delivery.subject = "person:1";
        delivery.idempotency_key = "hires/1";
        delivery.record = {"fake.person/1", {}, R"({"documents":[{"bytes":")" + file + R"("}]})"};
        model::Event event{"e1", "candidate.hired", "person:1", "Zoe", 0, {"crosswalk.hire/1", {}, "{}"}};
        ASSERT_TRUE(store.inbox.dispatch(id, {{std::move(event), {std::move(delivery)}}}, ""));
    }
    void settle() {
        auto const leased = store.outbox.lease_due(clock.now(), 1).value();
        ASSERT_EQ(leased.size(), 1U);
        store::Settlement settlement;
        settlement.state = store::DeliveryState::delivered;
        settlement.due = clock.now();
        settlement.report = {model::Outcome::delivered, {}};
        ASSERT_TRUE(store.outbox.settle(leased[0].id, std::move(settlement)));
    }
    std::size_t purge() {
        EXPECT_TRUE(store.store().purge(24h));
        return purge_files(*spool, store.store(), 24h).value();
    }

    support::FakeClock clock;
    support::TemporaryFolder folder;
    support::TestStore store{clock};
    std::unique_ptr<spool::Spool> spool;
};

TEST_F(Kept, AFileOutlivesItsAgeUntilTheLastDeliveryThatNamesItIsDone) {
    SpooledFiles files(*spool);
    auto const used = files.put("used").value();
    auto const unused = files.put("unused").value();
    deliver(used);
    clock.advance(48h);
    EXPECT_EQ(purge(), 1U);
    EXPECT_EQ(files.open(unused).error().code, model::ErrorCode::not_found);
    EXPECT_EQ(files.open(used).value()->size(), 4);
    settle();
    EXPECT_EQ(purge(), 1U);
    EXPECT_EQ(files.open(used).error().code, model::ErrorCode::not_found);
}

TEST_F(Kept, AYoungFileStaysWhetherItIsNamedOrNot) {
    SpooledFiles files(*spool);
    auto const id = files.put("young").value();
    clock.advance(23h);
    EXPECT_EQ(purge(), 0U);
    EXPECT_TRUE(files.open(id));
}

TEST_F(Kept, ALinkIsFoundFromEitherSide) {
    StoredLinks links(store.store());
    plugin_host::Ref const ours{"goco", "employee", "42"};
    plugin_host::Ref const theirs{"lever", "candidate", "c-1"};
    ASSERT_TRUE(links.put(ours, theirs));
    EXPECT_THAT(links.find(theirs).value(), ElementsAre(ours));
    EXPECT_THAT(links.find(ours).value(), ElementsAre(theirs));
    ASSERT_TRUE(links.remove(ours, theirs));
    EXPECT_EQ(links.remove(ours, theirs).error().code, model::ErrorCode::not_found);
}

}  // namespace
}  // namespace crosswalk
