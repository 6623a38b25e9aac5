#include "model/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <sstream>
#include <type_traits>

namespace crosswalk::model {
namespace {

constexpr std::string_view short_text = "hunter2";  // lies inside the string object itself
// A string that is moved from or cleared loses its first byte only; the rest is what could be left behind.
constexpr std::string_view rest_of_text = short_text.substr(2);

// Does the storage of the object still hold the text anywhere?
bool holds(void const* object, std::string_view text) {
    std::array<char, sizeof(Secret)> bytes{};
    std::memcpy(bytes.data(), object, bytes.size());
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

template <class T>
concept Printable = requires(std::ostream& out, T const& value) {
    out << value;
};
template <class T>
concept Comparable = requires(T const& a, T const& b) {
    a == b;
};

TEST(Secret, IsNeitherPrintedNorComparedNorTurnedIntoText) {
    static_assert(!Printable<Secret>);
    static_assert(!Comparable<Secret>);
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
    static_assert(!std::is_convertible_v<std::string, Secret>);
    EXPECT_EQ(Secret("abc").reveal(), "abc");
}

TEST(Secret, WipesItsBytesAtItsEnd) {
    alignas(Secret) std::array<unsigned char, sizeof(Secret)> storage{};
    auto* const secret = new (storage.data()) Secret{std::string(short_text)};
    ASSERT_TRUE(holds(storage.data(), short_text));
    std::destroy_at(secret);
    EXPECT_FALSE(holds(storage.data(), rest_of_text));
}

TEST(Secret, LeavesNothingBehindWhenItIsMoved) {
    Secret from{std::string(short_text)};
    ASSERT_TRUE(holds(&from, short_text));
    Secret const to = std::move(from);
    EXPECT_EQ(to.reveal(), short_text);
    EXPECT_FALSE(holds(&from, rest_of_text));
}

TEST(Secret, LeavesNothingBehindWhenItIsMovedIntoAnother) {
    Secret from{std::string(short_text)};
    Secret to("old");
    to = std::move(from);
    EXPECT_EQ(to.reveal(), short_text);
    EXPECT_FALSE(holds(&from, rest_of_text));
}

TEST(Secret, WipesWhatAShorterValueDoesNotCover) {
    Secret secret{std::string(short_text)};
    secret = Secret("x");
    EXPECT_EQ(secret.reveal(), "x");
    EXPECT_FALSE(holds(&secret, rest_of_text));
}

TEST(Secret, IsCopiedWhole) {
    Secret const original(std::string(100, 'x'));
    Secret copy("y");
    copy = original;
    EXPECT_EQ(copy.reveal(), original.reveal());
    EXPECT_NE(copy.reveal().data(), original.reveal().data());
}

TEST(Secret, SurvivesBeingAssignedToItself) {
    Secret secret{std::string(short_text)};
    Secret& same = secret;
    secret = same;
    EXPECT_EQ(secret.reveal(), short_text);
    secret = std::move(same);
    EXPECT_EQ(secret.reveal(), short_text);
}

TEST(SecretReference, IsTakenApart) {
    auto const reference = parse_secret_reference("secret:file/vendors/smtp");
    ASSERT_TRUE(reference);
    EXPECT_EQ(reference->provider, "file");
    EXPECT_EQ(reference->name, "vendors/smtp");
}

TEST(SecretReference, IsWhatBeginsWithTheScheme) {
    EXPECT_TRUE(is_secret_reference("secret:"));
    EXPECT_FALSE(is_secret_reference("Secret:file/x"));
    EXPECT_FALSE(is_secret_reference("secret"));
}

// Somebody who writes the secret itself after the colon must not read it in a log.
TEST(SecretReference, IsNotRepeatedWhenItCouldBeTheSecret) {
    auto const reference = parse_secret_reference("secret:hunter2/x");
    ASSERT_FALSE(reference);
    EXPECT_EQ(reference.error().detail, "unknown secret provider; known: credential, file, env");
}

TEST(SecretReference, RefusesControlCharactersAndEndlessNames) {
    EXPECT_FALSE(parse_secret_reference("secret:file/a\nb"));
    EXPECT_FALSE(parse_secret_reference(std::string("secret:file/a\0b", 15)));
    EXPECT_FALSE(parse_secret_reference("secret:file/" + std::string(256, 'a')));
    EXPECT_TRUE(parse_secret_reference("secret:file/" + std::string(255, 'a')));
}

}  // namespace
}  // namespace crosswalk::model
