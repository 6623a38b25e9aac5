#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Catalog : AdminRoom {
    std::string connection(std::string const& pointer) {
        return at(get("/api/v1/connections"), "/connections" + pointer);
    }
    std::string route(std::string const& pointer) { return at(get("/api/v1/routes"), "/routes" + pointer); }
};

TEST_F(Catalog, TellsWhatEachConnectorOffers) {
    auto const response = get("/api/v1/connectors");
    EXPECT_EQ(at(response, "/connectors/0/connector"), "lever");
    EXPECT_EQ(at(response, "/connectors/0/state"), "loaded");
    EXPECT_EQ(at(response, "/connectors/0/provides/0/id"), "fake");
    EXPECT_EQ(at(response, "/connectors/0/provides/0/triggers/0/event"), "candidate.hired");
    EXPECT_EQ(at(response, "/connectors/0/provides/0/actions/1/action"), "add_note");
}

TEST_F(Catalog, TellsWhyAConnectorIsNotThere) {
    connectors = {{"acme", {}, "acme.so is not there.", true}, {"goco", {}, {}, false}};
    auto const response = get("/api/v1/connectors");
    EXPECT_EQ(at(response, "/connectors/0/state"), "refused");
    EXPECT_EQ(at(response, "/connectors/0/reason"), "acme.so is not there.");
    EXPECT_EQ(at(response, "/connectors/1/state"), "disabled");
}

TEST_F(Catalog, OffersTheWebhookAddressWithAndWithoutItsScheme) {  // A.15
    config.public_url = "https://hooks.example.com";
    EXPECT_EQ(connection("/1/connection"), "lever");
    EXPECT_EQ(connection("/1/webhook/url"), "https://hooks.example.com/hooks/lever");
    EXPECT_EQ(connection("/1/webhook/without_scheme"), "hooks.example.com/hooks/lever");
}

TEST_F(Catalog, ShowsTheEnvironmentThatTheSettingsChoose) {  // E.5
    config.connections.at("lever").settings = json::object{{"environment", "sandbox"}};
    config.connections.at("goco").settings = json::object{{"environment", 7}};
    EXPECT_EQ(connection("/1/environment"), "sandbox");
    EXPECT_EQ(connection("/0/environment"), "nothing");
    config.connections.at("lever").settings = json::object{};
    EXPECT_EQ(connection("/1/environment"), "nothing");
}

TEST_F(Catalog, OffersNoWebhookAddressForAConnectorThatTakesNone) {
    connector.info().caps = 0;
    EXPECT_EQ(connection("/1/connection"), "lever");
    EXPECT_EQ(connection("/1/webhook"), "nothing");
}

TEST_F(Catalog, DoesNotDoubleTheSlashOfThePublicAddress) {  // A.15
    config.public_url = "https://example.com/crosswalk/";
    EXPECT_EQ(connection("/0/webhook/url"), "https://example.com/crosswalk/hooks/goco");
}

TEST_F(Catalog, NamesTheKeyInAWebhookAddressAndDoesNotShowIt) {  // A.15
    config.public_url = "https://hooks.example.com";
    config.connections.at("goco").path_key = "secret:env/GOCO_PATH";
    EXPECT_EQ(connection("/0/webhook/url"), "https://hooks.example.com/hooks/goco/<key from secret:env/GOCO_PATH>");
}

TEST_F(Catalog, TakesTheListenersAddressWhenNoPublicOneIsSet) {  // A.15
    config.hooks = {"127.0.0.1", 8470, std::nullopt};
    EXPECT_EQ(connection("/0/webhook/url"), "http://127.0.0.1:8470/hooks/goco");
    config.hooks = {"::1", 8470, config::TlsFiles{"c.pem", "secret:file/key"}};
    EXPECT_EQ(connection("/0/webhook/url"), "https://[::1]:8470/hooks/goco");
    EXPECT_EQ(connection("/0/webhook/without_scheme"), "[::1]:8470/hooks/goco");
}

TEST_F(Catalog, TellsAPausedConnectionFromAnActiveAndAFailedOne) {  // A.45
    EXPECT_EQ(connection("/0/state"), "connected");
    ASSERT_TRUE(store.state.pause_connection("goco", "The key was refused."));
    EXPECT_EQ(connection("/0/state"), "paused");
    EXPECT_EQ(connection("/0/reason"), "The key was refused.");
    EXPECT_EQ(connection("/0/paused_since"), "2026-11-22T08:00:00.000Z");
    connection_errors["goco"] = "The secret is missing.";
    EXPECT_EQ(connection("/0/state"), "failed");
    EXPECT_EQ(connection("/0/reason"), "The secret is missing.");
}

TEST_F(Catalog, TellsWhenAConnectionWasVerified) {  // A.18
    EXPECT_EQ(connection("/1/verified_at"), "nothing");
    ASSERT_TRUE(store.state.mark_verified("lever", clock.now()));
    EXPECT_EQ(connection("/1/verified_at"), "2026-11-22T08:00:00.000Z");
}

