// The played ChartHop: what it takes, what it refuses, and that it keeps to the vendor's document.

#include "sandbox/charthop/contract.hpp"
#include "sandbox/charthop/seed_data.hpp"
#include "sandbox/tests/played.hpp"
#include "sandbox/tests/receiver.hpp"

#include <gmock/gmock.h>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

constexpr char engineer[] = "6553c1f0a1b2c3d4e5f60001";

class PlayedChartHop : public Played {
protected:
    Got ask(std::string const& method, std::string const& path, std::string const& body = {},
            std::map<std::string, std::string> headers = {}) {
        headers.try_emplace("Authorization", "Bearer charthop-sandbox-token");
        if (!body.empty()) {
            headers.try_emplace("Content-Type", "application/json");
        }
        return send(method, "/charthop" + path, body, headers);
    }
    Got v1(std::string const& method, std::string const& path, std::string const& body = {}) {
        return ask(method, "/v1/org/acme-demo" + path, body);
    }
    Got v2(std::string const& method, std::string const& path, std::string const& body = {}) {
        return ask(method, "/v2/org/acme-demo" + path, body);
    }
    std::string make_person() {
        Got const made = v2("POST", "/person", R"({"name.first": "Ada", "name.last": "Test",
                                                   "contact.homeEmail": "ada@example.com"})");
        EXPECT_EQ(made.status, 200) << made.body;
        return std::string(made.json().at("id").as_string());
    }
    Got hire(std::string const& person, std::string const& date = "2099-01-11") {
        return v1(
            "POST", "/change/sync/HIRE",
            json::serialize(json::object{{"jobId", engineer}, {"personId", person}, {"type", "HIRE"}, {"date", date}}));
    }
};

TEST_F(PlayedChartHop, RefusesAWrongTokenOrganizationPathAndMethod) {
    EXPECT_EQ(ask("GET", "/v1/org/acme-demo", {}, {{"Authorization", "Bearer x"}}).status, 401);
    EXPECT_EQ(ask("GET", "/v1/org/other").status, 404);
    EXPECT_EQ(v2("GET", "/posting").status, 404);
    EXPECT_EQ(v2("DELETE", "/job").status, 404);
}

TEST_F(PlayedChartHop, AnswersToTheOrganizationsIdAsToItsSlug) {
    EXPECT_EQ(ask("GET", "/v1/org/588f7ee98f138b19220041a7").json().at("slug"), "acme-demo");
}

TEST_F(PlayedChartHop, ListsTheCodesThatAreAskedForPageByPage) {
    Got const first = v2("GET", "/job?q=open:open&limit=2&fields=title,department.name,open");
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json().at("data").at(0), json::parse(R"({"jobId": "6553c1f0a1b2c3d4e5f60001",
        "title": "Senior Engineer", "department.name": "Engineering", "open": "open"})"));
    std::string const next(first.json().at("next").as_string());
    Got const second = v2("GET", "/job?q=open:open&limit=2&fields=title&from=" + next);
    EXPECT_EQ(second.json().at("data").as_array().size(), 1U);
    EXPECT_FALSE(second.json().as_object().contains("next"));
}

TEST_F(PlayedChartHop, RefusesWhatTheDocumentDoesNotHave) {
    EXPECT_EQ(v2("GET", "/job?includeAll=true").status, 400);
    EXPECT_EQ(v2("GET", "/job?limit=many").status, 400);
    EXPECT_EQ(v2("GET", "/job?date=tomorrow").status, 400);
    EXPECT_EQ(v2("POST", "/job", "[]").status, 400);
    EXPECT_EQ(ask("POST", "/v2/org/acme-demo/job", "{}", {{"Content-Type", "text/plain"}}).status, 400);
    EXPECT_EQ(v1("POST", "/change/sync/HIRE", R"({"type": "HIRED"})").status, 400);
    EXPECT_EQ(v1("POST", "/change/sync/HIRE", R"({"jobId": 5})").status, 400);
}

TEST_F(PlayedChartHop, RefusesValuesThatChartHopDoesNotTake) {
    for (char const* body : {R"({"req": "X-1"})", R"({"title": ""})", R"({"title": "x", "recruit": "Open"})",
                             R"({"title": "x", "department": "Unknown"})", R"({"title": "x", "titel": "y"})",
                             R"({"title": "x", "hiremgr": "nobody@example.com"})",
                             R"({"title": "x", "base": {"amount": "98000", "currency": "USD"}})",
                             R"({"title": "x", "startDatePlanned": "soon"})"}) {
        EXPECT_EQ(v2("POST", "/job", body).status, 400) << body;
    }
    EXPECT_EQ(v2("POST", "/person", R"({"name.first": "Ada"})").status, 400);
    EXPECT_EQ(v2("POST", "/person", R"({"name.last": "Test", "address": {"city": "X"}})").status, 400);
}

