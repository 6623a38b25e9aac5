// create_employee: the duplicate rule, the create call, and what every answer of GoCo means. A.25, A.39 to A.45, F.5.
#include "fixture.hpp"

#include <gtest/gtest.h>

namespace crosswalk::goco_test {
namespace {

using support::Answer;
using support::CallResult;
using support::SentRequest;

json::object person(char const* id, char const* first, char const* last, json::object const& more = {}) {
    json::object out{{"id", id}, {"first_name", first}, {"last_name", last}, {"external_id", nullptr}};
    for (auto const& [key, value] : more) {
        out[key] = value;
    }
    return out;
}
std::string one(json::object row) {
    return page({std::move(row)}, {{"limit", 100}, {"offset", 0}, {"total", 1}});
}

// Nobody is there and GoCo creates the employee of the sample.
void nobody_there(World& world) {
    world.search().reply(200, sample("employee_search_none"));
}
void create_works(World& world) {
    world.create().reply(201, sample("employee_create_response_201"));
}

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

// ---- the error table, on the create call (F.5)

CallResult create_answers(int status, std::string body, support::Headers headers = {}) {
    World world;
    nobody_there(world);
    world.create().reply(status, std::move(body), std::move(headers));
    return world.push();
}

TEST(GocoCreate, RejectsWhatGocoFindsInvalidAndNamesTheFields) {
    for (int const status : {400, 422}) {
        CallResult const result = create_answers(status, sample("error_422"));
        EXPECT_EQ(result.status, CW_ERR_INVALID);
        EXPECT_NE(result.message.find("employment_type, start_date"), std::string::npos) << result.message;
        json::array const& fields = result.detail.at("fields").as_array();
        ASSERT_EQ(fields.size(), 2U);
        EXPECT_EQ(fields[1], json::value({{"field", "start_date"}, {"reason", "must be YYYY-MM-DD"}}));
    }
}

TEST(GocoCreate, NamesRefusedFieldsByTheirContractNames) {
    World world({{"fields", {{"start_date", "startsOn"}}}});
    nobody_there(world);
    world.create().reply(422, R"({"error": {"details": [{"field": "startsOn", "reason": "too early"}]}})");
    EXPECT_EQ(world.push().detail.at("fields").at(0).at("field"), json::value("start_date"));
}

TEST(GocoCreate, KeepsPersonalValuesOutOfGocosReasons) {
    World world;
    nobody_there(world);
    world.create().reply(422, R"({"error": {"details": [
        {"field": "personal_email", "reason": "nora@example.net of Nora Okafor is taken\u0007"}]}})");
    CallResult const result = world.push(employee({{"personal_email", "nora@example.net"}}));
    EXPECT_EQ(result.detail.at("fields").at(0).at("reason"), json::value("... of ... ... is taken "));
}

TEST(GocoCreate, RejectsWithoutDetailsToo) {
    for (char const* body : {"", "oops", "[]", R"({"error": {"details": 3}})", R"({"error": {"details": [3]}})"}) {
        EXPECT_EQ(create_answers(422, body).status, CW_ERR_INVALID) << body;
    }
    EXPECT_EQ(create_answers(413, "").status, CW_ERR_INVALID);
}

