#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Remembers what it was asked; answers as told.
class FakeDesk final : public ReplayDesk {
public:
    std::vector<std::string> asked;
    std::vector<Edit> edits;
    ReplayOrder order;
    Replayed answer;
    std::optional<model::Error> failure;

    model::Result<Replayed> replay(store::LetterId id, ReplayOrder const& given) override {
        asked.push_back(store::to_string(id));
        order = given;
        answer.letter = id;
        return failure ? model::Result<Replayed>(*failure) : answer;
    }
    model::Result<Replayed> edit(store::DeliveryId id, std::vector<Edit> const& given, bool dry_run) override {
        edits = given;
        order.dry_run = dry_run;
        answer.letter = {false, id};
        return failure ? model::Result<Replayed>(*failure) : answer;
    }
};

struct Dead : AdminRoom {
    FakeDesk desk;
    Dead() {
        replay_desk = &desk;
        desk.answer.result = ReplayResult::done;
    }
    store::DeliveryId die(std::string reason = "no e-mail") {
        (void)dispatch();
        return bury(std::move(reason));
    }
};

TEST_F(Dead, AreCountedByCause) {
    (void)die("Employee 17 has no e-mail.");
    (void)die("Employee 18 has no e-mail.");
    auto const response = get("/api/v1/dead/causes");
    EXPECT_EQ(at(response, "/causes/0/cause"), "push.internal");
    EXPECT_EQ(at(response, "/causes/0/count"), "2");
    EXPECT_EQ(at(response, "/causes/0/deliveries"), "2");
    EXPECT_EQ(at(response, "/causes/0/events"), "0");
    EXPECT_EQ(at(response, "/causes/0/newest"), "2026-11-22T08:00:00.000Z");
    EXPECT_EQ(at(response, "/causes/0/routes"), R"(["hires"])");
    EXPECT_EQ(at(response, "/causes/0/connections"), R"(["goco"])");
    EXPECT_EQ(at(response, "/causes/0/reason"), "Employee 18 has no e-mail.");
    EXPECT_EQ(at(response, "/causes/1"), "nothing");
}

TEST_F(Dead, AreListedPageByPage) {
    (void)die();
    (void)die();
    auto const first = get("/api/v1/dead?limit=1&cause=push.internal");
    EXPECT_EQ(at(first, "/letters/0/letter"), "d2");
    EXPECT_EQ(at(first, "/letters/0/title"), "Zoe Example");
    EXPECT_EQ(at(first, "/next_before"), "d2");
    EXPECT_EQ(at(get("/api/v1/dead?limit=2&before=d2"), "/letters/0/letter"), "d1");
    EXPECT_EQ(at(get("/api/v1/dead?cause=push"), "/letters"), "[]");
    EXPECT_EQ(at(get("/api/v1/dead?since=2026-11-22T08:00:01Z"), "/letters"), "[]");
}

TEST_F(Dead, RefuseAFilterThatSaysNothing) {
    for (char const* query : {"?limit=0", "?limit=501", "?limit=x", "?since=yesterday", "?until=1", "?before=17x"}) {
        EXPECT_EQ(get(std::string("/api/v1/dead") + query).status, 400) << query;
    }
}

TEST_F(Dead, ShowWhatWasSentWhatWasSaidAndWhatWasReceived) {
    auto const id = die();
    auto const response = get("/api/v1/dead/d" + std::to_string(id));
    EXPECT_EQ(at(response, "/state"), "dead");
    EXPECT_EQ(at(response, "/delivery/record/first_name"), "Zoe");
    EXPECT_EQ(at(response, "/delivery/sources/0/source"), "/first_name of the hire");
    EXPECT_EQ(at(response, "/delivery/attempts/0/reason"), "no e-mail");
    EXPECT_EQ(at(response, "/raw/body"), "{}");
    EXPECT_EQ(get("/api/v1/dead/d99").status, 404);
    EXPECT_EQ(get("/api/v1/dead/e99").status, 404);
    EXPECT_EQ(get("/api/v1/dead/x1").status, 400);
}

TEST_F(Dead, KeepTheSecretsOfARequestToThemselves) {
    store::Accepted item;
    item.connection = "lever";
    item.event_type = "candidate.hired";
    item.raw = {"POST", "/hooks/lever/path-key-17", {{"authorization", "Basic c2VjcmV0"}}, "a=1&b=2"};
    auto const id = store.inbox.accept(std::move(item)).value().id;
    ASSERT_TRUE(store.inbox.bury(id, {model::ErrorCode::invalid_argument, "No JSON."}, {}));
    auto const response = get("/api/v1/dead/e" + std::to_string(id));
    EXPECT_EQ(at(response, "/kind"), "event");
    EXPECT_EQ(at(response, "/raw/body"), "a=1&b=2");
    EXPECT_THAT(response.body, Not(HasSubstr("path-key-17")));
    EXPECT_THAT(response.body, Not(HasSubstr("c2VjcmV0")));
}

TEST_F(Dead, AreReplayedOldestFirstAndEachOnce) {
    auto const response = post("/api/v1/dead/replay", R"({"letters":["e5","d9","3","d9"],"mapping":"new"})");
    EXPECT_THAT(desk.asked, ElementsAre("d3", "d9", "e5"));
    EXPECT_EQ(desk.order.mapping, ReplayMapping::as_present);
    EXPECT_FALSE(desk.order.dry_run);
    EXPECT_EQ(at(response, "/replayed"), "3");
    EXPECT_EQ(at(response, "/left"), "0");
    EXPECT_EQ(woken, 1);
}

