// What the dispatcher does when the store, a stop or a missing part comes between a push and its outcome.
#include "dispatching.hpp"
#include "store/failing_vfs.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <atomic>
#include <future>
#include <thread>

namespace crosswalk::deliver {
namespace {

using testing::HasSubstr;
using testing::Not;

// Before the store, so that its files are opened through it.
struct Disk {
    store::FailingDisk disk;
};

struct Refusals : Disk, Dispatching {
    void adjust(DispatcherOptions& options) override {
        options.workers = 1;
        options.store_pause = std::chrono::milliseconds(1);
    }
    void TearDown() override {
        disk.heal();
        dispatcher.reset();
    }
    void fill_disk() {
        disk.fail_after(0, SQLITE_FULL);
        filled = true;
    }
    // True once the full disk has refused something.
    [[nodiscard]] bool has_refused() const { return filled && disk.failed(); }
    // The next push is answered with this, on a disk that is full from then on.
    void answer_on_a_full_disk(model::Outcome outcome) {
        goco.on_push = [this, outcome](support::FakeConnector::Push const&) {
            fill_disk();
            return model::AttemptReport{outcome, "401"};
        };
    }
    static bool soon(std::function<bool()> const& holds) {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!holds() && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        return holds();
    }
    // Makes the attempt of what is leased, lets the disk work again once it has refused, and waits for the end.
    void attempt_until_the_disk_heals() {
        auto const leased = dispatcher->lease(1).value();
        ASSERT_EQ(leased.size(), 1U);
        auto const attempt = std::async(std::launch::async, [&] { dispatcher->attempt(leased[0]); });
        EXPECT_TRUE(soon([&] { return has_refused(); }));
        disk.heal();
    }

    std::atomic<bool> filled{false};
};

TEST_F(Refusals, AnOutcomeThatTheStoreRefusesIsStoredLaterAndThePushIsNotRepeated) {
    auto const id = hire("a");
    answer_on_a_full_disk(model::Outcome::delivered);
    attempt_until_the_disk_heals();
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
    EXPECT_EQ(goco.pushes().size(), 1U);
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}

TEST_F(Refusals, ADeliveryWhoseAccessWasRefusedWaitsWhenThePauseCannotBeStored) {
    auto const id = hire("a");
    answer_on_a_full_disk(model::Outcome::auth);
    attempt_until_the_disk_heals();
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::pending);
    EXPECT_GE(main_delivery(id).due_at.value(), clock.now() + std::chrono::minutes(1));
    EXPECT_FALSE(store.state.connection("goco")->paused);
}

TEST_F(Refusals, AStopDoesNotWaitForADiskAndLeavesTheDeliveryToBeLookedUp) {
    auto const id = hire("a");
    answer_on_a_full_disk(model::Outcome::delivered);
    dispatcher->start();
    EXPECT_TRUE(soon([&] { return has_refused(); }));
    EXPECT_TRUE(dispatcher->stop(std::chrono::seconds(30))) << "it gives up at once when it is told to stop";
    disk.heal();
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::in_flight) << "the next start makes it unknown";
    EXPECT_EQ(goco.pushes().size(), 1U);
}

// The worker has gone on by then, so the outcome waits for whichever is free.
TEST_F(Refusals, AnOutcomeThatIsRefusedWhileTheDispatcherRunsIsStoredOnceTheDiskWorks) {
    std::promise<void> go_on;
    std::atomic<int> begun{0};
    goco.on_push = [&](support::FakeConnector::Push const&) {
        ++begun;
        go_on.get_future().wait();
        fill_disk();
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    route.feedback.clear();  // so that nothing follows
    auto const id = hire("a");
    auto const commits = store.store().status().commits;
    dispatcher->start();
    // A lease that took it, and one that found nothing: from then on nobody but the outcome writes.
    EXPECT_TRUE(soon([&] { return begun == 1 && store.store().status().commits >= commits + 2; }));
    go_on.set_value();
    EXPECT_TRUE(soon([&] { return has_refused(); }));
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::in_flight);
    disk.heal();
    EXPECT_TRUE(soon([&] { return main_delivery(id).state == store::DeliveryState::delivered; }));
    EXPECT_TRUE(dispatcher->stop(std::chrono::seconds(30)));
    EXPECT_EQ(goco.pushes().size(), 1U);
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}

