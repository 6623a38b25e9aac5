#include "store_fixture.hpp"

#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>

#include <random>
#include <set>

namespace crosswalk::store {
namespace {

class CrashTest : public StoreFixture {
protected:
    void SetUp() override {}

    // Starts a host, kills it after `lines` acknowledgements, and keeps all lines that it still wrote.
    void run_and_kill(int round, int lines) {
        Poco::Pipe out;
        Poco::ProcessHandle child = Poco::Process::launch(
            CRASH_CHILD, {options_.path.string(), "r" + std::to_string(round)}, nullptr, &out, nullptr);
        Poco::PipeInputStream stream(out);
        std::string what;
        std::string key;
        bool killed = false;
        for (int seen = 1; stream >> what >> key; ++seen) {
            // The last line may be cut; what is known under its whole key is what counts.
            lines_[what].insert(key);
            if (seen >= lines && !killed) {
                Poco::Process::kill(child);
                killed = true;
            }
        }
        child.wait();
        ASSERT_TRUE(killed) << "the child ended by itself";
    }
    std::map<std::string, std::set<std::string>> lines_;
};

TEST_F(CrashTest, KeepsEverythingAcknowledgedThroughManyKills) {
    std::mt19937 random(20261122);
    for (int round = 0; round < 12; ++round) {
        run_and_kill(round, static_cast<int>(20 + random() % 400));
        open();
        for (std::string const& key : lines_["accepted"]) {
            ASSERT_TRUE(inbox().accept(webhook(key))->duplicate) << key << " was acknowledged and is gone";
        }
        for (std::string const& key : lines_["dispatched"]) {
            auto const verdict = inbox().accept(webhook(key));
            ASSERT_EQ(history().show(verdict->id)->deliveries.size(), 1U) << key;
        }
        EXPECT_EQ(history().conservation()->difference(), 0);
        // What had been handed out is looked up, never pushed blindly.
        for (Delivery const& delivery : lease(1000)) {
            bool const was_leased = lines_["leased"].count(delivery.idempotency_key) != 0;
            EXPECT_TRUE(!was_leased || delivery.look_up) << delivery.idempotency_key;
            settle(delivery.id, DeliveryState::delivered, model::Outcome::delivered);
        }
        store_.reset();
    }
}

}  // namespace
}  // namespace crosswalk::store
