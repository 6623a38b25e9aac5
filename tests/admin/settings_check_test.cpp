// POST /api/v1/connections/{name}/settings/check.
#include "admin_room.hpp"

#include <optional>

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;

struct SettingsCheck : AdminRoom {
    SettingsCheck() {
        connectors.front().infos.front().id = "lever";
        connectors.front().infos.front().settings_schema = R"({"type":"object","additionalProperties":false,
            "properties":{"reverse_sync":{"type":"boolean"},"key":{"type":"string"}}})";
        connectors.front().infos.front().secrets = {"/key"};
        connectors.front().judge = [this](std::string const& connection, json::value settings) -> model::Result<void> {
            judged = connection + ' ' + json::serialize(settings);
            return verdict ? model::Result<void>(*verdict) : model::Result<void>();
        };
    }
    http::Response check(std::string settings) {
        return post("/api/v1/connections/lever/settings/check", R"({"settings":)" + std::move(settings) + "}");
    }
    std::string judged;
    std::optional<model::Error> verdict;
};

TEST_F(SettingsCheck, SettingsThatWouldDoAreValid) {
    EXPECT_EQ(at(check(R"({"reverse_sync":true,"key":"secret:file/k"})"), "/valid"), "true");
    EXPECT_EQ(judged, R"(lever {"reverse_sync":true,"key":"secret:file/k"})");
}

TEST_F(SettingsCheck, TheConnectorsOwnWordsAreTheProblem) {
    verdict = model::Error{model::ErrorCode::failed_precondition, "These two cannot both be on."};
    auto const response = check("{}");
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(response.body, HasSubstr("These two cannot both be on."));
}

TEST_F(SettingsCheck, TheSchemaIsAskedFirst) {
    auto const response = check(R"({"reverse_sink":true})");
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(response.body, HasSubstr("reverse_sink"));
    EXPECT_EQ(judged, "");
}

TEST_F(SettingsCheck, ASecretInTheClearIsRefusedAndNotRepeated) {
    auto const response = check(R"({"key":"hunter2"})");
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(response.body, testing::Not(HasSubstr("hunter2")));
    EXPECT_EQ(judged, "");
}

TEST_F(SettingsCheck, AFaultThatIsNotOfTheSettingsIsNotBlamedOnThem) {
    verdict = model::Error{model::ErrorCode::unavailable, "The worker did not start."};
    EXPECT_EQ(check("{}").status, 503);
}

TEST_F(SettingsCheck, WithoutSettingsConnectionOrConnectorThereIsNothingToCheck) {
    for (char const* body : {"", "[]", "{}", R"({"settings":"all"})", R"({"settings":null})"}) {
        EXPECT_EQ(post("/api/v1/connections/lever/settings/check", body).status, 400) << body;
    }
    EXPECT_EQ(post("/api/v1/connections/nobody/settings/check", R"({"settings":{}})").status, 404);
    EXPECT_EQ(post("/api/v1/connections/goco/settings/check", R"({"settings":{}})").status, 409);
}

}  // namespace
}  // namespace crosswalk::admin