TEST_F(PlayedChartHop, CreatesAndChangesAJobAsTheSamplesDo) {
    control("POST", "/charthop/groups", {{"type", "LOCATION"}, {"name", "Remote"}});
    Got const made = v2("POST", "/job?date=2026-11-21", R"({"title": "Support Engineer", "req": "SUP-220",
        "recruit": "ACTIVE", "employment": "FULL", "department": "Engineering", "location": "Remote",
        "hiremgr": "jane.public@example.com", "recruiter": "rae.cruz@example.com", "sensitive": "HIGH",
        "base": {"amount": 98000, "currency": "USD"}})");
    ASSERT_EQ(made.status, 200) << made.body;
    std::string const id(made.json().at("jobId").as_string());
    EXPECT_EQ(v2("PATCH", "/job/" + id, R"({"recruit": "PENDING"})").status, 200);
    EXPECT_EQ(v2("GET", "/job/" + id + "?fields=recruit,location.name").json().at("location.name"), "Remote");
    EXPECT_EQ(v2("PATCH", "/job/" + id, "{}").status, 400);
    EXPECT_EQ(v2("PATCH", "/job/none", R"({"title": "x"})").status, 404);
}

TEST_F(PlayedChartHop, HidesFormerPeopleUnlessAllAreAskedFor) {
    std::string const filter = "/person?q=contact.homeEmail:%22nora.okafor@example.net%22";
    EXPECT_TRUE(v2("GET", filter).json().at("data").as_array().empty());
    EXPECT_EQ(v2("GET", filter + "&includeAll=true").json().at("data").as_array().size(), 1U);
}

TEST_F(PlayedChartHop, MakesAHireOnceAndShowsASecondPersonsAsAConflict) {
    std::string const first = make_person();
    Got const made = hire(first);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.json().at("status"), "ACTIVE");
    EXPECT_EQ(hire(first).json().at("id"), made.json().at("id"));
    EXPECT_EQ(hire(make_person()).json().at("status"), "CONFLICT");
    EXPECT_EQ(v1("GET", "/change?type=HIRE&jobId=" + std::string(engineer)).json().at("data").as_array().size(), 2U);
}

TEST_F(PlayedChartHop, FillsTheJobWhenTheDayHasComeAndOpensItWhenTheHireIsRemoved) {
    Got const made = hire(make_person(), "2026-01-05");
    std::string const path = "/job/" + std::string(engineer) + "?fields=state";
    EXPECT_EQ(v2("GET", path).json().at("state"), "FILLED");
    EXPECT_EQ(sandbox_.control("DELETE", "/charthop/changes/" + std::string(made.json().at("id").as_string())).status,
              204);
    EXPECT_EQ(v2("GET", path).json().at("state"), "OPEN");
}

TEST_F(PlayedChartHop, AnswersThatASnapshotIsBuiltAsOftenAsItIsTold) {
    control("POST", "/charthop/settings", {{"building", 2}, {"building_applies", true}});
    EXPECT_EQ(v2("GET", "/job").status, 202);
    EXPECT_EQ(v2("PATCH", "/job/" + std::string(engineer), R"({"title": "Other"})").status, 202);
    EXPECT_EQ(v2("GET", "/job/" + std::string(engineer) + "?fields=title").json().at("title"), "Other");
}

TEST_F(PlayedChartHop, WritesRowsNestedOrWrappedWhenItIsTold) {
    std::string const path = "/job/" + std::string(engineer) + "?fields=title,department.name";
    control("POST", "/charthop/settings", {{"rows", "nested"}});
    EXPECT_EQ(v2("GET", path).json().at("department").at("name"), "Engineering");
    control("POST", "/charthop/settings", {{"rows", "wrapped"}});
    EXPECT_EQ(v2("GET", path).json().at("data").at("title"), "Senior Engineer");
}

TEST_F(PlayedChartHop, TellsWhatATokenWithoutWritesMayDo) {
    control("POST", "/charthop/settings", {{"may_write", false}});
    EXPECT_EQ(v2("POST", "/job", R"({"title": "x"})").status, 401);
    EXPECT_EQ(v2("GET", "/job?limit=1&returnAccess=create,update").json().at("access").at(0).at("allowed"),
              json::parse(R"([{"action": "read"}])"));
}