TEST_F(Catalog, ShowsHowAConnectionStandsAsADestination) {
    destination = [this](std::string_view name) {
        return name == "goco" ? Destination{"open", clock.now(), clock.now() + std::chrono::seconds(30), {}}
                              : Destination{};
    };
    EXPECT_EQ(connection("/0/destination/state"), "open");
    EXPECT_EQ(connection("/0/destination/since"), model::to_rfc3339(clock.now()));
    EXPECT_EQ(connection("/0/destination/next_probe"), model::to_rfc3339(clock.now() + std::chrono::seconds(30)));
    EXPECT_EQ(connection("/1/destination/state"), "closed");
    EXPECT_EQ(connection("/1/destination/since"), "nothing");
}

TEST_F(Catalog, FindsThatAConnectionWorks) {  // A.12
    auto const response = post("/api/v1/connections/lever/check");
    EXPECT_EQ(at(response, "/ok"), "true");
    EXPECT_EQ(at(response, "/warnings"), "[]");
}

TEST_F(Catalog, NamesTheRightsThatAKeyLacks) {  // A.13
    connector.on_probe = []() -> model::Result<plugin_host::ProbeReport> {
        return plugin_host::ProbeReport{{{"api_key", "It does not see confidential postings."}}};
    };
    auto const response = post("/api/v1/connections/lever/check");
    EXPECT_EQ(at(response, "/ok"), "true");
    EXPECT_EQ(at(response, "/warnings/0/field"), "api_key");
    EXPECT_EQ(at(response, "/warnings/0/reason"), "It does not see confidential postings.");
}

TEST_F(Catalog, SaysWhyAConnectionDoesNotWork) {  // A.12
    connector.on_probe = []() -> model::Result<plugin_host::ProbeReport> {
        return model::Error{model::ErrorCode::unauthenticated, "Lever refuses the key."};
    };
    auto const response = post("/api/v1/connections/lever/check");
    EXPECT_EQ(at(response, "/ok"), "false");
    EXPECT_EQ(at(response, "/reason"), "Lever refuses the key.");
}

TEST_F(Catalog, SaysWhyAConnectionThatNeverStartedCannotBeChecked) {
    EXPECT_EQ(at(post("/api/v1/connections/goco/check"), "/reason"), "Its connector is not loaded.");
    connection_errors["goco"] = "The secret is missing.";
    EXPECT_EQ(at(post("/api/v1/connections/goco/check"), "/ok"), "false");
    EXPECT_EQ(at(post("/api/v1/connections/goco/check"), "/reason"), "The secret is missing.");
}

TEST_F(Catalog, KnowsOnlyConfiguredConnections) {
    EXPECT_EQ(post("/api/v1/connections/nobody/check").status, 404);
    EXPECT_EQ(post("/api/v1/connections/nobody/resume").status, 404);
}

TEST_F(Catalog, ResumesAPausedConnectionAndLooksForWork) {  // A.45
    ASSERT_TRUE(store.state.pause_connection("goco", "The key was refused."));
    EXPECT_EQ(at(post("/api/v1/connections/goco/resume"), "/status"), "connected");
    EXPECT_EQ(connection("/0/state"), "connected");
    EXPECT_EQ(woken, 1);
}

TEST_F(Catalog, ListsRoutesWithTheirState) {
    EXPECT_EQ(route("/0/route"), "hires");
    EXPECT_EQ(route("/0/title"), "Hires to GoCo");
    EXPECT_EQ(route("/0/from"), "lever candidate.hired");
    EXPECT_EQ(route("/0/to"), "goco create");
    EXPECT_EQ(route("/0/state"), "running");
}

TEST_F(Catalog, ShowsARouteThatItsFileDisablesAsStopped) {
    EXPECT_EQ(route("/1/route"), "unused");
    EXPECT_EQ(route("/1/state"), "stopped");
}

TEST_F(Catalog, StopsPausesAndStartsARoute) {  // A.17
    for (auto const& [verb, state] : {std::pair("stop", "stopped"), std::pair("start", "running"),
                                      std::pair("pause", "paused"), std::pair("resume", "running")}) {
        EXPECT_EQ(at(post("/api/v1/routes/hires/" + std::string(verb)), "/state"), state);
        EXPECT_EQ(route("/0/state"), state);
    }
    EXPECT_EQ(woken, 4);
}

TEST_F(Catalog, DoesNotStartARouteThatItsFileDisables) {  // A.17
    auto const response = post("/api/v1/routes/unused/start");
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("enabled: false"));
    EXPECT_FALSE(store.state.route_mode("unused").value().has_value());
}

TEST_F(Catalog, KnowsOnlyConfiguredRoutesAndItsOwnVerbs) {
    EXPECT_EQ(post("/api/v1/routes/nothing/start").status, 404);
    EXPECT_EQ(post("/api/v1/routes/hires/explode").status, 404);
    EXPECT_EQ(route("/0/state"), "running");
}

TEST_F(Catalog, ChangesNoRouteWhileTheStoreCannotBeWritten) {
    store.store().close();
    EXPECT_GE(post("/api/v1/routes/hires/stop").status, 500);
    EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace crosswalk::admin
