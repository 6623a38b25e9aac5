#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Health : AdminRoom {
    http::Response look(std::string target) { return make().handle({"GET", std::move(target), {}, {}, ""}); }
};

TEST_F(Health, IsAliveWithoutAToken) {
    EXPECT_EQ(at(look("/livez"), "/status"), "ok");
}

TEST_F(Health, IsAliveEvenWhileItDrainsOrCannotStore) {
    draining = true;
    store.store().close();
    EXPECT_EQ(look("/livez").status, 200);
}

TEST_F(Health, TellsItsVersion) {
    EXPECT_EQ(at(look("/version"), "/name"), "crosswalk");
    EXPECT_EQ(at(look("/version"), "/version"), "1.2.3");
}

TEST_F(Health, IsReadyWhenTheStoreTakesWrites) {
    EXPECT_EQ(at(look("/readyz"), "/status"), "ok");
    EXPECT_EQ(at(look("/readyz"), "/degraded"), "[]");
}

TEST_F(Health, IsNotReadyWhenTheStoreCannotBeWritten) {
    store.store().close();
    auto const response = look("/readyz");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(body(response).at("status").as_string(), "store unavailable");
    EXPECT_FALSE(body(response).at("reason").as_string().empty());
}

TEST_F(Health, IsNotReadyWhileItDrains) {
    draining = true;
    auto const response = look("/readyz");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(body(response).at("status").as_string(), "draining");
}

TEST_F(Health, StaysReadyAndListsWhatCouldNotBeStarted) {
    connectors.push_back({"acme", {}, "acme.so exports two symbols.", true});
    connection_errors["goco"] = "The secret is missing.";
    auto const response = look("/readyz");
    EXPECT_EQ(at(response, "/status"), "ok");
    EXPECT_EQ(at(response, "/degraded/0/connector"), "acme");
    EXPECT_EQ(at(response, "/degraded/0/reason"), "acme.so exports two symbols.");
    EXPECT_EQ(at(response, "/degraded/1/connection"), "goco");
    EXPECT_EQ(at(response, "/degraded/1/reason"), "The secret is missing.");
}

TEST_F(Health, ShowsCountersAsPrometheusWantsThem) {
    metrics.counter("crosswalk_ingest_events_total", "Events").add(3);
    auto const response = look("/metrics");
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.content_type, HasSubstr("text/plain"));
    EXPECT_THAT(response.body, HasSubstr("crosswalk_ingest_events_total 3"));
}

TEST_F(Health, TellsNobodyAboutPersons) {
    auto const id = dispatch("Zoe Example");
    (void)bury("The e-mail address is missing.");
    EXPECT_EQ(get("/api/v1/events/" + std::to_string(id)).status, 200);
    EXPECT_EQ(get("/api/v1/events?text=Zoe").status, 200);
    EXPECT_EQ(post("/api/v1/events/" + std::to_string(id) + "/replay").status, 200);
    for (char const* target : {"/readyz", "/livez", "/version", "/metrics"}) {
        EXPECT_THAT(look(target).body, Not(HasSubstr("Zoe"))) << target;
    }
    EXPECT_THAT(store.log(), Not(HasSubstr("Zoe")));
}

}  // namespace
}  // namespace crosswalk::admin
