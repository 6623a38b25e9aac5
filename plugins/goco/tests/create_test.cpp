// create_employee: the duplicate rule, the create call, and what an earlier attempt left. A.25, A.26, A.38 to A.42.
#include "fixture.hpp"

#include <gtest/gtest.h>

namespace crosswalk::goco_test {
namespace {

using support::CallResult;
using support::SentRequest;

// ---- the happy path

// A.25 A.26
TEST(GocoCreate, CreatesTheEmployeeAndNotesWhereToLook) {
    World world;
    nobody_there(world);
    create_works(world);
    CallResult const result = world.push();
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_902");
    EXPECT_EQ(result.note(CW_NOTE_TARGET_URL), "https://goco.example/acme-demo/employees/emp_902");
    EXPECT_TRUE(result.warnings.empty());
}

TEST(GocoCreate, SendsTheFullRequestOfTheSample) {
    World world;
    nobody_there(world);
    create_works(world);
    world.host.on("GET", address("/employees?email="))
        .reply(200, one(person("emp_77", "Ada", "Boss", {{"work_email", "Ada.Boss@example.com"}})));
    CallResult const mapped =
        world.goco.map(CW_MAP_OUT, "crosswalk.hire/1", json::serialize(hire()), "goco.employee/1");
    CallResult const result = world.push(json::serialize(mapped.records.at(0).data));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(json::value(world.created()), json::parse(sample("employee_create_request_full")));
}

TEST(GocoCreate, SendsTheMinimalRequestOfTheSample) {
    World world({{"import_sources", {{"greenhouse", "Greenhouse"}}}});
    nobody_there(world);
    create_works(world);
    CallResult const mapped = world.goco.map(CW_MAP_OUT, "crosswalk.hire/1", R"({"first_name": "Ivo",
        "last_name": "Petrov", "application": {"system": "greenhouse", "kind": "app", "id": "69306314"}})",
                                             "goco.employee/1");
    (void)world.push(json::serialize(mapped.records.at(0).data));
    EXPECT_EQ(json::value(world.created()), json::parse(sample("employee_create_request_minimal")));
}

TEST(GocoCreate, SendsKeyAndHeadersAndNeverLetsTheHostRepeatTheCreate) {
    World world;
    nobody_there(world);
    create_works(world);
    (void)world.push();
    SentRequest const sent = world.creates().at(0);
    EXPECT_EQ(sent.header("idempotency-key"), "delivery-1");
    EXPECT_EQ(sent.header("content-type"), "application/json");
    EXPECT_EQ(sent.header("accept"), "application/json");
    EXPECT_FALSE(sent.idempotent);
    for (SentRequest const& request : world.host.requests()) {
        EXPECT_EQ(request.auth, CW_AUTH_BEARER);
        EXPECT_EQ(request.auth_secret, "/api_key");
        EXPECT_EQ(request.header("authorization"), "") << "the host adds the key";
    }
    EXPECT_TRUE(world.host.requests().at(0).idempotent);
}

// A.38
TEST(GocoCreate, PassesExtraFieldsThroughUnderTheirConfiguredNames) {
    World world({{"fields", {{"cost_center", "costCenter"}}}});
    nobody_there(world);
    create_works(world);
    (void)world.push(employee({{"cost_center", "CC-7"}, {"badge", 12}}));
    EXPECT_EQ(world.created().at("costCenter"), json::value("CC-7"));
    EXPECT_EQ(world.created().at("badge"), json::value(12));
}