TEST_F(PlayedChartHop, SendsAnEventOfEachChangeAndAnswersForIt) {
    Receiver receiver({200});
    control("POST", "/charthop/webhook", {{"url", receiver.url()}});
    control("POST", "/charthop/jobs/" + std::string(engineer), {{"title", "Principal Engineer"}});
    json::object const sending = control("GET", "/charthop/deliveries?job=" + std::string(engineer));
    std::string const delivery(sending.at("deliveries").at(0).at("id").as_string());
    EXPECT_EQ(control("GET", "/charthop/deliveries/" + delivery + "?wait_ms=5000").at("state"), "received");
    ASSERT_EQ(receiver.requests().size(), 1U);
    json::value const sent = json::parse(receiver.requests()[0].body);
    json::value const like = json::parse(sample("../../plugins/charthop/samples/webhook_change_create_update.json"));
    for (auto const& entry : like.as_object()) {
        EXPECT_TRUE(sent.as_object().contains(entry.key())) << entry.key();
    }
    EXPECT_EQ(sent.at("code"), "change.create.update");
    EXPECT_EQ(sent.at("fields"), json::parse(R"(["title"])"));
    EXPECT_EQ(v1("GET", "/event/" + std::string(sent.at("id").as_string())).json().at("jobId"), engineer);
    EXPECT_EQ(v1("GET", "/event?code=change.create.update").json().at("data").as_array().size(), 1U);
}

TEST_F(PlayedChartHop, SpeaksOfFieldsGroupsAndChangesAsTheDocumentDoes) {
    EXPECT_EQ(v1("GET", "/field?builtin=all").status, 200);
    EXPECT_EQ(v1("GET", "/field/built-in").status, 200);
    EXPECT_EQ(v2("GET", "/group/LOCATION?search=remote").json().at("data").as_array().size(), 1U);
    EXPECT_EQ(v2("GET", "/group/CASTE").status, 400);
    EXPECT_EQ(v2("POST", "/group/TEAM", R"({"name": "Core"})").status, 200);
    Got const made = hire(make_person());
    EXPECT_EQ(v1("GET", "/change/" + std::string(made.json().at("id").as_string())).status, 200);
}

TEST_F(PlayedChartHop, CreatesWith201WhenItIsToldToPlay2026) {
    control("POST", "/charthop/settings", {{"era_2026", true}});
    EXPECT_EQ(v2("POST", "/job", R"({"title": "x"})").status, 201);
    EXPECT_EQ(hire("6553c1f0a1b2c3d4e5f6a001").status, 201);
}

class Document : public ::testing::Test {
protected:
    static json::value charthop_sample(std::string const& name) {
        return json::parse(sample("../../plugins/charthop/samples/" + name + ".json"));
    }
    charthop::Contract contract{charthop::seed_data::openapi};
};

struct Sample {
    char const* name;
    char const* schema;
};

TEST_F(Document, DescribesEverySample) {
    for (Sample const& one :
         {Sample{"change_hire_request", "CreateChange"}, Sample{"change_hire_response", "Change"},
          Sample{"field_built_in", "ResultsPartialField"}, Sample{"group_location_list", "ResultsData"},
          Sample{"job_create_request", "AppRunInstalledAppRequest"}, Sample{"job_find_page1", "ResultsData"},
          Sample{"job_find_page2", "ResultsData"}, Sample{"job_get", "JobFindInOrganizationResponse"},
          Sample{"job_get_nested", "JobFindInOrganizationResponse"},
          Sample{"job_patch_request", "AppRunInstalledAppRequest"},
          Sample{"person_create_request", "AppRunInstalledAppRequest"}, Sample{"person_find_match", "ResultsData"},
          Sample{"person_find_none", "ResultsData"}, Sample{"process_done", "Process"}}) {
        EXPECT_EQ(contract.complaint(one.schema, charthop_sample(one.name)), "") << one.name;
    }
}

TEST_F(Document, HasEventsWithTimesAsNumbersWhichTheSamplesOf2026DoNot) {
    for (char const* name : {"event_get", "webhook_change_create_update"}) {
        json::value event = charthop_sample(name);
        EXPECT_NE(contract.complaint("Event", event), "") << name;
        event.as_object()["at"] = 1795300800000;
        EXPECT_EQ(contract.complaint("Event", event), "") << name;
    }
}

TEST_F(Document, RefusesWhatItsSchemasDoNotAllow) {
    json::value change = charthop_sample("change_hire_response");
    change.as_object()["status"] = "DONE";
    EXPECT_NE(contract.complaint("Change", change), "");
    change = charthop_sample("change_hire_response");
    change.as_object().erase("orgId");
    EXPECT_NE(contract.complaint("Change", change), "");
    EXPECT_NE(contract.complaint("Money", json::parse(R"({"amount": "1", "currency": "USD"})")), "");
    EXPECT_NE(contract.complaint("ResultsData", json::parse(R"({"data": {}})")), "");
}

}  // namespace
}  // namespace crosswalk::sandbox
