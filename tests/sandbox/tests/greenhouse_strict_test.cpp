// Each wrong request gets Greenhouse's error.

#include "sandbox/tests/greenhouse_caller.hpp"

#include <Poco/Base64Encoder.h>

#include <sstream>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

std::string basic(std::string const& text) {
    std::ostringstream encoded;
    Poco::Base64Encoder encoder(encoded);
    encoder.rdbuf()->setLineLength(0);
    encoder << text;
    encoder.close();
    return "Basic " + encoded.str();
}

class GreenhouseStrictness : public GreenhouseCaller {
protected:
    std::string const notes_ = std::string("/candidates/") + sample_candidate + "/activity_feed/notes";
    std::string const note_ = R"({"user_id":92120,"body":"Imported.","visibility":"public"})";

    std::int64_t notes_written() { return control("GET", "/greenhouse/notes").at("count").as_int64(); }
};

TEST_F(GreenhouseStrictness, RefusesAV1KeyThatIsWrongOrSentInAnotherWay) {
    for (std::string const& authorization :
         {std::string(), basic("other:"), basic("greenhouse-sandbox-key:x"),
          std::string("Bearer greenhouse-sandbox-key"), basic("greenhouse-sandbox.client:greenhouse-sandbox-secret")}) {
        expect_sample("v1_401_bad_key", v1("GET", "/users", "", {{"Authorization", authorization}}));
    }
    expect_sample("v1_401_bad_key", v1("GET", "/nowhere", "", {{"Authorization", ""}}));
    EXPECT_EQ(v1("GET", "/nowhere").status, 404);
}

TEST_F(GreenhouseStrictness, RefusesAV3TokenThatIsUnknownOrSpentAndRoutesFirst) {
    expect_sample("v3_401_token", v3("GET", "/users", "", {{"Authorization", "Bearer x"}}));
    expect_sample("v3_401_token", v3("GET", "/users", "", {{"Authorization", key}}));
    expect_sample("v3_404", v3("GET", "/nowhere", "", {{"Authorization", ""}}));
    expect_sample("v3_404", v3("GET", "/candidates/35897999"));
    control("POST", "/greenhouse/tokens/expire");
    expect_sample("v3_401_token", v3("GET", "/users"));
}

TEST_F(GreenhouseStrictness, RefusesATokenAfterItsTime) {
    control("POST", "/greenhouse/settings", {{"token_ttl_ms", 0}});
    expect_sample("v3_401_token", v3("GET", "/users"));
}

TEST_F(GreenhouseStrictness, RefusesATokenRequestInTheWordsOfItsFault) {
    expect_sample("auth_400_grant_missing", ask_token("sub=92120"));
    expect_sample("auth_400_grant_missing", ask_token("grant_type=password"));
    expect_sample("auth_400_invalid_grant", ask_token("grant_type=refresh_token&refresh_token=x"));
    expect_sample("auth_401_invalid_client", ask_token(grant, basic("other.client:greenhouse-sandbox-secret")));
    expect_sample("auth_401_invalid_client", ask_token(grant, basic("greenhouse-sandbox.client:x")));
    expect_sample("auth_400_bad_client_suffix", ask_token(grant, basic("notaclient:x")));
    EXPECT_EQ(ask_token(grant, "").status, 401);
    EXPECT_EQ(ask_token("grant_type=client_credentials&sub=1").status, 400);
    EXPECT_EQ(ask_token("grant_type=client_credentials&sub=158105").status, 400);  // deactivated
}

TEST_F(GreenhouseStrictness, AllowsAKeyOnlyTheEndpointsItWasGiven) {
    control("POST", "/greenhouse/credentials",
            {{"kind", "api_key"}, {"value", "narrow"}, {"permissions", {"GET /candidates/:id"}}});
    std::map<std::string, std::string> const narrow{{"Authorization", basic("narrow:")}};
    EXPECT_EQ(v1("GET", std::string("/candidates/") + sample_candidate, "", narrow).status, 200);
    expect_sample("v1_403_no_access", v1("GET", "/candidates", "", narrow));
    expect_sample("v1_403_no_access", v1("POST", notes_, note_, narrow));
    EXPECT_EQ(notes_written(), 0);
}

