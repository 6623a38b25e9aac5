// The dispatcher over a store that refuses one statement, whichever it is: nothing is lost, nothing goes out twice.
#include "store/failing_statement.hpp"

#include "dispatching.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <thread>

namespace crosswalk::deliver {
namespace {

using testing::HasSubstr;

// Before the store, so that its connections are watched.
struct Statements {
    store::FailingStatement statements;
};

struct RefusedStatement : Statements, Dispatching {
    void adjust(DispatcherOptions& options) override {
        options.workers = 1;
        options.store_pause = std::chrono::milliseconds(1);
    }
    void TearDown() override {
        statements.heal();
        dispatcher.reset();
    }
    [[nodiscard]] std::size_t pushes_of(std::string const& key) const {
        std::size_t count = 0;
        for (support::FakeConnector::Push const& push : goco.pushes()) {
            count += push.idempotency_key == "key-" + key && !push.look_up ? 1U : 0U;
        }
        return count;
    }
};

struct RefusedWithOutcome : RefusedStatement, testing::WithParamInterface<model::Outcome> {};

TEST_P(RefusedWithOutcome, OneAttemptStaysOneAndIsAccountedFor) {
    answer(GetParam(), "Because.");
    bool saw_lease_refused = false;
    bool saw_outcome_refused = false;
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 200);
        std::string const key = "h" + std::to_string(n);
        auto const id = hire(key);
        statements.fail_after(n);
        auto leased = dispatcher->lease(16);
        saw_lease_refused = saw_lease_refused || !leased;
        if (!leased) {
            EXPECT_EQ(pushes_of(key), 0U) << "nothing goes out that is not in the ledger";
            leased = dispatcher->lease(16);
        }
        ASSERT_TRUE(leased);
        for (store::Delivery const& delivery : *leased) {
            dispatcher->attempt(delivery);
        }
        bool const refused = statements.heal();
        EXPECT_EQ(pushes_of(key), 1U);
        // A store that will never take an outcome leaves the effect row: the next host looks it up.
        auto const state = main_delivery(id).state;
        saw_outcome_refused = saw_outcome_refused || state == store::DeliveryState::in_flight;
        EXPECT_EQ(store.history.conservation()->difference(), 0);
        if (!refused) {
            EXPECT_NE(state, store::DeliveryState::in_flight);
            break;
        }
        // What is left of this round is not what the next one is about.
        ASSERT_TRUE(store.state.resume_connection("goco"));
        answer(model::Outcome::delivered);
        while (step() > 0) {
        }
        answer(GetParam(), "Because.");
    }
    EXPECT_TRUE(saw_lease_refused);
    EXPECT_TRUE(saw_outcome_refused);
    EXPECT_THAT(store.log(), HasSubstr("An outcome could not be stored."));
}
INSTANTIATE_TEST_SUITE_P(Outcomes, RefusedWithOutcome,
                         testing::Values(model::Outcome::delivered, model::Outcome::rejected, model::Outcome::auth),
                         [](testing::TestParamInfo<model::Outcome> const& of) {
                             return std::string(model::name(of.param));
                         });

TEST_F(RefusedStatement, TheLeaserGoesOnAfterAnyOfItsQuestionsWasRefused) {
    auto const soon = [](std::function<bool()> const& holds) {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!holds() && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        return holds();
    };
    dispatcher->start();
    // A look at the store is a lease and then the question when something is due: a few statements.
    for (int n = 0; n < 6; ++n) {
        statements.fail_after(n);
        EXPECT_TRUE(soon([&] {
            dispatcher->wake();
            return statements.has_refused();
        })) << "statement "
            << n;
    }
    std::string const key = "a";
    auto const id = hire(key);
    dispatcher->wake();
    EXPECT_TRUE(soon([&] { return main_delivery(id).state == store::DeliveryState::delivered; }));
    EXPECT_EQ(pushes_of(key), 1U);
    EXPECT_TRUE(dispatcher->stop(std::chrono::seconds(30)));
}

}  // namespace
}  // namespace crosswalk::deliver
