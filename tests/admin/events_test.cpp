#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Events : AdminRoom {
    std::vector<std::int64_t> ids(std::string const& query) {
        std::vector<std::int64_t> found;
        auto const response = get("/api/v1/events" + query);
        EXPECT_EQ(response.status, 200) << response.body;
        json::value const page = body(response);
        for (json::value const& event : page.at("events").as_array()) {
            found.push_back(event.at("id").as_int64());
        }
        return found;
    }
    static std::string of(std::int64_t id) { return "/api/v1/events/" + std::to_string(id); }
};

TEST_F(Events, AreListedNewestFirstWithTheirRoutes) {
    auto const first = dispatch("Zoe Example");
    auto const second = take();
    EXPECT_THAT(ids(""), ElementsAre(second, first));
    auto const response = get("/api/v1/events");
    EXPECT_EQ(at(response, "/events/0/state"), "received");
    EXPECT_EQ(at(response, "/events/1/title"), "Zoe Example");
    EXPECT_EQ(at(response, "/events/1/routes/0/route"), "hires");
    EXPECT_EQ(at(response, "/events/1/routes/0/state"), "pending");
    EXPECT_EQ(at(response, "/events/1/received_at"), "2026-11-22T08:00:00.000Z");
}

TEST_F(Events, AreNoneInAnEmptyStore) {
    EXPECT_EQ(at(get("/api/v1/events"), "/events"), "[]");
    EXPECT_EQ(at(get("/api/v1/events"), "/next_before"), "nothing");
}

TEST_F(Events, AreReadPageByPageEachOnce) {
    std::vector<std::int64_t> all;
    for (int i = 0; i < 5; ++i) {
        all.insert(all.begin(), take());
    }
    std::vector<std::int64_t> read;
    std::string query = "?limit=2";
    for (int page = 0; page < 3; ++page) {
        for (auto const id : ids(query)) {
            read.push_back(id);
        }
        query = "?limit=2&before=" + at(get("/api/v1/events" + query), "/next_before");
    }
    EXPECT_EQ(read, all);
    EXPECT_EQ(query, "?limit=2&before=nothing");
}

TEST_F(Events, HaveALimitBetween1And500WhateverIsAsked) {
    for (int i = 0; i < 3; ++i) {
        (void)take();
    }
    EXPECT_THAT(ids("?limit=0"), SizeIs(1));
    EXPECT_THAT(ids("?limit=-5"), SizeIs(1));
    EXPECT_THAT(ids("?limit=1000000"), SizeIs(3));
    EXPECT_THAT(ids("?limit=many&before=x"), SizeIs(3));
}

TEST_F(Events, AreFilteredByTextStateConnectionAndRoute) {
    auto const zoe = dispatch("Zoe Example");
    auto const bob = dispatch("Bob Example");
    auto const open = take();
    EXPECT_THAT(ids("?text=zoe"), ElementsAre(zoe));
    EXPECT_THAT(ids("?text=zo%65"), ElementsAre(zoe));
    EXPECT_THAT(ids("?state=received"), ElementsAre(open));
    EXPECT_THAT(ids("?state=pending"), ElementsAre(bob, zoe));
    EXPECT_THAT(ids("?connection=lever"), SizeIs(3));
    EXPECT_THAT(ids("?connection=goco"), IsEmpty());
    EXPECT_THAT(ids("?route=hires"), ElementsAre(bob, zoe));
    EXPECT_THAT(ids("?route=other"), IsEmpty());
}

TEST_F(Events, ShowEveryDeliveryWithItsSourcesWarningsAndAttempts) {
    auto const id = dispatch();
    model::AttemptReport report{model::Outcome::delivered, "Created."};
    report.target_key = "emp-7";
    report.target_url = "https://goco.example.com/emp-7";
    report.remote_request = "req-1";
    (void)settle(store::DeliveryState::delivered, report);
    auto const response = get(of(id));
    EXPECT_EQ(at(response, "/events/0/record/first_name"), "Zoe");
    EXPECT_EQ(at(response, "/deliveries/0/kind"), "delivery");
    EXPECT_EQ(at(response, "/deliveries/0/state"), "delivered");
    EXPECT_EQ(at(response, "/deliveries/0/record/first_name"), "Zoe");
    EXPECT_EQ(at(response, "/deliveries/0/sources/0/source"), "/first_name of the hire");
    EXPECT_EQ(at(response, "/deliveries/0/warnings/0/field"), "manager");
    EXPECT_EQ(at(response, "/deliveries/0/target_key"), "emp-7");
    EXPECT_EQ(at(response, "/deliveries/0/attempts/0/kind"), "push");
    EXPECT_EQ(at(response, "/deliveries/0/attempts/0/outcome"), "delivered");
    EXPECT_EQ(at(response, "/deliveries/0/attempts/0/remote_request"), "req-1");
    EXPECT_EQ(at(response, "/deliveries/0/due_at"), "nothing");
}

TEST_F(Events, ThatDoNotExistAreNotFound) {
    EXPECT_EQ(get(of(99)).status, 404);
    EXPECT_EQ(get(of(-1)).status, 404);
    EXPECT_EQ(post(of(99) + "/replay").status, 404);
    EXPECT_EQ(woken, 0);
}

TEST_F(Events, RunAgainAsANewEventThatPointsToTheFirst) {  // A.43
    auto const id = dispatch();
    (void)bury("no e-mail");
    auto const response = post(of(id) + "/replay");
    auto const again = at(response, "/event");
    EXPECT_NE(again, std::to_string(id));
    EXPECT_EQ(at(response, "/replay_of"), std::to_string(id));
    EXPECT_EQ(at(get("/api/v1/events/" + again), "/replay_of"), std::to_string(id));
    EXPECT_EQ(at(get("/api/v1/events/" + again), "/state"), "received");
    EXPECT_EQ(woken, 1);
}

TEST_F(Events, WithADeliveryThatIsDoneOrOpenRunAgainOnlyByForce) {
    auto const id = dispatch();
    EXPECT_EQ(post(of(id) + "/replay").status, 409);
    (void)settle(store::DeliveryState::delivered, {model::Outcome::delivered, ""});
    auto const refused = post(of(id) + "/replay");
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.body, HasSubstr("makes it twice"));
    EXPECT_EQ(woken, 0);
    EXPECT_EQ(post(of(id) + "/replay", R"({"force":true})").status, 200);
}

TEST_F(Events, ThatWaitStillAreNotReplayed) {
    EXPECT_EQ(post(of(take()) + "/replay").status, 409);
    EXPECT_EQ(woken, 0);
}

TEST_F(Events, AddUpInTheConservation) {
    (void)take();
    (void)dispatch();
    (void)bury("no e-mail");
    auto const response = get("/api/v1/conservation");
    EXPECT_EQ(at(response, "/received"), "2");
    EXPECT_EQ(at(response, "/held"), "1");
    EXPECT_EQ(at(response, "/dead"), "1");
    EXPECT_EQ(at(response, "/difference"), "0");
}

TEST_F(Events, CannotBeChangedWhileTheStoreCannotBeWritten) {
    auto const id = dispatch();
    (void)bury("no e-mail");
    store.store().close();
    EXPECT_GE(post(of(id) + "/replay").status, 500);
    EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace crosswalk::admin
