#include "store/dedupe.hpp"

#include "store_fixture.hpp"

#include <map>
#include <random>

namespace crosswalk::store {
namespace {

auto const any = [](std::int64_t) { return true; };

TEST(DedupeKeys, FindsNothingInAnEmptyTable) {
    DedupeKeys keys;
    keys.erase(1, 1);
    EXPECT_EQ(keys.find(1, any), 0);
}

TEST(DedupeKeys, KeepsTwoKeysWithOneFingerprintApart) {
    DedupeKeys keys;
    keys.insert(7, 1);
    keys.insert(7, 2);
    EXPECT_EQ(keys.find(7, [](std::int64_t id) { return id == 2; }), 2);
    keys.erase(7, 1);
    EXPECT_EQ(keys.find(7, any), 2);
    EXPECT_EQ(keys.size(), 1U);
}

TEST(DedupeKeys, AgreesWithAMapThroughRandomInsertsAndErases) {
    DedupeKeys keys;
    std::map<std::int64_t, std::uint64_t> expected;
    std::mt19937_64 random(20261122);
    std::int64_t next = 0;
    for (int step = 0; step < 60'000; ++step) {
        if (expected.empty() || random() % 3 != 0) {
            // Few fingerprints, so that runs are long and wrap around the end of a table.
            std::uint64_t const print = random() % 500;
            keys.insert(print, ++next);
            expected[next] = print;
        } else {
            auto const victim =
                expected.lower_bound(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(next)));
            auto const found = victim == expected.end() ? expected.begin() : victim;
            keys.erase(found->second, found->first);
            EXPECT_EQ(keys.find(found->second, [&](std::int64_t id) { return id == found->first; }), 0);
            expected.erase(found);
        }
    }
    EXPECT_EQ(keys.size(), expected.size());
    for (auto const& [id, print] : expected) {
        ASSERT_EQ(keys.find(print, [id = id](std::int64_t one) { return one == id; }), id);
    }
}

// Only half of an id is kept; the other half is that of the newest.
TEST(DedupeKeys, GivesWholeIdsBackOnBothSidesOfTwoToTheThirtySecond) {
    DedupeKeys keys;
    std::int64_t const turn = std::int64_t{1} << 32U;
    for (std::int64_t id = turn - 1000; id < turn + 1000; ++id) {
        keys.insert(static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15U, id);
    }
    for (std::int64_t id = turn - 1000; id < turn + 1000; ++id) {
        ASSERT_EQ(keys.find(static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15U, any), id);
    }
    keys.insert(5, turn);
    EXPECT_EQ(keys.find(5, any), turn);
    keys.erase(5, turn);
    EXPECT_EQ(keys.find(5, any), 0);
}

// More of one beginning than tables can be split for: a table grows instead.
TEST(DedupeKeys, KeepsThousandsOfOneFingerprint) {
    DedupeKeys keys;
    for (std::int64_t id = 1; id <= 5000; ++id) {
        keys.insert(42, id);
    }
    EXPECT_EQ(keys.find(42, [](std::int64_t id) { return id == 4321; }), 4321);
    EXPECT_EQ(keys.find(42, [](std::int64_t) { return false; }), 0);
    EXPECT_EQ(keys.size(), 5000U);
}

TEST(DedupeKeys, KeepsAFingerprintOfNought) {
    DedupeKeys keys;
    keys.insert(0, 3);
    EXPECT_EQ(keys.find(0, any), 3);
    keys.erase(0, 3);
    EXPECT_EQ(keys.find(0, any), 0);
    EXPECT_EQ(keys.size(), 0U);
}

TEST(HashKey, DependsOnTheSecretTheConnectionAndTheKey) {
    auto const hash = hash_key("secret", "lever", "k1");
    EXPECT_EQ(hash, hash_key("secret", "lever", "k1"));
    EXPECT_NE(hash, hash_key("other", "lever", "k1"));
    EXPECT_NE(hash, hash_key("secret", "leverk", "1"));
    EXPECT_NE(hash, hash_key("secret", "lever", "k2"));
}

// The first bytes as they stand, whatever is missing as zeros; a damaged row may hold any number of them, and none.
TEST(Fingerprint, IsThereForAHashOfAnyLength) {
    EXPECT_EQ(fingerprint({}), 0U);
    EXPECT_EQ(fingerprint(std::string_view(nullptr, 0)), 0U);
    EXPECT_EQ(fingerprint("a"), fingerprint(std::string_view("a\0\0", 3)));
    EXPECT_EQ(fingerprint("12345678"), fingerprint("12345678 and more"));
    EXPECT_NE(fingerprint("12345678"), fingerprint("1234567"));
}

class DedupeTest : public StoreFixture {
protected:
    void expect_refused(char const* number) {
        auto const opened = Store::open(options_, clock_, logger_);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, model::ErrorCode::corruption);
        EXPECT_NE(opened.error().detail.find(number), std::string::npos) << opened.error().detail;
    }
};

TEST_F(DedupeTest, AStoreWithANumberThatNoRowHasIsRefusedAndNotDiedOf) {
    ASSERT_TRUE(inbox().accept(webhook("k1")));
    store_.reset();
    tamper("UPDATE dedupe SET inbox_id = -7");
    expect_refused("-7");
    tamper("UPDATE dedupe SET inbox_id = 1; INSERT INTO handle_recent VALUES (0, 'hash', 1)");
    expect_refused("0");
    tamper("DELETE FROM handle_recent");
    open();
    EXPECT_TRUE(inbox().accept(webhook("k1"))->duplicate);
}

TEST_F(DedupeTest, ConfirmsAFingerprintInTheFileBeforeItCallsADuplicate) {
    auto const first = inbox().accept(webhook("k1"));
    ASSERT_TRUE(first);
    tamper("UPDATE dedupe SET hash = substr(hash, 1, 8) || zeroblob(8)");  // same fingerprint, another hash
    auto const second = inbox().accept(webhook("k1"));
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->duplicate);
}

TEST_F(DedupeTest, ForgetsOldKeysFromTheFileAndFromMemoryWhenPurged) {
    ASSERT_TRUE(inbox().accept(webhook("old")));
    clock_.advance(options_.dedupe_window / 2);
    ASSERT_TRUE(inbox().accept(webhook("young")));
    clock_.advance(options_.dedupe_window / 2 + std::chrono::hours(1));
    ASSERT_TRUE(store_->purge(std::chrono::hours(24 * 365)));
    EXPECT_FALSE(inbox().accept(webhook("old"))->duplicate);
    EXPECT_TRUE(inbox().accept(webhook("young"))->duplicate);
    reopen();
    EXPECT_TRUE(inbox().accept(webhook("young"))->duplicate);
}

TEST_F(DedupeTest, ForgetsTheOldestKeysWithAWarningWhenThereAreTooMany) {
    store_.reset();
    options_.dedupe_keys_max = 10;
    open();
    for (int i = 0; i < 15; ++i) {
        ASSERT_TRUE(inbox().accept(webhook("k" + std::to_string(i))));
    }
    EXPECT_TRUE(inbox().accept(webhook("k14"))->duplicate);
    EXPECT_FALSE(inbox().accept(webhook("k0"))->duplicate);
    EXPECT_NE(log_.str().find("Dedupe keys are forgotten before their window ends"), std::string::npos);
}

}  // namespace
}  // namespace crosswalk::store
