// What the vault says when OpenSSL itself refuses: an error, never something half made.
#include "vault/failing_cipher.hpp"

#include "vault/gcm.hpp"
#include "vault/random.hpp"
#include "vault/sealer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>

namespace crosswalk::vault {
namespace {

using testing::HasSubstr;

// On a thread that has no random bytes in store.
void on_a_fresh_thread(std::function<void()> const& what) {
    std::thread(what).join();
}

struct RefusedByOpenSsl : testing::Test {
    FailingCipher cipher;
    Key const key = Key::random().value();
};

TEST_F(RefusedByOpenSsl, ATextIsNotSealedAndIsTheNextTime) {
    cipher.fail_after(0);
    auto const refused = seal(key, "here", "text");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, model::ErrorCode::internal);
    EXPECT_TRUE(cipher.heal());
    EXPECT_EQ(open(key, "here", seal(key, "here", "text").value()).value(), "text");
}

TEST_F(RefusedByOpenSsl, ATextThatCannotBeOpenedIsNotTakenForADamagedOne) {
    std::string const sealed = seal(key, "here", "text").value();
    cipher.fail_after(0);
    auto const refused = open(key, "here", sealed);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, model::ErrorCode::internal) << "a person would restore a backup for corruption";
    EXPECT_TRUE(cipher.heal());
    EXPECT_EQ(open(key, "here", sealed).value(), "text");
}

TEST_F(RefusedByOpenSsl, ASecretIsNeitherSealedNorOpened) {
    Sealer const sealer = Sealer::from(model::Secret(std::string(64, '5'))).value();
    std::string const sealed = sealer.seal("lever", "oauth", model::Secret("token")).value();
    cipher.fail_after(0);
    EXPECT_EQ(sealer.seal("lever", "oauth", model::Secret("token")).error().code, model::ErrorCode::internal);
    cipher.fail_after(0);
    EXPECT_EQ(sealer.open("lever", "oauth", sealed).error().code, model::ErrorCode::internal);
    EXPECT_TRUE(cipher.heal());
    EXPECT_EQ(sealer.open("lever", "oauth", sealed).value().reveal(), "token");
}

TEST_F(RefusedByOpenSsl, WithoutRandomBytesNothingIsMadeThatSomebodyCouldGuess) {
    cipher.give_no_random_bytes();
    on_a_fresh_thread([] { EXPECT_THAT(Key::random().error().detail, HasSubstr("random")); });
    on_a_fresh_thread([&] { EXPECT_THAT(seal(key, "here", "text").error().detail, HasSubstr("random")); });
    EXPECT_FALSE(random_bytes(8));
    EXPECT_FALSE(random_word());
    Sealer const sealer = Sealer::from(model::Secret(std::string(64, '5'))).value();
    EXPECT_THAT(sealer.seal("lever", "oauth", model::Secret("token")).error().detail, HasSubstr("random"));
    EXPECT_TRUE(cipher.heal());
    on_a_fresh_thread([] { EXPECT_TRUE(Key::random()); });
    EXPECT_TRUE(random_word());
}

}  // namespace
}  // namespace crosswalk::vault
