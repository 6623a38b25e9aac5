// Each wrong request gets Lever's error.

#include "sandbox/tests/played.hpp"

namespace crosswalk::sandbox {
namespace {

std::string const opportunity = std::string("/opportunities/") + sample_opportunity;

class LeverStrictness : public Played {
protected:
    void SetUp() override {
        Played::SetUp();
        control("POST", "/lever/settings", {{"rate_per_s", 0}});
    }

    // The status and the error code of an answer that has to be an error: "404 ResourceNotFound".
    static std::string error_of(Got const& got) {
        auto const body = got.json();
        EXPECT_TRUE(body.as_object().contains("message")) << got.body;
        return std::to_string(got.status) + " " + body.at("code").as_string().c_str();
    }
};

TEST_F(LeverStrictness, ErrorBodiesEqualTheSamples) {
    for (auto const& [name, got] : std::map<std::string, Got>{
             {"401_unauthorized", lever("GET", "/users", "", {{"Authorization", ""}})},
             {"403_forbidden", [&] {
                  auto const id = candidate({{"name", "Secret Person"}, {"confidential", true}});
                  return lever("GET", "/opportunities/" + id, "", {{"Authorization", basic_plain_key}});
              }()}}) {
        auto const expected = boost::json::parse(sample("lever/samples/errors/" + name + ".json"));
        EXPECT_EQ(got.status, expected.at("status").as_int64()) << name;
        EXPECT_EQ(got.json(), expected.at("body")) << name;
    }
    auto const missing = lever("GET", "/stages/a80bbbe0-d4dd-4eac-bdbf-302345414f93");
    EXPECT_EQ(missing.json(), boost::json::parse(sample("lever/samples/errors/404_not_found.json")).at("body"));
}

TEST_F(LeverStrictness, TakesAKeyAsBasicUserAndATokenAsBearerAndNotTheOtherWayRound) {
    EXPECT_EQ(lever("GET", "/users", "", {{"Authorization", basic_key}}).status, 200);
    EXPECT_EQ(lever("GET", "/users", "", {{"Authorization", bearer_token}}).status, 200);
    EXPECT_EQ(error_of(lever("GET", "/users", "", {{"Authorization", "Bearer lever-sandbox-key"}})),
              "401 UnauthorizedError");
    // The key with the password "x".
    EXPECT_EQ(error_of(lever("GET", "/users", "", {{"Authorization", "Basic bGV2ZXItc2FuZGJveC1rZXk6eA=="}})),
              "401 UnauthorizedError");
}

TEST_F(LeverStrictness, RefusesARevokedKey) {
    control("POST", "/lever/credentials/revoke", {{"value", "lever-sandbox-key"}});
    EXPECT_EQ(error_of(lever("GET", "/users")), "401 UnauthorizedError");
}

TEST_F(LeverStrictness, RefusesACallThatTheCredentialHasNoRightTo) {
    control("POST", "/lever/credentials",
            {{"kind", "bearer"}, {"value", "narrow"}, {"rights", {"opportunities:write", "users:read"}}});
    std::map<std::string, std::string> const narrow{{"Authorization", "Bearer narrow"}};
    EXPECT_EQ(lever("GET", opportunity, "", narrow).status, 200);  // writing implies reading
    EXPECT_EQ(error_of(lever("POST", opportunity + "/notes", R"({"value":"x"})", narrow)), "403 ForbiddenError");
    EXPECT_EQ(error_of(lever("GET", opportunity + "/offers", "", narrow)), "403 ForbiddenError");
}

TEST_F(LeverStrictness, AnswersUnknownPathsAndObjectsWith404) {
    for (char const* const path : {"/nowhere", "/opportunities/none", "/opportunities/none/offers", "/postings/none",
                                   "/users/none", "/contacts/none", "/archive_reasons/none", "/candidates"}) {
        EXPECT_EQ(error_of(lever("GET", path)), "404 ResourceNotFound") << path;
    }
    EXPECT_EQ(send("GET", "/lever/v2/users", "", {{"Authorization", basic_key}}).status, 404);
}

TEST_F(LeverStrictness, RefusesTheWrongMethod) {
    EXPECT_EQ(error_of(lever("DELETE", "/users")), "405 MethodNotAllowedError");
    EXPECT_EQ(error_of(lever("PUT", opportunity + "/addTags", R"({"tags":["x"]})")), "405 MethodNotAllowedError");
}

TEST_F(LeverStrictness, RefusesUnknownQueryParametersAndValues) {
    for (std::string const& path :
         {std::string("/users?page=2"), opportunity + "?fields=name", opportunity + "?expand=offers",
          opportunity + "?include=firstName", std::string("/opportunities?limit=0"),
          std::string("/opportunities?limit=101"), std::string("/opportunities?limit=ten"),
          std::string("/opportunities?offset=100"), std::string("/opportunities?offset="),
          std::string("/opportunities?archived=yes"), std::string("/opportunities?created_at_start=2026-01-01"),
          std::string("/postings?state=open"), std::string("/postings?updated_at_start=1&state=published")}) {
        EXPECT_EQ(error_of(lever("GET", path)), "400 BadRequestError") << path;
    }
}

TEST_F(LeverStrictness, RefusesANoteThatIsNotOne) {
    std::string const notes = opportunity + "/notes";
    for (char const* const body : {"{}", "[]", "x", R"({"value":""})", R"({"value":7})", R"({"value":"x","body":"y"})",
                                   R"({"value":"x","score":5})", R"({"value":"x","secret":"no"})",
                                   R"({"value":"x","createdAt":99999999999999})"}) {
        EXPECT_EQ(error_of(lever("POST", notes, body)), "400 BadRequestError") << body;
    }
    EXPECT_EQ(error_of(lever("POST", notes + "?perform_as=nobody", R"({"value":"x"})")), "400 BadRequestError");
    EXPECT_EQ(error_of(lever("POST", notes + "?note_id=none", R"({"value":"x"})")), "404 ResourceNotFound");
    EXPECT_EQ(error_of(lever("POST", notes, R"({"value":"x"})", {{"Content-Type", "text/plain"}})),
              "400 BadRequestError");
    EXPECT_EQ(control("GET", "/lever/notes").at("count"), 0);
}

TEST_F(LeverStrictness, RefusesTagsThatAreNotAListOfTexts) {
    for (char const* const body : {R"({"tags":"x"})", R"({"tags":[1]})", R"({"tags":[]})", R"({"tag":["x"]})"}) {
        EXPECT_EQ(error_of(lever("POST", opportunity + "/addTags", body)), "400 BadRequestError") << body;
    }
}

TEST_F(LeverStrictness, RefusesAnUploadThatIsNotOneKnownFileByAUser) {
    std::string const files = opportunity + "/files";
    std::string const as_user = files + "?perform_as=8d49b010-cc6a-4f40-ace5-e86061c677ed";
    std::map<std::string, std::string> const multipart{{"Content-Type", form_type}};
    EXPECT_EQ(error_of(lever("POST", files, form({{"file", "a.pdf", "x"}}), multipart)), "400 BadRequestError");
    EXPECT_EQ(error_of(lever("POST", as_user, form({{"document", "a.pdf", "x"}}), multipart)), "400 BadRequestError");
    EXPECT_EQ(error_of(lever("POST", as_user, form({{"file", "a.exe", "x"}}), multipart)), "400 BadRequestError");
    EXPECT_EQ(error_of(lever("POST", as_user, form({{"file", "a.pdf", "x"}, {"name", "", "x"}}), multipart)),
              "400 BadRequestError");
    EXPECT_EQ(error_of(lever("POST", as_user, "{}")), "400 BadRequestError");
    std::string const large(30UL * 1024 * 1024 + 1, 'x');
    EXPECT_EQ(error_of(lever("POST", as_user, form({{"file", "a.pdf", large}}), multipart)), "400 BadRequestError");
    EXPECT_EQ(lever("GET", files).body, "[]");
}

TEST_F(LeverStrictness, RefusesABodyWhereNoneBelongs) {
    EXPECT_EQ(error_of(lever("GET", opportunity, "{}")), "400 BadRequestError");
}

TEST_F(LeverStrictness, HidesConfidentialPeopleFromAKeyWithoutTheGrant) {
    auto const id = candidate({{"name", "Secret Person"}, {"confidential", true}});
    std::map<std::string, std::string> const plain{{"Authorization", basic_plain_key}};
    EXPECT_EQ(error_of(lever("GET", "/opportunities/" + id, "", plain)), "403 ForbiddenError");
    EXPECT_EQ(error_of(lever("GET", "/opportunities/" + id + "/notes", "", plain)), "403 ForbiddenError");
    EXPECT_EQ(error_of(lever("GET", "/opportunities?confidentiality=all", "", plain)), "403 ForbiddenError");
    EXPECT_EQ(lever("GET", "/opportunities/" + id).status, 200);
    EXPECT_EQ(lever("GET", "/opportunities").json().at("data").as_array().size(), 1U);
    EXPECT_EQ(lever("GET", "/opportunities?confidentiality=all").json().at("data").as_array().size(), 2U);
}

TEST_F(LeverStrictness, SaysNothingAboutWhenToComeBackOnceTheBucketIsEmpty) {
    control("POST", "/lever/settings", {{"rate_per_s", 0.001}, {"burst", 2}});
    EXPECT_EQ(lever("GET", "/stages").status, 200);
    EXPECT_EQ(lever("GET", "/stages").status, 200);
    auto const limited = lever("GET", "/stages");
    EXPECT_EQ(error_of(limited), "429 TooManyRequests");
    for (auto const& [name, value] : limited.headers) {
        EXPECT_EQ(name.find("retry"), std::string::npos) << name;
        EXPECT_EQ(name.find("limit"), std::string::npos) << name;
    }
    // The bucket is the key's own.
    EXPECT_EQ(lever("GET", "/stages", "", {{"Authorization", bearer_token}}).status, 200);
}

TEST_F(LeverStrictness, RedirectsEverythingOnceAskedTo) {
    std::string const there = "http://127.0.0.1:" + std::to_string(sandbox_.port()) + "/lever/eu/v1";
    control("POST", "/lever/settings", {{"redirect_to", there}});
    auto const sent_away = lever("GET", "/users?limit=1");
    EXPECT_EQ(sent_away.status, 301);
    EXPECT_EQ(sent_away.headers.at("location"), there + "/users?limit=1");
    EXPECT_EQ(send("GET", "/lever/eu/v1/users?limit=1", "", {{"Authorization", basic_key}}).status, 200);
}

}  // namespace
}  // namespace crosswalk::sandbox