TEST_F(Refusals, LeasesAgainOnceTheDiskWorks) {
    auto const id = hire("a");
    fill_disk();
    dispatcher->start();
    EXPECT_TRUE(soon([&] { return has_refused(); }));
    EXPECT_TRUE(goco.pushes().empty()) << "nothing goes out that is not in the ledger";
    disk.heal();
    dispatcher->wake();
    EXPECT_TRUE(soon([&] { return main_delivery(id).state == store::DeliveryState::delivered; }));
    EXPECT_TRUE(dispatcher->stop(std::chrono::seconds(30)));
    EXPECT_EQ(goco.pushes().size(), 1U);
}

TEST_F(Refusals, AnOutcomeThatComesTooLateIsLoggedAndChangesNothing) {
    auto const id = hire("a");
    auto const leased = dispatcher->lease(1).value();
    dispatcher->attempt(leased.at(0));
    answer(model::Outcome::rejected, "Changed its mind.");
    dispatcher->attempt(leased.at(0));
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
    EXPECT_THAT(store.log(), HasSubstr("An outcome could not be stored."));
    EXPECT_THAT(store.log(), Not(HasSubstr("Changed its mind.")));
}

TEST_F(Refusals, AStopPutsBackWhatNoWorkerHasBegun) {
    auto const first = hire("a");
    auto const second = hire("b");
    std::promise<void> go_on;
    std::atomic<int> begun{0};
    goco.on_push = [&](support::FakeConnector::Push const&) {
        if (++begun == 1) {
            go_on.get_future().wait();
        }
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    dispatcher->start();
    EXPECT_TRUE(soon([&] { return begun == 1 && main_delivery(second).state == store::DeliveryState::in_flight; }));
    // What cuts running calls short comes after the word to stop.
    EXPECT_FALSE(dispatcher->stop(std::chrono::milliseconds(0), [&] { go_on.set_value(); }));
    EXPECT_EQ(main_delivery(first).state, store::DeliveryState::delivered);
    EXPECT_EQ(main_delivery(second).state, store::DeliveryState::pending);
    EXPECT_EQ(goco.pushes().size(), 1U);
}

TEST_F(Refusals, ADeliveryToAConnectionWithoutAConnectorWaitsForOne) {
    auto const id = hire("a");
    auto leased = dispatcher->lease(1).value();
    leased.at(0).connection = "charthop";
    dispatcher->attempt(leased.at(0));
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::pending);
    EXPECT_THAT(main_delivery(id).reason, HasSubstr("not loaded"));
}

TEST_F(Refusals, AConnectionThatIsPausedAlreadyIsNotPausedAgain) {
    auto const id = hire("a");
    auto const leased = dispatcher->lease(1).value();
    ASSERT_TRUE(store.state.pause_connection("goco", "by hand"));
    answer(model::Outcome::auth, "401");
    dispatcher->attempt(leased.at(0));
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::pending);
    EXPECT_EQ(store.state.connection("goco")->reason, "by hand");
    EXPECT_EQ(step(), 0U) << "no mail about it either";
}

TEST_F(Refusals, AMailServerThatRefusesTheHostIsAskedAQuarterOfAnHourLater) {
    mail_answer.outcome = model::Outcome::auth;
    auto const id = hire("a");
    answer(model::Outcome::rejected, "No such department.");
    ASSERT_EQ(step(), 1U);
    EXPECT_GE(step(), 1U) << "the note and the mail";
    EXPECT_EQ(mails.size(), 1U);
    clock.advance(std::chrono::minutes(14));
    EXPECT_EQ(step(), 0U);
    clock.advance(std::chrono::minutes(1));
    mail_answer.outcome = model::Outcome::delivered;
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(mails.size(), 2U);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::dead);
}

struct Ends : Refusals, testing::WithParamInterface<std::pair<model::Outcome, store::DeliveryState>> {};

TEST_P(Ends, ADeliveryAsItsOutcomeSays) {
    auto const id = hire("a");
    answer(GetParam().first, "Because.");
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(main_delivery(id).state, GetParam().second);
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}
INSTANTIATE_TEST_SUITE_P(Outcomes, Ends,
                         testing::Values(std::pair(model::Outcome::delivered, store::DeliveryState::delivered),
                                         std::pair(model::Outcome::duplicate, store::DeliveryState::duplicate),
                                         std::pair(model::Outcome::unchanged, store::DeliveryState::unchanged),
                                         std::pair(model::Outcome::skipped, store::DeliveryState::skipped),
                                         std::pair(model::Outcome::rejected, store::DeliveryState::dead)));

}  // namespace
}  // namespace crosswalk::deliver
