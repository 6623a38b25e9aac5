#include "store/links.hpp"

#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;

struct LinksOfRecords : AdminRoom {
    LinksOfRecords() {
        EXPECT_TRUE(links.put({"goco", "employee", "42"}, {"lever", "candidate", "c-1"}));
        EXPECT_TRUE(links.put({"goco", "job", "7"}, {"lever", "posting", "p-1"}));
    }
    store::Links links{store.store()};
};

TEST_F(LinksOfRecords, AreListedFromTheSideOfOneConnection) {
    auto const response = get("/api/v1/connections/lever/links");
    EXPECT_EQ(at(response, "/count"), "2");
    EXPECT_EQ(at(response, "/links/0/kind"), "candidate");
    EXPECT_EQ(at(response, "/links/0/other_connection"), "goco");
    EXPECT_EQ(at(response, "/links/0/other_id"), "42");
    EXPECT_EQ(at(response, "/links/0/made_at"), model::to_rfc3339(clock.now()));
}

TEST_F(LinksOfRecords, AreListedByKind) {
    auto const response = get("/api/v1/connections/goco/links?kind=job");
    EXPECT_EQ(at(response, "/count"), "1");
    EXPECT_EQ(at(response, "/links/0/other_id"), "p-1");
    EXPECT_EQ(at(get("/api/v1/connections/unknown/links"), "/count"), "0");
}

TEST_F(LinksOfRecords, AreRemovedOneAtATime) {
    std::string const link =
        R"({"kind":"candidate","id":"c-1","other_connection":"goco","other_kind":"employee","other_id":"42"})";
    EXPECT_EQ(at(post("/api/v1/connections/lever/links/remove", link), "/status"), "removed");
    EXPECT_EQ(links.count("lever", "").value(), 1);
    EXPECT_EQ(post("/api/v1/connections/lever/links/remove", link).status, 404);
}

TEST_F(LinksOfRecords, AreNotRemovedByHalfAName) {
    auto const refused = post("/api/v1/connections/lever/links/remove", R"({"kind":"candidate","id":"c-1"})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, HasSubstr("other_connection"));
    EXPECT_EQ(links.count("lever", "").value(), 2);
}

TEST_F(LinksOfRecords, NeedTheToken) {
    EXPECT_EQ(make().handle({"GET", "/api/v1/connections/lever/links", {}, {}, "127.0.0.1"}).status, 401);
}

}  // namespace
}  // namespace crosswalk::admin
