// Every call of the store with each text that it encrypts or decrypts refused in turn: as when a statement is refused.
#include "vault/failing_cipher.hpp"

#include "operations.hpp"
#include "store/arrival_keys.hpp"
#include "store/database.hpp"
#include "vault/sealer.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace crosswalk::store {
namespace {

using testing::Each;
using testing::HasSubstr;

class FailingCipherTest : public OperationTest {
protected:
    // Nothing of a key is in memory, so that each use of one decrypts it.
    void begun() override {
        constexpr KeyId keys_max = 20;
        std::vector<KeyId> all;
        for (KeyId id = 1; id <= keys_max; ++id) {
            all.push_back(id);
        }
        store_->database().ring().forget(all);
    }

    vault::FailingCipher cipher_;
};

TEST_P(FailingCipherTest, FailsWholeAndWorksAfterwards) {
    refuse_in_turn(cipher_);
    EXPECT_THAT(refusals_, Each(model::ErrorCode::internal)) << "nothing is damaged";
}
INSTANTIATE_TEST_SUITE_P(Each, FailingCipherTest, testing::ValuesIn(all_operations()), name_of);

class NoRandomBytesTest : public StoreFixture {
protected:
    vault::FailingCipher cipher_;
};

TEST_F(NoRandomBytesTest, NothingIsTakenThatWouldBeSealedWithAKeyThatSomebodyCouldGuess) {
    cipher_.give_no_random_bytes();
    // A thread that has none in store.
    std::thread([this] {
        auto const refused = inbox().accept(webhook("a"));
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().detail, HasSubstr("random"));
    }).join();
    EXPECT_TRUE(cipher_.heal());
    EXPECT_EQ(inbox().pending().value(), 0);
    EXPECT_TRUE(inbox().accept(webhook("a")));
}

TEST_F(NoRandomBytesTest, AStoreIsNotMadeWithoutASecretOfItsOwn) {
    store_.reset();
    std::filesystem::remove(options_.path);
    cipher_.give_no_random_bytes();
    auto const refused = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("random"));
    EXPECT_TRUE(cipher_.heal());
    open();
    EXPECT_TRUE(inbox().accept(webhook("a")));
}

TEST_F(NoRandomBytesTest, TheKeyForArrivalsStaysWhenNoNewOneCanBeMade) {
    store_.reset();
    options_.own_threads = false;  // so that the thread below does the writing
    open();
    ASSERT_TRUE(inbox().accept(webhook("before")));
    cipher_.give_no_random_bytes();
    std::thread([this] { EXPECT_THAT(turn_arrival_keys(*store_).error().detail, HasSubstr("random")); }).join();
    EXPECT_TRUE(cipher_.heal());
    EXPECT_TRUE(inbox().accept(webhook("after")));
    EXPECT_EQ(inbox().due("lever", clock_.now(), 10)->size(), 2U);
}

struct DamagedKeyTest : StoreFixture {};

TEST_F(DamagedKeyTest, AKeyOfAnotherLengthIsDamageAndNotAKey) {
    InboxId const id = dispatched({push("d1")});
    auto const host_key = vault::read_key(options_.key).value();
    ASSERT_TRUE(store_->database().write([&](Batch& batch) -> model::Result<void> {
        KeyId person = 0;
        int kind = 0;
        auto const read =
            batch.sqlite.each("SELECT k.id, k.kind FROM key k JOIN event e ON e.key = k.id", [&](Row const& row) {
                person = row.integer(0);
                kind = row.number(1);
            });
        auto const sealed = vault::seal(host_key, place("key.wrapped", person, kind), "short").value();
        return read ? batch.sqlite.run("UPDATE key SET wrapped = ? WHERE id = ?", Blob{sealed}, person) : read;
    }));
    reopen();
    auto const shown = history().show(id);
    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().code, model::ErrorCode::corruption);
    EXPECT_EQ(shown.error().detail, "The store holds a damaged key.");
}

class FailingCipherAtOpenTest : public StoreFixture {
protected:
    vault::FailingCipher cipher_;
};

TEST_F(FailingCipherAtOpenTest, AStoreWhoseKeysCannotBeReadDoesNotOpenAndOpensLater) {
    InboxId const id = dispatched({push("d1")});
    for (bool const fresh : {false, true}) {
        for (int n = 0;; ++n) {
            SCOPED_TRACE("text " + std::to_string(n) + " is refused");
            ASSERT_LT(n, 20);
            store_.reset();
            if (fresh) {
                std::filesystem::remove(options_.path);
            }
            cipher_.fail_after(n);
            auto opened = Store::open(options_, clock_, logger_);
            bool const refused = cipher_.heal();
            ASSERT_EQ(!opened, refused);
            if (!refused) {
                EXPECT_GT(n, 0);
                break;
            }
            EXPECT_EQ(opened.error().code, model::ErrorCode::internal);
        }
        open();
        EXPECT_EQ(history().show(id).has_value(), !fresh);
    }
}

}  // namespace
}  // namespace crosswalk::store
