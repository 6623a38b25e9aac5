#include "vault/sealer.hpp"

#include "vault/base64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::vault {
namespace {

using model::ErrorCode;
using testing::HasSubstr;
using testing::Not;

std::string const key_bytes = "0123456789abcdef0123456789ABCDEF";

Sealer sealer(std::string const& bytes = key_bytes) {
    return Sealer::from(model::Secret(base64(bytes))).value();
}

TEST(Sealer, OpensWhatItSealed) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    ASSERT_TRUE(sealed);
    EXPECT_EQ(sealer().open("lever", "oauth", *sealed).value().reveal(), "token-1");
}

TEST(Sealer, OpensAnEmptyValue) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret());
    EXPECT_EQ(sealer().open("lever", "oauth", *sealed).value().reveal(), "");
}

TEST(Sealer, ShowsNothingOfTheValueOrTheKey) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    EXPECT_THAT(*sealed, Not(HasSubstr("token")));
    EXPECT_THAT(*sealed, Not(HasSubstr("01234567")));
}

TEST(Sealer, SealsTheSameValueInAnotherWayEachTime) {
    EXPECT_NE(sealer().seal("lever", "oauth", model::Secret("x")).value(),
              sealer().seal("lever", "oauth", model::Secret("x")).value());
}

TEST(Sealer, NoticesEveryFlippedByte) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    for (std::size_t i = 0; i < sealed->size(); ++i) {
        std::string bent = *sealed;
        bent[i] = static_cast<char>(bent[i] ^ 1);
        EXPECT_TRUE(sealer().open("lever", "oauth", bent).has_error()) << i;
    }
    std::string bent = *sealed;
    bent.back() = static_cast<char>(bent.back() ^ 1);
    EXPECT_EQ(sealer().open("lever", "oauth", bent).error().code, ErrorCode::corruption);
}

TEST(Sealer, NoticesAValueThatIsCutShort) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    for (std::size_t size = 0; size < sealed->size(); ++size) {
        EXPECT_TRUE(sealer().open("lever", "oauth", sealed->substr(0, size)).has_error()) << size;
    }
}

TEST(Sealer, DoesNotOpenTheValueOfAnotherConnectionOrName) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    EXPECT_EQ(sealer().open("lever2", "oauth", *sealed).error().code, ErrorCode::corruption);
    EXPECT_EQ(sealer().open("lever", "oauth2", *sealed).error().code, ErrorCode::corruption);
    EXPECT_EQ(sealer().open("leve", "roauth", *sealed).error().code, ErrorCode::corruption);
}

TEST(Sealer, SaysThatTheKeyWasChanged) {
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    auto const opened = sealer("another key of just the same len").open("lever", "oauth", *sealed);
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(opened.error().detail, HasSubstr("another store.key"));
}

TEST(Sealer, TakesAKeyInHexadecimalDigits) {
    std::string const hex = "30313233343536373839616263646566303132333435363738394142434445" + std::string("46");
    auto const same = Sealer::from(model::Secret(hex));
    ASSERT_TRUE(same);
    auto const sealed = sealer().seal("lever", "oauth", model::Secret("token-1"));
    EXPECT_EQ(same->open("lever", "oauth", *sealed).value().reveal(), "token-1");
}

TEST(Sealer, NamesTheWrongLengthOfAKeyAndTellsHowToMakeOne) {
    auto const made = Sealer::from(model::Secret(base64("only sixteen byt")));
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(made.error().detail, HasSubstr("16 bytes"));
    EXPECT_THAT(made.error().detail, HasSubstr("openssl rand -base64 32"));
}

TEST(Sealer, DoesNotRepeatAKeyThatItCannotRead) {
    auto const made = Sealer::from(model::Secret("pass word"));
    ASSERT_TRUE(made.has_error());
    EXPECT_THAT(made.error().detail, Not(HasSubstr("pass word")));
}

}  // namespace
}  // namespace crosswalk::vault
