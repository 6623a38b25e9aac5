// What every webhook of every connector is taken for, genuine, forged and broken, and what parsing does when the vendor
// does not answer.
#include "conformance/subject.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::conformance {
namespace {

using model::ErrorCode;
using plugin_host::Disposition;

struct Case {
    Profile const* profile;
    Webhook const* webhook;
};

// What a failure shows instead of two addresses.
void PrintTo(Case const& at, std::ostream* out) {
    *out << at.profile->connector << ' ' << at.webhook->event;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (Profile const& profile : profiles()) {
        for (Webhook const& webhook : profile.webhooks) {
            all.push_back({&profile, &webhook});
        }
    }
    return all;
}

std::string name_of(testing::TestParamInfo<Case> const& info) {
    std::string name = info.param.profile->connector + '_' + info.param.webhook->event;
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

class Webhooks : public testing::TestWithParam<Case> {
protected:
    [[nodiscard]] Webhook const& what() const { return *GetParam().webhook; }
    [[nodiscard]] model::Result<plugin_host::WebhookVerdict> verify(Inbound const& request) {
        return at_.connector().verify_webhook({"POST", "/hooks/x", request.headers, request.body, "127.0.0.1"},
                                              std::chrono::seconds(1));
    }
    [[nodiscard]] model::Result<plugin_host::ParseResult> parse(Inbound const& request) {
        return at_.connector().parse_webhook({"POST", "/hooks/x", request.headers, request.body, "127.0.0.1"},
                                             std::chrono::milliseconds(3000));
    }
    // A request that must not be taken: 401, 400, or genuine and of no use.
    void expect_not_taken(Inbound const& request, std::string const& why) {
        auto const verdict = verify(request);
        if (verdict) {
            EXPECT_NE(verdict->disposition, Disposition::accept) << why;
        } else {
            EXPECT_TRUE(verdict.error().code == ErrorCode::unauthenticated ||
                        verdict.error().code == ErrorCode::invalid_argument)
                << why << ": " << model::name(verdict.error().code) << ' ' << verdict.error().detail;
        }
    }

    Subject at_{*GetParam().profile};
    Inbound const genuine_ = what().genuine(at_.sandbox(), at_.links(), {});
};

TEST_P(Webhooks, AreTakenForWhatTheyAre) {
    auto const verdict = verify(genuine_);
    ASSERT_TRUE(verdict) << verdict.error().detail;
    EXPECT_EQ(verdict->disposition, Disposition::accept);
    EXPECT_THAT(verdict->event_type, testing::HasSubstr(what().event));  // one webhook may stand for several events
    EXPECT_FALSE(verdict->dedupe_key.empty());
}

TEST_P(Webhooks, HaveTheSameKeyWhenTheyComeAgain) {
    auto const first = verify(genuine_);
    at_.restart();
    auto const second = verify(genuine_);
    auto const other = verify(what().genuine(at_.sandbox(), at_.links(), {}));
    ASSERT_TRUE(first && second && other);
    EXPECT_EQ(first->dedupe_key, second->dedupe_key);
    EXPECT_NE(first->dedupe_key, other->dedupe_key);
}

TEST_P(Webhooks, AreRefusedWhenTheyAreForged) {
    for (auto const& [words, forge] : what().forgeries) {
        Inbound forged = genuine_;
        forge(forged);
        auto const verdict = verify(forged);
        ASSERT_FALSE(verdict) << words;
        EXPECT_EQ(verdict.error().code, ErrorCode::unauthenticated) << words << ": " << verdict.error().detail;
    }
}

TEST_P(Webhooks, AreRefusedWhenTheyAreBroken) {
    for (std::string const& body :
         {std::string(), std::string("null"), std::string("["), std::string(5000, '['), std::string(1 << 20, 'a'),
          std::string("{\"event\":\"\xC3\x28\"}"), std::string(1, '\0')}) {
        Inbound broken = genuine_;
        broken.body = body;
        expect_not_taken(broken, "a body of " + std::to_string(body.size()) + " bytes");
    }
}

TEST_P(Webhooks, MayHoldMembersThatNobodyKnows) {
    auto const verdict =
        verify(what().genuine(at_.sandbox(), at_.links(), {{"a_member_of_tomorrow", json::array{1, nullptr}}}));
    ASSERT_TRUE(verdict) << verdict.error().detail;
    EXPECT_EQ(verdict->disposition, Disposition::accept);
}

TEST_P(Webhooks, BecomeTheSameEventsEachTimeTheyAreParsed) {
    auto const first = parse(genuine_);
    ASSERT_TRUE(first) << first.error().detail;
    ASSERT_FALSE(first->events.empty()) << first->reason;
    at_.restart();
    auto const second = parse(genuine_);
    ASSERT_TRUE(second) << second.error().detail;
    ASSERT_EQ(first->events.size(), second->events.size());
    for (std::size_t i = 0; i < first->events.size(); ++i) {
        EXPECT_EQ(first->events[i].id, second->events[i].id);
        EXPECT_EQ(first->events[i].subject, second->events[i].subject);
    }
}

TEST_P(Webhooks, AreParsedLaterWhenTheVendorIsDown) {
    if (what().reads.empty()) {
        return;  // parsing asks nobody, so there is nothing that could be down
    }
    for (json::object const& fault :
         {json::object{{"kind", "status"}, {"status", 503}, {"count", -1}},
          json::object{{"kind", "status"}, {"status", 429}, {"count", -1}},
          json::object{{"kind", "cut_before"}, {"count", -1}}, json::object{{"kind", "wrong_json"}, {"count", -1}}}) {
        at_.fault(fault);
        auto const parsed = parse(genuine_);
        ASSERT_FALSE(parsed) << json::serialize(fault);
        EXPECT_NE(parsed.error().code, ErrorCode::unauthenticated) << json::serialize(fault);
        EXPECT_TRUE(model::is_retryable(parsed.error().code) || parsed.error().code == ErrorCode::internal)
            << json::serialize(fault) << ": " << model::name(parsed.error().code) << ' ' << parsed.error().detail;
        at_.no_more_faults();
        at_.restart();
    }
    auto const parsed = parse(genuine_);
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_FALSE(parsed->events.empty());
}

TEST_P(Webhooks, AreKeptWhenTheCredentialIsRefused) {
    if (what().reads.empty()) {
        return;  // parsing asks nobody
    }
    at_.fault({{"kind", "status"}, {"status", 401}, {"count", -1}});
    auto const parsed = parse(genuine_);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::unauthenticated) << parsed.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Conformance, Webhooks, testing::ValuesIn(cases()), name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Webhooks);

}  // namespace
}  // namespace crosswalk::conformance