// A.45
TEST(GocoCreate, AsksForANewKeyWhenItIsRefused) {
    CallResult const result = create_answers(401, sample("error_401"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_NE(result.message.find("API Credentials"), std::string::npos);
}

// A.5 A.45
TEST(GocoCreate, TellsThatAFullAccessAdminIsNeeded) {
    CallResult const result = create_answers(403, sample("error_403"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_NE(result.message.find("Full Access Admin"), std::string::npos);
}

TEST(GocoCreate, BlamesTheSettingsWhenTheCompanyIsUnknown) {
    CallResult const result = create_answers(404, sample("error_404"));
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_NE(result.message.find("/company"), std::string::npos);
}

// A.43
TEST(GocoCreate, WaitsAsLongAsGocoAsks) {
    CallResult const result = create_answers(429, sample("error_429"), {{"retry-after", "7"}});
    EXPECT_EQ(result.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(result.retry_after_ms, 7000);
}

TEST(GocoCreate, TakesAConflictWithOurOwnEmployeeAsDone) {
    World world;
    nobody_there(world);
    world.create().reply(409, sample("error_409_duplicate"));
    world.host.on("GET", address("/employees/emp_902")).reply(200, sample("employee_create_response_201"));
    CallResult const result = world.push();
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_902");
}

// A.39
TEST(GocoCreate, TakesAConflictWithAnotherEmployeeAsADuplicate) {
    World world;
    nobody_there(world);
    world.create().reply(409, sample("error_409_duplicate"));
    world.host.on("GET", address("/employees/emp_902"))
        .reply(200, R"({"data": {"id": "emp_902", "external_id": "lever:opp:another"}})");
    EXPECT_EQ(world.push().outcome, CW_PUSH_DUPLICATE);
}

TEST(GocoCreate, SearchesAgainAfterAConflictThatDoesNotSayWithWhom) {
    for (char const* body : {"", "{}", R"({"error": {"details": [{"field": "name"}]}})"}) {
        World world;
        world.search()
            .reply(200, sample("employee_search_none"))
            .reply(200, one(person("emp_902", "Nora", "Okafor", {{"external_id", ours}})));
        world.create().reply(409, body);
        EXPECT_EQ(world.push().outcome, CW_PUSH_DELIVERED) << body;
        World other;
        nobody_there(other);
        other.create().reply(409, body);
        EXPECT_EQ(other.push().outcome, CW_PUSH_DUPLICATE) << body;
    }
}

// A.43: a 5xx may come after the employee was made.
TEST(GocoCreate, DoesNotKnowWhatBecameOfACreateThatEndsInAServerError) {
    for (int const status : {500, 502, 503, 504, 408, 302}) {
        EXPECT_EQ(create_answers(status, "").outcome, CW_PUSH_UNKNOWN) << status;
    }
}

TEST(GocoCreate, DoesNotKnowWhatBecameOfACreateWithoutAnAnswer) {
    for (cw_status const transport : {CW_ERR_DEADLINE, CW_ERR_INTERNAL, CW_ERR_CANCELLED, CW_ERR_TOO_LARGE}) {
        World world;
        nobody_there(world);
        world.create().fail(transport);
        CallResult const result = world.push();
        EXPECT_EQ(result.status, CW_OK);
        EXPECT_EQ(result.outcome, CW_PUSH_UNKNOWN) << transport;
        EXPECT_EQ(world.creates().size(), 1U);
    }
}

TEST(GocoCreate, RetriesACreateThatDidNotLeave) {
    World world;
    nobody_there(world);
    world.create().fail(CW_ERR_TRANSIENT);
    EXPECT_EQ(world.push().status, CW_ERR_TRANSIENT);
}

TEST(GocoCreate, DoesNotTakeAnAcceptanceWithoutAnIdForSuccess) {
    for (char const* body :
         {"", "<html>", "{}", R"({"data": []})", R"({"data": {"id": null}})", R"({"data": {"id": {}}})"}) {
        EXPECT_EQ(create_answers(201, body).outcome, CW_PUSH_UNKNOWN) << body;
    }
    EXPECT_EQ(create_answers(200, R"({"data": {"id": 902}})").outcome, CW_PUSH_DELIVERED);
}

TEST(GocoCreate, LooksUpACreateWhoseAnswerIsTooLarge) {
    EXPECT_EQ(create_answers(201, std::string(11 * 1024 * 1024, ' ') + "{}").outcome, CW_PUSH_UNKNOWN);
}

// ---- the same table on the reads before it: nothing has been applied (F.5)

TEST(GocoCreate, SendsNoCreateWhenTheSearchFails) {
    struct Case {
        int status;
        cw_status expected;
    };
    for (Case const& at : {Case{401, CW_ERR_AUTH}, Case{403, CW_ERR_AUTH}, Case{404, CW_ERR_CONFIG},
                           Case{400, CW_ERR_INVALID}, Case{429, CW_ERR_RATE_LIMITED}, Case{408, CW_ERR_TRANSIENT},
                           Case{500, CW_ERR_TRANSIENT}, Case{503, CW_ERR_TRANSIENT}, Case{301, CW_ERR_CONFIG}}) {
        World world;
        world.search().reply(at.status, "");
        EXPECT_EQ(world.push().status, at.expected) << at.status;
        EXPECT_TRUE(world.creates().empty());
    }
}

TEST(GocoCreate, RetriesWhenASearchHasNoAnswer) {
    for (cw_status const transport : {CW_ERR_DEADLINE, CW_ERR_INTERNAL, CW_ERR_TRANSIENT, CW_ERR_CANCELLED}) {
        World world;
        world.search().fail(transport);
        EXPECT_EQ(world.push().status, CW_ERR_TRANSIENT) << transport;
    }
}

TEST(GocoCreate, PausesWhenTheHostForbidsTheAddress) {
    World world;
    world.search().fail(CW_ERR_DENIED);
    EXPECT_EQ(world.push().status, CW_ERR_CONFIG);
}

TEST(GocoCreate, RefusesListsThatAreNotWhatTheContractSays) {
    for (char const* body : {"{}", "[]", "null", R"({"data": {}})", R"({"data": null})", R"({"data": [7]})"}) {
        World world;
        world.search().reply(200, body);
        CallResult const result = world.push();
        EXPECT_EQ(result.status, CW_ERR_CONFIG) << body;
        EXPECT_NE(result.message.find("/paths/employee_search"), std::string::npos) << result.message;
        EXPECT_TRUE(world.creates().empty());
    }
}

TEST(GocoCreate, RetriesAnAnswerThatIsNotJson) {
    for (char const* body : {"", "<html>", "{\"data\": [", "\xff\xfe"}) {
        World world;
        world.search().reply(200, body);
        EXPECT_EQ(world.push().status, CW_ERR_TRANSIENT) << body;
    }
}

TEST(GocoCreate, RetriesDeeplyNestedAnswersInsteadOfCrashing) {
    World world;
    world.search().reply(200, std::string(100'000, '['));
    EXPECT_EQ(world.push().status, CW_ERR_TRANSIENT);
}

TEST(GocoCreate, EndsAListThatRepeatsItsPage) {
    World world;
    world.search().reply(200, page({person("emp_1", "A", "B")}, {{"total", 1000000}}));
    CallResult const result = world.push();
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_NE(result.message.find("repeats"), std::string::npos);
    EXPECT_EQ(world.host.requests().size(), 2U);
}

TEST(GocoCreate, EndsAListThatNeverEnds) {
    World world;
    world.search().reply_with([](SentRequest const& request) {
        std::string const id = request.url.substr(request.url.rfind('=') + 1);
        return Answer{.body = page({person(id.c_str(), "A", "B")}, {{"total", 4000000000}})};
    });
    CallResult const result = world.push();
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_NE(result.message.find("1,000 pages"), std::string::npos) << result.message;
    EXPECT_EQ(world.host.requests().size(), 1000U);
}

TEST(GocoCreate, RefusesAPageOfMoreThanTenMebibytes) {
    World world;
    world.search().reply(200, R"({"data": []})" + std::string(10 * 1024 * 1024, ' '));
    CallResult const result = world.push();
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_NE(result.message.find("10 MiB"), std::string::npos);
}

// F.2
TEST(GocoCreate, LogsNeitherKeyNorNames) {
    World world;
    nobody_there(world);
    world.create().reply(422, sample("error_422"));
    (void)world.push();
    for (auto const& line : world.host.logs()) {
        EXPECT_EQ((line.message + line.fields).find("canary-key"), std::string::npos);
        EXPECT_EQ((line.message + line.fields).find("Okafor"), std::string::npos);
    }
}

// ---- look-up after an unknown outcome

CallResult look_up(World& world, std::string const& record = employee()) {
    return world.goco.look_up("create_employee", "delivery-1", record);
}

TEST(GocoLookUp, FindsTheEmployeeThatATimedOutCreateMade) {
    World world;
    world.search()
        .reply(200, sample("employee_search_none"))
        .reply(200, one(person("emp_902", "Nora", "Okafor", {{"external_id", ours}})));
    world.create().fail(CW_ERR_DEADLINE);
    ASSERT_EQ(world.push().outcome, CW_PUSH_UNKNOWN);
    CallResult const result = look_up(world);
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_902");
    EXPECT_EQ(world.creates().size(), 1U);
}

TEST(GocoLookUp, AsksForAnotherPushWhenNobodyIsThere) {
    World world;
    nobody_there(world);
    EXPECT_EQ(look_up(world).outcome, CW_PUSH_RETRY);
    EXPECT_TRUE(world.host.requests("POST", "").empty());
}

TEST(GocoLookUp, ReportsANamesakeAsADuplicate) {
    World world;
    world.search().reply(200, one(person("emp_1", "Nora", "Okafor", {{"external_id", "lever:opp:other"}})));
    EXPECT_EQ(look_up(world).outcome, CW_PUSH_DUPLICATE);
}

TEST(GocoLookUp, FindsItsEmployeeUnderAChangedName) {
    World world;
    world.search().reply(200, one(person("emp_902", "Nora", "Okafor-Lee", {{"external_id", ours}})));
    EXPECT_EQ(look_up(world).outcome, CW_PUSH_DELIVERED);
}

TEST(GocoLookUp, KnowsNothingWhenTheSearchFails) {
    for (int const status : {500, 429, 400}) {
        World world;
        world.search().reply(status, "");
        EXPECT_EQ(look_up(world).outcome, CW_PUSH_UNKNOWN) << status;
    }
    World world;
    world.search().fail(CW_ERR_DEADLINE);
    EXPECT_EQ(look_up(world).outcome, CW_PUSH_UNKNOWN);
}

TEST(GocoLookUp, PausesWhenTheKeyIsRefused) {
    World world;
    world.search().reply(401, sample("error_401"));
    EXPECT_EQ(look_up(world).status, CW_ERR_AUTH);
}

}  // namespace
}  // namespace crosswalk::goco_test