// F.7
TEST(GocoCreate, TakesPathsFieldsAndEnvelopeFromConfiguration) {
    json::object const contract = json::parse(R"({
        "paths": {"employee_search": "/v2/{company}/people?given={first_name}&family={last_name}&n={limit}&skip={offset}",
                  "employee_create": "/v2/{company}/people", "departments": "/v2/{company}/teams"},
        "fields": {"first_name": "givenName", "last_name": "familyName", "external_id": "ref", "id": "uid",
                   "department_id": "teamId", "department_name": "title", "profile_url": "link"},
        "envelope": {"data": "/result/items", "total": "/result/count"}})")
                                      .as_object();
    World world(contract);
    std::string const v2 = "https://goco.example.com/v2/acme-demo";
    world.host.on("GET", v2 + "/people?given=Nora&family=Okafor&n=100&skip=0")
        .reply(200, R"({"result": {"items": [{"uid": 1, "givenName": "Nora", "familyName": "Oka"}], "count": 1}})");
    world.host.on("GET", v2 + "/teams").reply(200, R"({"result": {"items": [{"uid": 10, "title": "Engineering"}]}})");
    world.host.on("POST", v2 + "/people").reply(201, R"({"result": {"items": {"uid": 902, "link": "https://x"}}})");
    CallResult const result = world.push(employee({{"department", "Engineering"}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "902");
    EXPECT_EQ(result.note(CW_NOTE_TARGET_URL), "https://x");
    json::value const body = world.host.requests("POST", v2).at(0).json();
    EXPECT_EQ(body, json::parse(R"({"ref": "lever:opp:250d8f03-738a-4bba-a671-8a3d73477145", "import_source": "Lever",
        "givenName": "Nora", "familyName": "Okafor", "teamId": 10})"));
}

// A.42
TEST(GocoCreate, SendsNothingForARecordWithoutAName) {
    World world;
    CallResult const result = world.push(employee({{"last_name", ""}}));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").at(0).at("field"), json::value("last_name"));
    EXPECT_TRUE(world.host.requests().empty());
}

TEST(GocoCreate, RefusesAnActionThatDoesNotExist) {
    World world;
    EXPECT_EQ(world.goco.push("fire_employee", "k", "{}").status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(world.goco.look_up("fire_employee", "k", "{}").status, CW_ERR_UNSUPPORTED);
}

// ---- duplicates

// A.39
TEST(GocoCreate, CreatesNothingWhenSomebodyHasTheName) {
    World world;
    world.search().reply(200, sample("employee_search_match"));
    world.host.on("GET", address("/employees/emp_501")).reply(200, R"({"data": {"id": "emp_501"}})");
    CallResult const result = world.push();
    EXPECT_EQ(result.outcome, CW_PUSH_DUPLICATE);
    EXPECT_NE(result.note(CW_NOTE_REASON).find("emp_501"), std::string::npos);
    EXPECT_EQ(result.note(CW_NOTE_REASON).find("Nora"), std::string::npos) << "no personal values";
    EXPECT_TRUE(world.creates().empty());
}

// A.39: the match stands on page 2, in other letters and with spaces.
TEST(GocoCreate, FindsADuplicateOnTheSecondPage) {
    World world({{"page_size", 2}});
    world.host.on("GET", address("/employees?first_name=Sam&last_name=Lee&limit=2&offset=0"))
        .reply(200, sample("employee_search_page1"));
    world.host.on("GET", address("/employees?first_name=Sam&last_name=Lee&limit=2&offset=2"))
        .reply(200, sample("employee_search_page2"));
    world.host.on("GET", address("/employees/emp_")).reply(200, R"({"data": {"id": "emp_1"}})");
    CallResult const result = world.push(employee({{"first_name", "Sam"}, {"last_name", "Lee"}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DUPLICATE);
    EXPECT_EQ(world.host.requests("GET", address("/employees?")).size(), 2U);
}

// A.39
TEST(GocoCreate, DoesNotTrustAFilterThatReturnsPrefixesOrEverybody) {
    World world;
    world.search().reply(200, page({person("emp_1", "Nora", "Okafor-Lee"), person("emp_2", "Eleonora", "Okafor"),
                                    person("emp_3", "Okafor", "Nora"), person("emp_4", "Sam", "Lee")},
                                   {{"total", 4}}));
    create_works(world);
    EXPECT_EQ(world.push().outcome, CW_PUSH_DELIVERED);
}

// A.39
TEST(GocoCreate, ComparesNamesAsPeopleDo) {
    for (auto const& [first, last] : {std::pair{"NORA", "okafor"}, {" Nora ", "Okafor"}, {"Nora\u200B", "OKAFOR"}}) {
        World world;
        world.search().reply(200, one(person("emp_1", first, last)));
        EXPECT_EQ(world.push().outcome, CW_PUSH_DUPLICATE) << first << last;
    }
    World world;
    world.search().reply(200, one(person("emp_1", "Zoe\u0308", "WEISS")));
    EXPECT_EQ(world.push(employee({{"first_name", "Zoë"}, {"last_name", "Weiß"}})).outcome, CW_PUSH_DUPLICATE);
}

// A.39
TEST(GocoCreate, CountsEmployeesOfAnyStatus) {
    for (char const* status : {"pending", "active", "inactive", "retired"}) {
        World world;
        world.search().reply(200, one(person("emp_1", "Nora", "Okafor", {{"status", status}})));
        EXPECT_EQ(world.push().outcome, CW_PUSH_DUPLICATE) << status;
    }
}

TEST(GocoCreate, ReadsPagesUntilTheTotalAnEmptyOrAShortPage) {
    struct Case {
        json::object meta;
        std::vector<std::size_t> lengths;
        std::size_t requests;
    };
    json::object const none;
    for (Case const& at :
         {Case{{{"total", 3}}, {2, 1}, 2}, Case{{{"total", 9}}, {2, 0}, 2}, Case{none, {2, 1}, 2},
          Case{none, {2, 2, 0}, 3}, Case{{{"limit", 1}}, {1, 1, 0}, 3}, Case{{{"total", "many"}}, {2, 1}, 2}}) {
        World world({{"page_size", 2}});
        int next = 0;
        for (std::size_t const length : at.lengths) {
            json::array rows;
            for (std::size_t i = 0; i < length; ++i) {
                rows.push_back(person(std::to_string(++next).c_str(), "A", "B"));
            }
            world.search().reply(200, page(rows, at.meta));
        }
        create_works(world);
        EXPECT_EQ(world.push().outcome, CW_PUSH_DELIVERED);
        EXPECT_EQ(world.host.requests("GET", address("/employees?first_name=")).size(), at.requests)
            << json::serialize(at.meta) << at.lengths.size();
    }
}

TEST(GocoCreate, EncodesNamesInTheAddress) {
    World world;
    world.host.on("GET", address("/employees?first_name=Zo%C3%AB%20%26&last_name=O%27Neil%3F&"))
        .reply(200, sample("employee_search_none"));
    create_works(world);
    EXPECT_EQ(world.push(employee({{"first_name", "Zoë &"}, {"last_name", "O'Neil?"}})).outcome, CW_PUSH_DELIVERED);
}

TEST(GocoCreate, TellsNamesakesApartByEMailWhenConfigured) {
    json::object const rule{{"duplicate_match", "first_last_email"}};
    struct Case {
        json::object row;
        std::int32_t outcome;
    };
    for (Case const& at : {Case{{{"personal_email", "other@example.net"}}, CW_PUSH_DELIVERED},
                           Case{{{"personal_email", "NORA@example.net"}}, CW_PUSH_DUPLICATE},
                           Case{{{"work_email", "nora@example.net"}}, CW_PUSH_DUPLICATE},
                           Case{{{"status", "active"}}, CW_PUSH_DUPLICATE}}) {
        World world(rule);
        world.search().reply(200, one(person("emp_1", "Nora", "Okafor", at.row)));
        create_works(world);
        EXPECT_EQ(world.push(employee({{"personal_email", "nora@example.net"}})).outcome, at.outcome)
            << json::serialize(at.row);
    }
}

TEST(GocoCreate, CreatesNamesakesWhenTheRuleIsOffButNeverTheSameHireTwice) {
    json::object const rule{{"duplicate_match", "off"}};
    World world(rule);
    world.search().reply(200, one(person("emp_1", "Nora", "Okafor")));
    create_works(world);
    EXPECT_EQ(world.push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.creates().size(), 1U);
    World again(rule);
    again.search().reply(200, one(person("emp_902", "Nora", "Okafor", {{"external_id", ours}})));
    EXPECT_EQ(again.push(employee(), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(again.creates().empty());
}

// ---- an earlier attempt

TEST(GocoCreate, TakesAnEmployeeWithOurExternalIdAsDone) {
    World world;
    world.search().reply(200, one(person("emp_902", "Nora", "Okafor", {{"external_id", ours}})));
    CallResult const result = world.push(employee(), 2);
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_902");
    EXPECT_TRUE(world.creates().empty());
}

// The list need not show external_id (the sample does not): then the person's own record does.
TEST(GocoCreate, ReadsTheEmployeeBackWhenTheListDoesNotShowWhoseItIs) {
    World world;
    world.search().reply(200, sample("employee_search_match"));
    world.host.on("GET", address("/employees/emp_501"))
        .reply(200,
               json::serialize(json::object{{"data", person("emp_501", "Nora", "Okafor", {{"external_id", ours}})}}));
    CallResult const result = world.push();
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_501");
}

TEST(GocoCreate, TakesAVanishedNamesakeForSomebodyElse) {
    World world;
    world.search().reply(200, sample("employee_search_match"));
    world.host.on("GET", address("/employees/emp_501")).reply(404, sample("error_404"));
    EXPECT_EQ(world.push().outcome, CW_PUSH_DUPLICATE);
}

TEST(GocoCreate, PrefersItsOwnEmployeeToANamesake) {
    World world;
    world.search().reply(
        200, page({person("emp_1", "Nora", "Okafor"), person("emp_902", "Nora", "Okafor", {{"external_id", ours}})},
                  {{"total", 2}}));
    CallResult const result = world.push();
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_902");
}

TEST(GocoCreate, AsksByExternalIdWhenThereIsAPathForIt) {
    World world({{"paths", {{"employee_by_external_id", "/by-ref/{external_id}"}}}});
    world.host.on("GET", "https://goco.example.com/by-ref/lever%3Aopp%3A")
        .reply(200, one(person("emp_902", "Renamed", "Since", {{"external_id", ours}})));
    EXPECT_EQ(world.push().outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(world.creates().empty());
}

}  // namespace
}  // namespace crosswalk::goco_test