TEST_F(GreenhouseStrictness, AllowsAClientOnlyItsScopes) {
    control("POST", "/greenhouse/credentials",
            {{"kind", "client"}, {"value", "narrow.client"}, {"secret", "s"}, {"permissions", {"harvest:jobs:list"}}});
    token_ = token_of(ask_token(grant, basic("narrow.client:s")));
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
    expect_sample("v3_403_scope", v3("GET", "/candidates"));
    expect_sample("v3_403_scope", v3("POST", "/notes", sample("greenhouse/samples/rest_v3/note_create_request.json")));
    EXPECT_EQ(notes_written(), 0);
}

TEST_F(GreenhouseStrictness, ShowsListsOnlyToATokenThatActsForASiteAdmin) {
    token_ = token_of(ask_token("grant_type=client_credentials&sub=55"));
    expect_sample("v3_403_scope", v3("GET", "/candidates"));
    token_ = token_of(ask_token("grant_type=client_credentials"));
    expect_sample("v3_403_scope", v3("GET", "/candidates"));
    control("POST", "/greenhouse/settings", {{"lists_empty_without_admin", true}});
    EXPECT_EQ(v3("GET", "/candidates").body, "[]");
    EXPECT_EQ(v3("POST", "/notes", sample("greenhouse/samples/rest_v3/note_create_request.json")).status, 201);
}

TEST_F(GreenhouseStrictness, RefusesARevokedCredentialAndItsTokens) {
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
    control("POST", "/greenhouse/credentials/revoke", {{"value", "greenhouse-sandbox.client"}});
    control("POST", "/greenhouse/credentials/revoke", {{"value", "greenhouse-sandbox-key"}});
    EXPECT_EQ(v3("GET", "/jobs").status, 401);
    EXPECT_EQ(v1("GET", "/jobs").status, 401);
}

TEST_F(GreenhouseStrictness, WritesInV1OnlyOnBehalfOfAnActiveUser) {
    for (char const* const user : {"", "0", "gh.admin@example.com", "777"}) {
        auto const got = v1("POST", notes_, note_, {{"On-Behalf-Of", user}});
        EXPECT_EQ(got.status, 422) << user;
        EXPECT_EQ(got.json().at("errors").at(0).at("field"), "On-Behalf-Of") << user;
    }
    EXPECT_EQ(v1("POST", notes_, note_, {{"On-Behalf-Of", "158105"}}).status, 403);
    EXPECT_EQ(notes_written(), 0);
    EXPECT_EQ(v1("POST", notes_, note_).status, 201);
}

TEST_F(GreenhouseStrictness, RefusesANoteThatIsNotOne) {
    for (char const* const body :
         {"", "[]", "x", R"({"body":"x","visibility":"public"})", R"({"user_id":1,"body":"x","visibility":"public"})",
          R"({"user_id":92120,"body":"","visibility":"public"})", R"({"user_id":92120,"body":"x"})",
          R"({"user_id":92120,"body":"x","visibility":"all"})",
          R"({"user_id":"92120","body":"x","visibility":"public"})",
          R"({"user_id":92120,"body":"x","visibility":"public","title":"y"})"}) {
        EXPECT_EQ(v1("POST", notes_, body).status, 422) << body;
    }
    EXPECT_EQ(v1("POST", notes_, note_, {{"Content-Type", "text/plain"}}).status, 422);
    EXPECT_EQ(v1("POST", "/candidates/1/activity_feed/notes", note_).status, 404);
    for (char const* const body :
         {"{}", R"({"candidate_id":1,"user_id":92120,"body":"x","visibility":"public","note_type":"NOTE"})",
          R"({"candidate_id":35897999,"user_id":1,"body":"x","visibility":"public","note_type":"NOTE"})",
          R"({"candidate_id":35897999,"user_id":92120,"body":"x","visibility":"public","note_type":"EMAIL"})",
          R"({"candidate_id":35897999,"user_id":92120,"body":"x","visibility":"public"})"}) {
        EXPECT_EQ(v3("POST", "/notes", body).status, 422) << body;
    }
    EXPECT_EQ(notes_written(), 0);
}

