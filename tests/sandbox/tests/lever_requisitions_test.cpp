// Lever's requisitions, changes of postings and OAuth, as the sandbox plays them.
#include "sandbox/tests/played.hpp"

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

constexpr char const* sample_id = "52881d44-4f95-4fcb-bf28-2b344ea58889";
constexpr char const* nurse = R"({"name":"Nurse","requisitionCode":"N-1","headcountTotal":1,"team":"Care"})";

class LeverRequisitions : public Played {
protected:
    std::string make(std::string const& body = nurse) {
        auto const made = lever("POST", "/requisitions", body);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json().at("data").at("id").as_string().c_str();
    }
};

TEST_F(LeverRequisitions, AreMadeFoundByTheirCodeAndDeleted) {
    auto const id = make();
    auto const found = lever("GET", "/requisitions?requisition_code=N-1").json();
    ASSERT_EQ(found.at("data").as_array().size(), 1U);
    EXPECT_EQ(found.at("data").at(0).at("id"), json::value(id));
    EXPECT_EQ(found.at("hasNext"), false);
    EXPECT_EQ(lever("DELETE", "/requisitions/" + id).status, 204);
    EXPECT_EQ(lever("GET", "/requisitions/" + id).status, 404);
}

TEST_F(LeverRequisitions, LoseWhatAReplacementLeavesOut) {
    auto const id = make();
    auto const replaced =
        lever("PUT", "/requisitions/" + id, R"({"name":"Nurse","requisitionCode":"N-1","headcountTotal":"unlimited"})");
    EXPECT_EQ(replaced.status, 201);
    EXPECT_FALSE(replaced.json().at("data").as_object().contains("team"));
    EXPECT_EQ(replaced.json().at("data").at("headcountTotal"), "unlimited");
}

TEST_F(LeverRequisitions, RefuseWhatLeverWouldNotTake) {
    auto const id = make();
    for (char const* const body :
         {R"({"name":"N","requisitionCode":"N-2"})", R"({"name":"N","requisitionCode":"N-1","headcountTotal":1})",
          R"({"name":"N","requisitionCode":"N-2","headcountTotal":1,"department":"Care"})",
          R"({"name":"N","requisitionCode":"N-2","headcountTotal":1,"customFields":{"shoe_size":43}})",
          R"({"name":"N","requisitionCode":"N-2","headcountTotal":1,"hiringManager":"nobody"})",
          R"({"name":"N","requisitionCode":"N-2","headcountTotal":1,"status":"draft"})"}) {
        EXPECT_EQ(lever("POST", "/requisitions", body).status, 400) << body;
    }
    EXPECT_EQ(lever("PUT", "/requisitions/" + id,
                    R"({"name":"N","requisitionCode":"N-1","headcountTotal":1,"status":"draft"})")
                  .status,
              400);
    control("POST", "/lever/settings", {{"hybrid_requisitions", true}});
    make(R"({"name":"N","requisitionCode":"N-3","headcountTotal":1,"status":"draft"})");
    control("POST", "/lever/settings", {{"requisitions_api", false}});
    EXPECT_EQ(lever("POST", "/requisitions", nurse).status, 403);
}

TEST_F(LeverRequisitions, HideConfidentialOnesFromThoseWithoutTheGrant) {
    EXPECT_EQ(lever("GET", "/requisitions").json().at("data").as_array().size(), 0U);
    EXPECT_EQ(lever("GET", "/requisitions?confidentiality=all").json().at("data").as_array().size(), 1U);
    std::map<std::string, std::string> const plain{{"Authorization", basic_plain_key}};
    EXPECT_EQ(lever("GET", "/requisitions?confidentiality=all", {}, plain).status, 403);
    EXPECT_EQ(lever("GET", std::string("/requisitions/") + sample_id, {}, plain).status, 403);
}

