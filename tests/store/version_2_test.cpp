// A store of a version that did not encrypt becomes one that does, and nothing in it is lost.
#include "failing_statement.hpp"
#include "store/database.hpp"
#include "store/event_rows.hpp"
#include "store/persons.hpp"
#include "store_fixture.hpp"
#include "vault/failing_cipher.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace crosswalk::store {
namespace {

using model::Outcome;
using testing::ElementsAre;

std::string content(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Version2Test : public StoreFixture {
protected:
    void SetUp() override {
        make();
        open();
    }
    // The file as the earlier version left it.
    void make() const {
        for (char const* const suffix : {"", "-wal", "-shm"}) {
            auto path = options_.path;
            std::filesystem::remove(path += suffix);
        }
        tamper(content(std::filesystem::path(STORE_SAMPLES) / "version_2.sql"));
        tamper("PRAGMA journal_mode = WAL");
        ASSERT_NE(files().find("Canarylast"), std::string::npos);
    }
    // Opens it with one more thing refused each time, until nothing is; whatever was refused, the next attempt finds
    // everything.
    template <class Faults>
    void upgrade_refused_in_turn(Faults& faults) {
        for (int n = 0;; ++n) {
            SCOPED_TRACE("number " + std::to_string(n) + " is refused");
            ASSERT_LT(n, 500);
            store_.reset();
            make();
            faults.fail_after(n);
            bool const opened = Store::open(options_, clock_, logger_).has_value();
            bool const refused = faults.heal();
            ASSERT_EQ(opened, !refused);
            open();
            EXPECT_EQ(inbox().read(1)->raw.body, "body of Canarylast");
            EXPECT_EQ(inbox().read(2)->event->title, "Ada Canarylast");
            EXPECT_EQ(history().show(2)->deliveries.at(0).sources.at(0).source, "/last_name");
            EXPECT_EQ(history().conservation()->difference(), 0);
            if (!refused) {
                EXPECT_GT(n, 10);
                return;
            }
        }
    }
    [[nodiscard]] std::string files() const {
        auto log = options_.path;
        return content(options_.path) + content(log += "-wal");
    }
};

TEST_F(Version2Test, KeepsEverythingAndNothingOfItInTheClear) {
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(inbox().read(1)->raw.body, "body of Canarylast");
        EXPECT_EQ(inbox().read(2)->event->title, "Ada Canarylast");
        EXPECT_EQ(inbox().due("lever", clock_.now(), 10)->at(0).raw.body, "unread Canarylast");
        auto const view = history().show(2);
        ASSERT_TRUE(view) << view.error().detail;
        EXPECT_EQ(view->events.at(0).id, "e2");
        EXPECT_EQ(view->deliveries.at(0).sources.at(0).source, "/last_name");
        EXPECT_EQ(history().show(4)->summary.title, "Bob Example");
        EXPECT_EQ(history().show(4)->events.at(0).record.json, "") << "it was purged";
        EXPECT_EQ(history().conservation()->difference(), 0);
        for (char const* const canary : {"Canarylast", "ada.canary", "opp-1", "key 2", "hooks/lever"}) {
            EXPECT_EQ(files().find(canary), std::string::npos) << canary;
        }
        reopen();
    }
}

TEST_F(Version2Test, PutsWhatIsOfOnePersonUnderOneKeyAndWhatIsNobodysUnderTheGeneralOne) {
    auto const key_of = [&](InboxId id, int ordinal) {
        KeyRing& ring = store_->database().ring();
        return store_->database()
            .read([&](Sqlite& sqlite) { return key_of_event(sqlite, ring, id, ordinal); })
            .value()
            .id;
    };
    EXPECT_EQ(key_of(1, 0), key_of(2, 0));
    EXPECT_NE(key_of(1, 0), key_of(4, 0));
    EXPECT_EQ(key_of(4, 1), store_->database().ring().general().id);
    EXPECT_EQ(history().show(4)->events.at(1).record.json, R"({"kind":"posting","title":"Baker"})");
}

TEST_F(Version2Test, SendsWhatWaitedAndKnowsWhatWasSent) {
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased[0].idempotency_key, "key 2");
    EXPECT_EQ(leased[0].subject, "opp-1");
    EXPECT_EQ(leased[0].record.key, "t2");
    EXPECT_EQ(leased[0].record.json, R"({"last":"Canarylast"})");
    settle(leased[0].id, DeliveryState::delivered, Outcome::delivered);
    dispatched({push("key 1"), push("key 2")});
    EXPECT_THAT(keys(lease()), ElementsAre()) << "both keys were seen before";
}

TEST_F(Version2Test, IsWholeAgainAfterAnyStatementOfItsUpgradeWasRefused) {
    FailingStatement statements;
    upgrade_refused_in_turn(statements);
}

TEST_F(Version2Test, IsWholeAgainAfterAnyTextOfItsUpgradeCouldNotBeEncrypted) {
    vault::FailingCipher cipher;
    upgrade_refused_in_turn(cipher);
}

TEST_F(Version2Test, StaysAsItIsWhenSomethingInItIsDamaged) {
    for (char const* const damage :
         {"UPDATE payload SET request = '[' WHERE inbox_id = 1", "UPDATE payload SET event = '{}' WHERE inbox_id = 2",
          "UPDATE delivery_data SET sources = '7'", "UPDATE delivery_data SET warnings = '{'",
          "UPDATE delivery_data SET fields = '[1]'"}) {
        store_.reset();
        make();
        tamper(damage);
        std::string const before = content(options_.path);
        auto const opened = Store::open(options_, clock_, logger_);
        ASSERT_FALSE(opened) << damage;
        EXPECT_EQ(opened.error().code, model::ErrorCode::corruption) << damage;
        EXPECT_EQ(opened.error().detail.find("Canarylast"), std::string::npos);
        EXPECT_EQ(content(options_.path), before) << damage;
    }
}

TEST_F(Version2Test, ErasesAPersonWhoWasKnownBefore) {
    auto const erased = Persons(*store_).erase("ada.canary@example.com");
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_EQ(erased->events, 2);
    EXPECT_EQ(erased->discarded, 1);
    EXPECT_TRUE(erased->proven);
}

}  // namespace
}  // namespace crosswalk::store