TEST_F(GreenhouseStrictness, LetsACursorStandAlone) {
    auto const first = v3("GET", "/applications?per_page=1");
    std::string const next = link(first, "next").substr(std::string("/greenhouse/v3").size());
    ASSERT_FALSE(next.empty());
    expect_sample("v3_422_cursor_with_params", v3("GET", next + "&per_page=1"));
    EXPECT_EQ(v3("GET", "/applications?cursor=made-up").status, 422);
    EXPECT_EQ(v3("GET", "/offers" + next.substr(next.find('?'))).status, 422);
    EXPECT_EQ(v3("GET", next).status, 200);
}

TEST_F(GreenhouseStrictness, RefusesParametersThatV3DoesNotKnow) {
    expect_sample("v3_422_per_page", v3("GET", "/candidates?per_page=600"));
    std::string many = "1";
    for (int i = 2; i <= 51; ++i) {
        many += "," + std::to_string(i);
    }
    for (std::string const& query :
         {std::string("per_page=0"), std::string("per_page=x"), std::string("page=2"), std::string("job_id=1"),
          std::string("ids=x"), "ids=" + many, std::string("ids="), std::string("private=yes"),
          std::string("created_at=2026-01-01T00:00:00Z"), std::string("created_at=since|2026-01-01T00:00:00Z"),
          std::string("created_at=gte|yesterday"),
          std::string("created_at=gte|2026-01-01T00:00:00Z&updated_at=gte|2026-01-01T00:00:00Z")}) {
        EXPECT_EQ(v3("GET", "/candidates?" + query).status, 422) << query;
    }
    EXPECT_EQ(v3("GET", "/applications?status=in_process").status, 422);
    EXPECT_EQ(v3("GET", "/candidates?created_at=gte|2026-01-01T00:00:00Z|lte|2026-12-31").status, 200);
}

TEST_F(GreenhouseStrictness, RefusesParametersThatV1DoesNotKnowAndABodyWithGet) {
    for (char const* const query : {"per_page=501", "per_page=0", "page=0", "page=x", "cursor=x", "ids=1",
                                    "candidate_ids=a", "created_after=yesterday"}) {
        auto const got = v1("GET", std::string("/candidates?") + query);
        EXPECT_EQ(got.status, 422) << query;
        EXPECT_EQ(got.json().at("message"), "Validation error") << query;
    }
    EXPECT_EQ(v1("GET", "/candidates", "{}").status, 403);
}

TEST_F(GreenhouseStrictness, CountsV3CallsInAWindowAndTellsItsEndOnEveryAnswer) {
    control("POST", "/greenhouse/settings", {{"v3_limit", 2}, {"v3_window_ms", 60000}});
    auto const first = v3("GET", "/jobs");
    EXPECT_EQ(first.headers.at("x-ratelimit-limit"), "2");
    EXPECT_EQ(first.headers.at("x-ratelimit-remaining"), "1");
    EXPECT_EQ(v3("GET", "/jobs?page=1").headers.at("x-ratelimit-remaining"), "0");
    auto const limited = v3("GET", "/jobs");
    expect_sample("v3_429", limited);
    auto const wait = std::stoll(limited.headers.at("retry-after"));
    EXPECT_GT(wait, 50);
    EXPECT_LE(wait, 60);
    EXPECT_NEAR(static_cast<double>(std::stoll(limited.headers.at("x-ratelimit-reset"))),
                static_cast<double>(now_ms()) / 1000 + 60, 15);
    // Another client has a window of its own, and the windows of tokens are others too.
    control("POST", "/greenhouse/credentials", {{"kind", "client"}, {"value", "two.client"}, {"secret", "s"}});
    token_ = token_of(ask_token(grant, basic("two.client:s")));
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
}

