// What every answer of GoCo means for a create, and the look-up after an unknown outcome. A.43, A.45, F.5.
#include "fixture.hpp"

#include <gtest/gtest.h>

namespace crosswalk::goco_test {
namespace {

using support::Answer;
using support::CallResult;
using support::SentRequest;

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
