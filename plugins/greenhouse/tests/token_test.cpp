// Access tokens and the rules of both versions of Harvest: limits, errors, paging.
#include "token.hpp"

#include "fixture.hpp"

#include <thread>

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;
using testing::Not;

class GreenhouseToken : public GreenhouseTest {
protected:
    using GreenhouseTest::GreenhouseTest;
    GreenhouseToken() { play_hire(); }
    [[nodiscard]] std::size_t tokens_asked() const { return host.requests("POST", token_url).size(); }
    [[nodiscard]] static CallResult parse(Instance& at) { return at.parse(webhook("hire_candidate_goco_fields")); }
    void refuses(std::string const& name) { host.on("POST", token_url).clear().reply(sample_answer("errors/" + name)); }
};

TEST_F(GreenhouseToken, IsAskedForWithClientCredentialsAndTheActingUser) {
    auto at = greenhouse();
    ASSERT_EQ(parse(at).status, CW_OK);
    SentRequest const asked = host.requests("POST", token_url).at(0);
    EXPECT_EQ(asked.header("authorization"), "Basic Y2xpZW50LTE6czNjcmV0");  // client-1:s3cret
    EXPECT_EQ(asked.header("content-type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(asked.body, "grant_type=client_credentials&sub=92120");
    EXPECT_EQ(host.requests("GET", api).at(0).header("authorization"), "Bearer eyJhbGciOiJSUzI1NiJ9.synthetic.sig");
}

TEST_F(GreenhouseToken, IsKeptUntilShortlyBeforeItRunsOut) {
    auto at = greenhouse();
    (void)parse(at);
    (void)parse(at);
    EXPECT_EQ(tokens_asked(), 1U);
    host.advance(3600'000 - 61'000);
    (void)parse(at);
    EXPECT_EQ(tokens_asked(), 1U);
    host.advance(2'000);
    (void)parse(at);
    EXPECT_EQ(tokens_asked(), 2U);
    EXPECT_TRUE(host.kept().empty());  // in memory only
}

TEST_F(GreenhouseToken, IsAskedForOnceMoreAfterA401) {
    get("/applications")
        .clear()
        .reply(sample_answer("errors/v3_401_token.json"))
        .reply(200, sample_text("rest_v3/applications_list.json"));
    auto at = greenhouse();
    EXPECT_EQ(parse(at).events.size(), 1U);
    EXPECT_EQ(tokens_asked(), 2U);
}

TEST_F(GreenhouseToken, RefusedTwiceFailsInWords) {
    get("/applications").clear().reply(sample_answer("errors/v3_401_token.json"));
    auto at = greenhouse();
    CallResult const result = parse(at);
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("revoked"));
    EXPECT_EQ(tokens_asked(), 2U);
}

TEST_F(GreenhouseToken, OfARefusedClientIsAMatterOfTheCredential) {
    for (std::string const name : {"auth_400_bad_client_suffix.json", "auth_400_grant_missing.json",
                                   "auth_400_invalid_grant.json", "auth_401_invalid_client.json"}) {
        refuses(name);
        auto at = greenhouse();
        CallResult const result = parse(at);
        EXPECT_EQ(result.status, CW_ERR_AUTH) << name;
        // The vendor's words repeat the client id.
        EXPECT_THAT(result.message, Not(HasSubstr("notaclient"))) << name;
    }
}

TEST_F(GreenhouseToken, WaitsOutTheWindowOfTokens) {
    host.on("POST", token_url).clear().reply(429).reply(429, "{}", {{"retry-after", "9"}}).reply(503);
    auto at = greenhouse();
    CallResult const whole = parse(at);
    EXPECT_EQ(whole.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(whole.retry_after_ms, 60'000);
    EXPECT_EQ(parse(at).retry_after_ms, 9'000);
    EXPECT_EQ(parse(at).status, CW_ERR_TRANSIENT);
}

TEST_F(GreenhouseToken, ThatNeverArrivedIsAskedForAgainLater) {
    host.on("POST", token_url).clear().fail(CW_ERR_INTERNAL).reply(200, "<html>").reply(200, "{}");
    auto at = greenhouse();
    for (int turn = 0; turn < 3; ++turn) {
        EXPECT_EQ(parse(at).status, CW_ERR_TRANSIENT);
    }
}

TEST_F(GreenhouseToken, IsSharedByHooksThatRunAtOnce) {
    auto at = greenhouse();
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&at] {
            for (int turn = 0; turn < 10; ++turn) {
                EXPECT_EQ(parse(at).events.size(), 1U);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_LE(tokens_asked(), 4U);
}

TEST(GreenhouseTokenLifetime, IsReadFromEveryFormThatGreenhouseUses) {
    auto const seconds = [](json::value const& answer) { return lifetime_of(answer, now_ms).count() / 1000; };
    EXPECT_EQ(seconds(sample("rest_v3/token_response.json")), 3600);
    EXPECT_EQ(seconds(sample("rest_v3/token_response_transition.json")), 3600);  // as text
    // 2026-11-21T22:00:00Z, seen half an hour before.
    EXPECT_EQ(lifetime_of(sample("rest_v3/token_response_partner.json"), 1795298400'000 - 1800'000).count(), 1800'000);
    EXPECT_EQ(seconds({{"expires_in", 60}}), 60);
    EXPECT_EQ(seconds({{"expires", "soon"}}), 3600);
    EXPECT_EQ(seconds(json::object{}), 3600);
    EXPECT_EQ(seconds({{"expires_at", "2001-01-01T00:00:00Z"}}), 0);
}

TEST_F(GreenhouseToken, AndSecretsAreNowhereInTheLog) {
    auto at = greenhouse();
    (void)parse(at);
    for (auto const& line : host.logs()) {
        EXPECT_THAT(line.message + line.fields, Not(HasSubstr("s3cret")));
        EXPECT_THAT(line.message + line.fields, Not(HasSubstr("synthetic")));
    }
}

// ---- Harvest

class GreenhouseHarvest : public GreenhouseToken {};
class GreenhouseLegacy : public LegacyTest {};

TEST_F(GreenhouseHarvest, LimitOfV3IsWaitedOutAsGreenhouseSays) {
    Answer limited = sample_answer("errors/v3_429.json");
    get("/applications").clear().reply(limited);
    auto at = greenhouse();
    CallResult const stated = parse(at);
    EXPECT_EQ(stated.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(stated.retry_after_ms, 12'000);
    std::erase_if(limited.headers, [](auto const& header) { return header.first == "retry-after"; });
    get("/applications").clear().reply(limited).reply(429);
    host.set_now(1795300830'000 - 21'000);  // 21 s before X-RateLimit-Reset
    EXPECT_EQ(parse(at).retry_after_ms, 21'000);
    EXPECT_EQ(parse(at).retry_after_ms, 30'000);  // a whole window when nothing is said
}

TEST_F(GreenhouseLegacy, LimitOfV1IsWaitedOutAsGreenhouseSays) {
    get("/applications/").reply(sample_answer("errors/v1_429_rate_limited.json")).reply(429);
    auto at = greenhouse();
    EXPECT_EQ(at.parse(webhook("hire_candidate")).retry_after_ms, 7'000);
    EXPECT_EQ(at.parse(webhook("hire_candidate")).retry_after_ms, 10'000);
}

TEST_F(GreenhouseLegacy, KeyIsSentByReferenceAsBasicUser) {
    get("/users").reply(200, "[]");
    get("/applications/").reply(200, sample_text("rest_v1/application_hired_response.json"));
    auto at = greenhouse();
    (void)at.parse(webhook("hire_candidate"));
    SentRequest const request = host.requests().at(0);
    EXPECT_EQ(request.url, api + "/applications/46194062");
    EXPECT_EQ(request.auth, CW_AUTH_BASIC);
    EXPECT_EQ(request.auth_secret, "/auth/api_key");
    EXPECT_EQ(host.requests("POST", token_url).size(), 0U);
}

TEST_F(GreenhouseLegacy, SaysThatV1IsSwitchedOff) {
    auto at = greenhouse();
    for (Answer const& answer : {sample_answer("errors/v1_401_bad_key.json"), Answer{.status = 410}}) {
        get("/applications/").clear().reply(answer);
        CallResult const result = at.parse(webhook("hire_candidate"));
        EXPECT_EQ(result.status, CW_ERR_AUTH);
        EXPECT_THAT(result.message, HasSubstr("31 August 2026"));
        EXPECT_THAT(result.message, HasSubstr("v3"));
    }
    get("/applications/").clear().reply(sample_answer("errors/v1_404_not_found.json"));
    get("/users").reply(404);
    CallResult const result = at.parse(webhook("hire_candidate"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("31 August 2026"));
}

TEST_F(GreenhouseLegacy, DoesNotTakeOneMissingApplicationForTheEndOfV1) {
    get("/applications/").reply(sample_answer("errors/v1_404_not_found.json"));
    get("/users").reply(200, "[]");
    auto at = greenhouse();
    CallResult const result = at.parse(webhook("hire_candidate"));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("no such application"));
}

TEST_F(GreenhouseLegacy, FollowsTheLinksOfV1WithTheirWholeQuery) {
    auto const first = sample_answer("errors/v1_link_header_page1.json");
    get("/users").reply(200, "[]");
    get("/applications").reply(200, "[]");
    get("/offers").reply(200, "[]");
    Answer page = first;
    page.body = "[]";
    get("/custom_fields/offer").reply(page);
    get("/custom_fields/offer?page=2&per_page=2").reply(200, sample_text("rest_v1/custom_fields_list.json"));
    auto at = greenhouse();
    (void)at.probe();
    EXPECT_EQ(host.requests("GET", api + "/custom_fields/offer?page=2&per_page=2").size(), 1U);
}

TEST_F(GreenhouseHarvest, ListGoesOnWithTheCursorAlone) {
    Answer first = sample_answer("rest_v3/list_headers_page1.json");
    first.body = "[]";
    // What the vendor says to a cursor in company; the connector must never hear it.
    get("/attachments").clear().reply(sample_answer("errors/v3_422_cursor_with_params.json"));
    get("/attachments?application_ids=46194999").reply(first);
    get("/attachments?cursor=").reply(200, sample_text("rest_v3/attachments_list.json"));
    get("/attachments?candidate_ids=35897999").reply(sample_answer("rest_v3/list_headers_last_page.json"));
    auto at = greenhouse();
    CallResult const result = parse(at);
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(host.requests("GET", api + "/attachments?cursor=").at(0).url,
              api + "/attachments?cursor=eyJpZCI6NDYxOTUwMDB9");
    EXPECT_EQ(result.events.at(0).record.data.at("documents").as_array().size(), 2U);
}

TEST_F(GreenhouseHarvest, ListThatRunsInCirclesEnds) {
    Answer round = sample_answer("rest_v3/list_headers_page1.json");
    round.body = "[]";
    get("/attachments").clear().reply(round);
    auto at = greenhouse();
    CallResult const result = parse(at);
    EXPECT_EQ(result.status, CW_ERR_TRANSIENT);
    EXPECT_LT(host.requests().size(), 10U);
}

TEST_F(GreenhouseHarvest, FaultsThatPassAreTriedAgainAndOthersAreNot) {
    get("/applications")
        .clear()
        .reply(503)
        .reply(200, "<html>")
        .fail(CW_ERR_INTERNAL)
        .reply(sample_answer("errors/v3_422_per_page.json"));
    auto at = greenhouse();
    for (int turn = 0; turn < 3; ++turn) {
        EXPECT_EQ(parse(at).status, CW_ERR_TRANSIENT);
    }
    EXPECT_EQ(parse(at).status, CW_ERR_INVALID);
}

}  // namespace
}  // namespace crosswalk::greenhouse