TEST_F(Dead, AreReplayedByFilterInPagesAndTheRestIsCounted) {
    for (int i = 0; i < 3; ++i) {
        (void)die();
    }
    auto const response = post("/api/v1/dead/replay", R"({"cause":"push.internal","limit":2,"dry_run":true})");
    EXPECT_THAT(desk.asked, ElementsAre("d1", "d2"));
    EXPECT_TRUE(desk.order.dry_run);
    EXPECT_EQ(at(response, "/left"), "1");
    EXPECT_EQ(at(response, "/next_after"), "d2");
    (void)post("/api/v1/dead/replay", R"({"cause":"push.internal","limit":2,"after":"d2"})");
    EXPECT_THAT(desk.asked, ElementsAre("d1", "d2", "d3"));
}

TEST_F(Dead, AreNotReplayedByACallThatCouldBeMisread) {
    for (char const* body :
         {"", "[]", "{}", R"({"all":"true"})", R"({"all":false})", R"({"letters":[]})", R"({"letters":["x"]})",
          R"({"letters":"d1"})", R"({"letters":["d1"],"all":true})", R"({"cause":7})", R"({"all":true,"dryrun":true})",
          R"({"all":true,"dry_run":"yes"})", R"({"all":true,"from":"raw","mapping":"old"})",
          R"({"all":true,"from":"x"})", R"({"all":true,"limit":0})", R"({"all":true,"limit":501})",
          R"({"since":"soon"})", R"({"all":true,"after":7})"}) {
        EXPECT_EQ(post("/api/v1/dead/replay", body).status, 400) << body;
    }
    EXPECT_TRUE(desk.asked.empty());
    EXPECT_EQ(woken, 0);
}

TEST_F(Dead, StopAtTheFirstErrorOfTheStore) {
    desk.failure = model::Error{model::ErrorCode::unavailable, "The disk is full."};
    EXPECT_EQ(post("/api/v1/dead/replay", R"({"letters":["d1","d2"]})").status, 503);
    EXPECT_EQ(desk.asked.size(), 1U);
}

TEST_F(Dead, AreEditedWithWhatIsSetAndRemoved) {
    auto const response =
        post("/api/v1/dead/d7/edit", R"({"set":{"/personal_email":"zoe@example.com"},"remove":["/manager"]})");
    EXPECT_EQ(at(response, "/result"), "edited");
    ASSERT_EQ(desk.edits.size(), 2U);
    EXPECT_EQ(desk.edits[0].field, "/personal_email");
    EXPECT_EQ(*desk.edits[0].value, "zoe@example.com");
    EXPECT_FALSE(desk.edits[1].value);
    EXPECT_THAT(store.log(), Not(HasSubstr("zoe@example.com")));
}

TEST_F(Dead, AreNotEditedByNothingOrTwiceInOnePlace) {
    for (char const* body : {"", "{}", R"({"set":[]})", R"({"remove":"/a"})", R"({"set":{"/a":1},"remove":["/a"]})",
                             R"({"set":{"/a":1},"force":true})", R"({"set":{"/a":1},"dry_run":1})"}) {
        EXPECT_EQ(post("/api/v1/dead/d7/edit", body).status, 400) << body;
    }
    EXPECT_EQ(post("/api/v1/dead/e7/edit", R"({"set":{"/a":1}})").status, 400);
    EXPECT_TRUE(desk.edits.empty());
}

TEST_F(Dead, AreEditedInFiftyPlacesAtMost) {
    boost::json::object set;
    for (int i = 0; i < 50; ++i) {
        set["/a" + std::to_string(i)] = 1;
    }
    EXPECT_EQ(post("/api/v1/dead/d7/edit", boost::json::serialize(boost::json::object{{"set", set}})).status, 200);
    set["/one_more"] = 1;
    EXPECT_EQ(post("/api/v1/dead/d7/edit", boost::json::serialize(boost::json::object{{"set", set}})).status, 400);
    EXPECT_EQ(desk.edits.size(), 50U) << "the second call reached nobody";
}

TEST_F(Dead, SayWhichFieldsKeepAnEditFromBeingTaken) {
    desk.answer.result = ReplayResult::refused;
    desk.answer.reason = "Fields are missing.";
    desk.answer.previews.emplace_back();
    desk.answer.previews[0].fields = {{"personal_email", "It is required."}};
    auto const response = post("/api/v1/dead/d7/edit", R"({"remove":["/personal_email"]})");
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(body(response).at("errors").at(0).at("field"), "personal_email");
}

TEST_F(Dead, AreGivenUpWithTheReasonThatWasGiven) {
    auto const first = die();
    auto const second = die();
    auto const response = post("/api/v1/dead/discard", R"({"all":true,"reason":"Entered by hand"})");
    EXPECT_EQ(at(response, "/discarded"), "2");
    for (auto const id : {first, second}) {
        auto const letter = get("/api/v1/dead/d" + std::to_string(id));
        EXPECT_EQ(at(letter, "/state"), "discarded");
        EXPECT_EQ(at(letter, "/reason"), "Entered by hand");
        EXPECT_EQ(at(letter, "/died_of"), "no e-mail");
    }
    EXPECT_EQ(at(post("/api/v1/dead/discard", R"({"letters":["d1","d99"],"reason":"Again"})"), "/refused"), "2");
    EXPECT_THAT(store.log(), Not(HasSubstr("Entered by hand")));
}

TEST_F(Dead, WantAReasonOfAtMost1000Bytes) {
    (void)die();
    for (std::string const& reason : {std::string(), std::string(1001, 'x')}) {
        json::object const given{{"all", true}, {"reason", reason}};
        EXPECT_EQ(post("/api/v1/dead/discard", json::serialize(given)).status, 400);
    }
    EXPECT_EQ(post("/api/v1/dead/discard", R"({"all":true})").status, 400);
    EXPECT_EQ(at(get("/api/v1/conservation"), "/dead"), "1");
}

}  // namespace
}  // namespace crosswalk::admin