TEST_F(LeverRequisitions, GoWithPostingsThatAreChangedInSomebodysName) {
    auto const posting = control("POST", "/lever/postings", {{"text", "Nurse"}});
    std::string const path = std::string("/postings/") + posting.at("posting_id").as_string().c_str();
    EXPECT_EQ(lever("POST", path, R"({"text":"Senior Nurse"})").status, 400);
    std::string const named = path + "?perform_as=8d49b010-cc6a-4f40-ace5-e86061c677ed";
    EXPECT_EQ(lever("POST", named, R"({"text":"Senior Nurse"})").json().at("data").at("text"), "Senior Nurse");
    EXPECT_EQ(lever("POST", named, R"({"title":"x"})").status, 400);
}

class LeverConsentPage : public Played {
protected:
    // Where the consent page sends the browser.
    std::string consent(std::string const& audience = "https%3A%2F%2Fapi.lever.co%2Fv1%2F") {
        auto const got =
            send("GET",
                 "/lever/authorize?client_id=lever-sandbox-client&response_type=code&state=st-1&redirect_uri="
                 "http%3A%2F%2F127.0.0.1%3A1%2Fback&scope=webhooks%3Awrite%3Aadmin%20offline_access&audience=" +
                     audience,
                 {}, {});
        EXPECT_EQ(got.status, 302) << got.body;
        return got.headers.count("location") == 0 ? "" : got.headers.at("location");
    }
    Got token(std::string const& form) {
        return send("POST", "/lever/oauth/token",
                    "client_id=lever-sandbox-client&client_secret=lever-sandbox-secret&" + form,
                    {{"Content-Type", "application/x-www-form-urlencoded"}});
    }
    json::object granted(std::string const& location) {
        std::string const code = location.substr(location.find("code=") + 5, 40);
        auto const got =
            token("grant_type=authorization_code&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fback&code=" + code);
        EXPECT_EQ(got.status, 200) << got.body;
        EXPECT_EQ(
            token("grant_type=authorization_code&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fback&code=" + code).status,
            400)
            << "a code works once";
        return got.json().as_object();
    }
    Got webhooks(json::object const& tokens) {
        return lever("GET", "/webhooks", {},
                     {{"Authorization", "Bearer " + std::string(tokens.at("access_token").as_string())}});
    }
    Got refreshed(json::object const& tokens) {
        return token("grant_type=refresh_token&refresh_token=" + std::string(tokens.at("refresh_token").as_string()));
    }
};

TEST_F(LeverConsentPage, GrantsWhatWasAskedForAndNothingElse) {
    auto const location = consent();
    EXPECT_NE(location.find("&state=st-1"), std::string::npos);
    auto const tokens = granted(location);
    EXPECT_EQ(tokens.at("expires_in"), 3600);
    EXPECT_EQ(webhooks(tokens).status, 200);
    EXPECT_EQ(
        lever("GET", "/tags", {}, {{"Authorization", "Bearer " + std::string(tokens.at("access_token").as_string())}})
            .status,
        403);
}

TEST_F(LeverConsentPage, ChangesTheRefreshTokenWithEachUse) {
    auto const first = granted(consent());
    auto const second = refreshed(first).json().as_object();
    EXPECT_NE(second.at("refresh_token"), first.at("refresh_token"));
    EXPECT_EQ(refreshed(first).status, 400);
    EXPECT_EQ(refreshed(second).status, 200);
}

TEST_F(LeverConsentPage, GrantsNothingWithoutTheAudience) {
    EXPECT_EQ(granted(consent("https%3A%2F%2Fapi.lever.co%2Fv1")).at("scope"), "offline_access");
}

TEST_F(LeverConsentPage, MayBeRefusedExpiredAndRevoked) {
    control("POST", "/lever/oauth", {{"refuses", true}});
    EXPECT_NE(consent().find("error=access_denied"), std::string::npos);
    control("POST", "/lever/oauth", {{"refuses", false}});
    auto const tokens = granted(consent());
    control("POST", "/lever/oauth/expire");
    EXPECT_EQ(webhooks(tokens).status, 401);
    auto const next = refreshed(tokens).json().as_object();
    EXPECT_EQ(webhooks(next).status, 200);
    control("POST", "/lever/oauth/revoke");
    EXPECT_EQ(webhooks(next).status, 401);
    EXPECT_EQ(refreshed(next).json().at("error"), "invalid_grant");
}

}  // namespace
}  // namespace crosswalk::sandbox
