#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

struct Entrance : AdminRoom {
    int status_with(std::string const& authorization, std::string target = "/api/v1/events") {
        http::Request request{"GET", std::move(target), {}, {}, "127.0.0.1"};
        if (!authorization.empty()) {
            request.headers.emplace_back("authorization", authorization);
        }
        return make().handle(request).status;
    }
};

TEST_F(Entrance, LetsTheTokenIn) {
    EXPECT_EQ(status_with("Bearer correct-horse"), 200);
}

TEST_F(Entrance, RefusesEveryTokenButTheOne) {
    for (char const* given :
         {"", "Bearer", "Bearer ", "Bearer correct-hors", "Bearer correct-horsf", "Bearer correct-horse ",
          "Bearer correct-horsecorrect-horse", "Bearer Correct-horse", "bearer correct-horse", "correct-horse",
          "Basic correct-horse", "Bearer  correct-horse"}) {
        EXPECT_EQ(status_with(given), 401) << given;
    }
}

TEST_F(Entrance, StaysShutWhenNoTokenIsConfigured) {
    auto handler = make(model::Secret());
    for (char const* given : {"Bearer ", "Bearer", "Bearer x"}) {
        EXPECT_EQ(handler.handle({"GET", "/api/v1/events", {{"authorization", given}}, {}, ""}).status, 401) << given;
    }
}

TEST_F(Entrance, SaysHowToSendTheTokenAndNotWhatWasSent) {
    auto const response = make().handle({"GET", "/api/v1/events", {{"authorization", "Bearer wrong-one"}}, {}, ""});
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.headers, Contains(Pair("WWW-Authenticate", "Bearer")));
    EXPECT_THAT(response.body, HasSubstr("Authorization: Bearer"));
    EXPECT_THAT(response.body + store.log(), Not(HasSubstr("wrong-one")));
}

TEST_F(Entrance, GuardsEveryEndpointBelowApi) {
    for (Endpoint const& endpoint : endpoints()) {
        EXPECT_EQ(endpoint.needs_token, endpoint.pattern.starts_with("/api/")) << endpoint.pattern;
        if (endpoint.needs_token) {
            std::string target(endpoint.pattern);
            for (auto open = target.find('{'); open != std::string::npos; open = target.find('{')) {
                target.replace(open, target.find('}') - open + 1, "1");
            }
            EXPECT_EQ(make().handle({std::string(endpoint.method), target, {}, {}, ""}).status, 401) << target;
        }
    }
}

TEST_F(Entrance, KnowsOnlyItsOwnAddresses) {
    for (char const* target : {"", "/", "//", "/api", "/api/v1", "/api/v1/", "/api/v1/events/", "/api/v1/events/1/",
                               "/api/v1/events//replay", "/api/v1/event", "/livez/", "/livez/x", "livez",
                               "/api/v1/routes/hires", "/api/v1/routes/hires/stop/now"}) {
        auto const response = make().handle({"GET", target, {}, {}, ""});
        EXPECT_EQ(response.status, 404) << target;
        EXPECT_EQ(response.content_type, "application/problem+json");
    }
}

TEST_F(Entrance, NamesTheMethodThatAnAddressTakes) {
    auto const response = make().handle({"GET", "/api/v1/events/1/replay", {}, {}, ""});
    EXPECT_EQ(response.status, 405);
    EXPECT_THAT(response.headers, Contains(Pair("Allow", "POST")));
    EXPECT_EQ(ask("DELETE", "/api/v1/events").status, 405);
    EXPECT_EQ(ask("HEAD", "/livez").status, 405);
}

TEST_F(Entrance, RefusesAnIdThatIsNoNumber) {
    for (char const* id : {"x", "1x", "0x1", "1.0", "+1", "99999999999999999999", "%31"}) {
        EXPECT_EQ(get("/api/v1/events/" + std::string(id)).status, 400) << id;
        EXPECT_EQ(post("/api/v1/events/" + std::string(id) + "/replay").status, 400) << id;
        EXPECT_EQ(get("/api/v1/dead/" + std::string(id)).status, 400) << id;
        EXPECT_EQ(post("/api/v1/dead/" + std::string(id) + "/edit", R"({"remove":["/a"]})").status, 400) << id;
    }
}

TEST(CallBody, ReadsOnlyMembersOfTheTypeAskedFor) {
    auto const text = [](std::string body) {
        http::Request const request{"POST", "/", {}, std::move(body), ""};
        return Call{request, {}}.body_text("a");
    };
    EXPECT_EQ(text(R"({"a":"x"})"), "x");
    for (char const* body : {"", "{", "[]", "\"a\"", R"({"a":1})", R"({"b":"x"})", "null", R"({"a":"x"} y)"}) {
        EXPECT_EQ(text(body), "") << body;
    }
    auto const flag = [](std::string body) {
        http::Request const request{"POST", "/", {}, std::move(body), ""};
        return Call{request, {}}.body_flag("a");
    };
    EXPECT_TRUE(flag(R"({"a":true})"));
    for (char const* body : {"", R"({"a":false})", R"({"a":"true"})", R"({"a":1})", "{\"a\":true"}) {
        EXPECT_FALSE(flag(body)) << body;
    }
    EXPECT_EQ(text(std::string(100'000, '[')), "");
}

}  // namespace
}  // namespace crosswalk::admin