TEST_F(GreenhouseStrictness, BeginsAnewWhenTheWindowIsOver) {
    control("POST", "/greenhouse/settings", {{"v3_limit", 1}, {"v3_window_ms", 0}});
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
}

TEST_F(GreenhouseStrictness, CountsV1CallsAndTellsTheEndOnlyWhenTheyAreSpent) {
    control("POST", "/greenhouse/settings", {{"v1_limit", 1}});
    auto const first = v1("GET", "/users");
    EXPECT_EQ(first.headers.at("x-ratelimit-remaining"), "0");
    EXPECT_FALSE(first.headers.contains("x-ratelimit-reset"));
    auto const limited = v1("GET", "/users");
    expect_sample("v1_429_rate_limited", limited);
    EXPECT_LE(std::stoll(limited.headers.at("retry-after")), 10);
}

TEST_F(GreenhouseStrictness, CountsTokenRequestsApart) {
    control("POST", "/greenhouse/settings", {{"token_limit", 1}, {"v3_limit", 10}});
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
    auto const limited = ask_token(grant);
    EXPECT_EQ(limited.status, 429);
    EXPECT_TRUE(limited.headers.contains("retry-after"));
    EXPECT_EQ(v3("GET", "/jobs").status, 200);
}

TEST_F(GreenhouseStrictness, EndsV1WithTheStatusItIsTold) {
    for (int const status : {401, 404, 410}) {
        control("POST", "/greenhouse/settings", {{"v1_retired_status", status}});
        EXPECT_EQ(v1("GET", "/users").status, status);
    }
    EXPECT_EQ(v3("GET", "/users").status, 200);
}

TEST_F(GreenhouseStrictness, RefusesControlCallsThatItDoesNotUnderstand) {
    for (auto const& [path, body] : std::vector<std::pair<std::string, std::string>>{
             {"candidates", R"({"first_name":"A"})"},
             {"candidates", R"({"first_name":"A","last_name":"B","age":3})"},
             {"candidates", R"({"first_name":"A","last_name":"B","job":1})"},
             {"candidates", R"({"first_name":"A","last_name":"B","offer":{"starts_on":"tomorrow"}})"},
             {"candidates",
              R"({"first_name":"A","last_name":"B","offer":{"custom_fields":{"employment_type":"Never"}}})"},
             {"candidates", R"({"first_name":"A","last_name":"B","documents":[{"filename":"a","type":"photo"}]})"},
             {"credentials", R"({"kind":"client","value":"x.y"})"},
             {"credentials", R"({"kind":"api_key","value":"x","permissions":["everything"]})"},
             {"settings", R"({"expiry_field":"soon"})"},
             {"settings", R"({"v3_limit":-1})"},
             {"webhooks", R"({"event":"candidate_hired","url":"http://127.0.0.1:1/x"})"},
             {"webhooks", R"({"event":"hire_candidate","url":"http://hooks.example.com/x"})"},
             {"webhooks", R"({"event":"hire_candidate","url":"http://127.0.0.1:1/x","headers":{"Signature":"x"}})"},
             {"webhooks/settings", R"({"retry_gaps_ms":[]})"}}) {
        EXPECT_EQ(sandbox_.control("POST", "/greenhouse/" + path, body).status, 400) << path << body;
    }
    EXPECT_EQ(control("GET", "/metrics").at("greenhouse").at("candidates"), 3);
}

}  // namespace
}  // namespace crosswalk::sandbox
