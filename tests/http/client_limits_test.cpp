#include "http/client.hpp"

#include <gtest/gtest.h>

namespace crosswalk::http {
namespace {

using model::ErrorCode;

struct EgressCase {
    char const* url;
    std::optional<ErrorCode> refusal;
};

class Egress : public testing::TestWithParam<EgressCase> {};

TEST_P(Egress, AllowsOrRefuses) {
    EgressPolicy const policy(
        {"api.lever.co", "*.Example.com", "127.0.0.1", "127.0.0.9", "::1", "localhost", "8.8.8.8"});
    auto const result = policy.check(GetParam().url);
    EXPECT_EQ(result.has_value(), !GetParam().refusal.has_value()) << GetParam().url;
    if (!result && GetParam().refusal) {
        EXPECT_EQ(result.error().code, *GetParam().refusal) << GetParam().url;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Client, Egress,
    testing::Values(
        EgressCase{"https://api.lever.co/v1/users?x=1", {}}, EgressCase{"HTTPS://API.Lever.co:443/", {}},
        EgressCase{"https://api.lever.co.", {}}, EgressCase{"https://a.example.com", {}},
        EgressCase{"https://a.b.example.com/x", {}}, EgressCase{"http://127.0.0.1:8080/", {}},
        EgressCase{"http://127.0.0.9/", {}}, EgressCase{"http://[::1]:80/", {}}, EgressCase{"http://localhost:1/", {}},
        EgressCase{"https://example.com", ErrorCode::permission_denied},
        EgressCase{"https://evilexample.com", ErrorCode::permission_denied},
        EgressCase{"https://api.lever.co.evil.test", ErrorCode::permission_denied},
        EgressCase{"https://lever.co", ErrorCode::permission_denied},
        EgressCase{"https://127.0.0.2/", ErrorCode::permission_denied},
        EgressCase{"http://api.lever.co/", ErrorCode::permission_denied},
        EgressCase{"http://8.8.8.8/", ErrorCode::permission_denied},
        EgressCase{"https://evil.test/https://api.lever.co", ErrorCode::permission_denied},
        EgressCase{"https://evil.test?api.lever.co", ErrorCode::permission_denied},
        EgressCase{"https://evil.test#api.lever.co", ErrorCode::permission_denied},
        EgressCase{"https://api.lever.co@evil.test/", ErrorCode::invalid_argument},
        EgressCase{"https://api.lever.co\\@evil.test/", ErrorCode::invalid_argument},
        EgressCase{"https://api.lever.co\r\nX: y", ErrorCode::invalid_argument},
        EgressCase{"https://api.lever.co:0/", ErrorCode::invalid_argument},
        EgressCase{"https://api.lever.co:65536/", ErrorCode::invalid_argument},
        EgressCase{"https://api.lever.co:x/", ErrorCode::invalid_argument},
        EgressCase{"https://[::1/", ErrorCode::invalid_argument}, EgressCase{"https:///x", ErrorCode::invalid_argument},
        EgressCase{"ftp://api.lever.co/", ErrorCode::invalid_argument},
        EgressCase{"api.lever.co", ErrorCode::invalid_argument}, EgressCase{"", ErrorCode::invalid_argument}));

// A.15: pasting a full URL into a field that already has the scheme doubles it.
// The scheme alone was once taken for a whole URL, and the memory behind it for its host.
TEST(EgressPolicy, RefusesASchemeWithoutAHost) {
    for (std::string const url : {"http", "https", "https:", "https:/", "https://", "http:///x"}) {
        auto const result = EgressPolicy({"api.lever.co"}).check(url);
        ASSERT_FALSE(result) << url;
        EXPECT_EQ(result.error().code, model::ErrorCode::invalid_argument) << url;
    }
}

TEST(EgressPolicy, NamesADoubledScheme) {
    auto const result = EgressPolicy({"api.lever.co"}).check("https://https://api.lever.co/v1");
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(result.error().detail.find("twice"), std::string::npos);
}

TEST(EgressPolicy, NamesTheHostThatItRefuses) {
    auto const result = EgressPolicy({"api.lever.co"}).check("https://evil.test/?token=hush");
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().detail.find("evil.test"), std::string::npos);
    EXPECT_EQ(result.error().detail.find("hush"), std::string::npos);
}

}  // namespace
}  // namespace crosswalk::http
