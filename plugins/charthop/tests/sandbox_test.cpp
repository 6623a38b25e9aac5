// The connector against the played ChartHop, which holds each request and each answer against the vendor's OpenAPI
// document: whatever does not fit comes back as 400 or 500 and fails here.

#include "fixture.hpp"
#include "sandbox/charthop/charthop.hpp"

namespace crosswalk::charthop {
namespace {

using Played = sandbox::charthop::ChartHop;

// A request of the connector as the played vendor takes it.
sandbox::Request taken(SentRequest const& sent) {
    std::string const rest = sent.url.substr(std::string("https://api.charthop.com").size());
    std::size_t const question = rest.find('?');
    sandbox::Request out{.method = sent.method, .target = rest.substr(0, question), .body = sent.body};
    out.path = sandbox::split_path(out.target.substr(1)).value();
    out.query = sandbox::split_query(question == std::string::npos ? "" : rest.substr(question + 1)).value();
    for (auto const& [name, value] : sent.headers) {
        out.headers.push_back({name, value});
    }
    if (sent.auth == CW_AUTH_BEARER && sent.auth_secret == "/api_token") {
        out.headers.push_back({"Authorization", "Bearer charthop-sandbox-token"});
    }
    return out;
}

class AgainstSandbox : public testing::Test {
protected:
    explicit AgainstSandbox(json::object const& requisitions = {})
        : host(settings(requisitions,
                        {{"org", "acme-demo"}, {"page_size", 2}, {"metrics", {{"candidates", "candidateCount"}}}}),
               "charthop-main") {
        host.secret("/api_token", "charthop-sandbox-token");
        host.set_now(now_ms);
        for (char const* method : {"GET", "POST", "PATCH"}) {
            host.on(method, "https://api.charthop.com/").reply_with([this](SentRequest const& sent) {
                sandbox::Answer const answer = played.call(taken(sent));
                EXPECT_TRUE(answer.status < 500 && answer.status != 400) << sent.url << answer.body;
                return support::Answer{answer.status, answer.body};
            });
        }
    }
    json::value control(std::string const& method, std::string const& path, json::object const& body = {}) {
        sandbox::Request request{.method = method, .target = path};
        request.path = sandbox::split_path(path.substr(1)).value();
        request.body = method == "GET" ? "" : json::serialize(body);
        sandbox::Answer const answer = played.control(request);
        EXPECT_LT(answer.status, 300) << answer.body;
        return answer.body.empty() ? json::value() : json::parse(answer.body);
    }
    CallResult push(Instance& at, std::string const& action, json::object const& canonical, std::string const& from,
                    std::string const& to, std::string const& key = "push-1") {
        CallResult const mapped = at.map(CW_MAP_OUT, from, json::serialize(canonical), to);
        EXPECT_EQ(mapped.status, CW_OK) << mapped.message;
        return at.push(action, key, json::serialize(mapped.records.at(0).data));
    }
    CallResult hire(json::object const& more = {}, std::string const& key = "push-1") {
        json::object canonical = json::parse(R"({
            "candidate": {"system": "lever", "kind": "candidate", "id": "opp-1"}, "requisition_code": "ENG-104",
            "requisition": {"system": "lever", "kind": "requisition", "id": "req-1"}, "first_name": "Ada",
            "last_name": "Test", "personal_email": "ada@example.com", "personal_phone": "+15550100177",
            "start_date": "2099-01-11", "import_source": "Lever",
            "address": {"street1": "1 Way", "city": "Berlin", "country": "DE", "postal_code": "10115"},
            "salary": {"amount": {"amount": "98000", "currency": "USD"}, "interval": "year"}})")
                                     .as_object();
        for (auto const& [name, value] : more) {
            canonical[name] = value;
        }
        Instance at = host.create(cw_connector_entry_v0, "charthop");
        return push(at, "create_new_hire", canonical, "crosswalk.hire/1", "charthop.hire/1", key);
    }

    Played played;
    FakeHost host;
};

TEST_F(AgainstSandbox, AHireBecomesPersonHireAndPendingJob) {  // C.25, C.28
    CallResult const said = hire();
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED) << said.message << said.note(CW_NOTE_REASON);
    EXPECT_THAT(said.warnings, testing::IsEmpty());
    json::value const changes = control("GET", "/changes");
    ASSERT_EQ(changes.at("count"), 1);
    EXPECT_EQ(changes.at("changes").at(0).at("date"), "2099-01-11");
    EXPECT_EQ(control("GET", "/jobs").at("jobs").at(0).at("recruit"), "PENDING");

    EXPECT_EQ(hire({}, "push-2").outcome, CW_PUSH_SKIPPED);
    control("DELETE", "/changes/" + std::string(changes.at("changes").at(0).at("id").as_string()));
    EXPECT_EQ(hire({{"start_date", "2099-02-01"}}, "push-3").outcome, CW_PUSH_DELIVERED);
}

TEST_F(AgainstSandbox, AWageByTheHourIsWrittenAsTheDocumentHasIt) {
    EXPECT_EQ(hire({{"salary", {{"amount", {{"amount", "42.5"}, {"currency", "USD"}}}, {"interval", "hour"}}}}).outcome,
              CW_PUSH_DELIVERED);
    EXPECT_EQ(control("GET", "/jobs").at("jobs").at(0).at("base").at("interval"), "HOURLY");
}

TEST_F(AgainstSandbox, SomebodyWhoLeftIsNotHiredAgain) {  // C.26, C.27
    CallResult const said = hire({{"personal_email", "nora.okafor@example.net"}});
    EXPECT_EQ(said.outcome, CW_PUSH_SKIPPED);
    EXPECT_EQ(control("GET", "/changes").at("count"), 0);
}

TEST_F(AgainstSandbox, AHireThatMeetsSnapshotsArrivesOnce) {
    control("POST", "/settings", {{"building", 1}});
    EXPECT_EQ(hire().status, CW_ERR_TRANSIENT);
    EXPECT_EQ(hire().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(control("GET", "/changes").at("count"), 1);
}

TEST_F(AgainstSandbox, TheListHasEveryOpenJobInEveryShapeOfRows) {  // C.18
    for (char const* shape : {"flat", "nested", "wrapped"}) {
        control("POST", "/settings", {{"rows", shape}});
        Instance at = host.create(cw_connector_entry_v0, "charthop");
        std::vector<json::value> records;
        std::string cursor;
        for (bool more = true; more;) {
            CallResult const said = at.poll({.event = "requisition.listed", .cursor = cursor});
            ASSERT_EQ(said.status, CW_OK) << said.message;
            for (auto const& event : said.events) {
                records.push_back(event.record.data);
            }
            more = said.more;
            cursor = said.cursor.value();
        }
        ASSERT_EQ(records.size(), 3U) << shape;
        EXPECT_EQ(records[0].at("department"), "Engineering") << shape;
        EXPECT_EQ(records[0].at("manager").at("email"), "jane.public@example.com") << shape;
    }
}

TEST_F(AgainstSandbox, NumbersOfCandidatesArriveOnce) {  // C.12, C.24
    control("POST", "/fields", {{"name", "candidateCount"}});
    Instance at = host.create(cw_connector_entry_v0, "charthop");
    json::object const metrics{{"code", "ENG-104"}, {"candidates", 12}};
    auto const send = [&] {
        return push(at, "update_job_metrics", metrics, "crosswalk.requisition_metrics/1", "charthop.job_metrics/1")
            .outcome;
    };
    EXPECT_EQ(send(), CW_PUSH_DELIVERED);
    EXPECT_EQ(send(), CW_PUSH_UNCHANGED);
}

TEST_F(AgainstSandbox, TheProbeFindsNothingWrongButTheFieldThatIsNotThere) {  // C.4
    CallResult const said = host.create(cw_connector_entry_v0, "charthop").probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    ASSERT_EQ(said.warnings.size(), 1U);
    EXPECT_EQ(said.warnings[0].field, "/metrics/candidates");
    control("POST", "/settings", {{"may_write", false}});
    EXPECT_TRUE(host.create(cw_connector_entry_v0, "charthop").probe().warned("jobs", "may not create"));
}

class InboundAgainstSandbox : public AgainstSandbox {
protected:
    InboundAgainstSandbox() : AgainstSandbox(inbound) {}
    CallResult upsert(json::object const& more = {}, std::string const& key = "push-1") {
        json::object canonical = json::parse(R"({
            "ref": {"system": "lever", "kind": "requisition", "id": "req-9"}, "name": "Support Engineer",
            "code": "SUP-220", "status": "open", "employment_type": "full_time", "confidential": true,
            "department": {"name": "Engineering"}, "locations": [{"name": "New York"}],
            "hiring_managers": [{"email": "jane.public@example.com"}], "recruiters": [{"email": "rae.cruz@example.com"}],
            "pay": {"max": {"amount": "98000", "currency": "USD"}, "interval": "year"}})")
                                     .as_object();
        for (auto const& [name, value] : more) {
            canonical[name] = value;
        }
        Instance at = host.create(cw_connector_entry_v0, "charthop");
        return push(at, "upsert_job", canonical, "crosswalk.requisition/1", "charthop.job_update/1", key);
    }
};

TEST_F(InboundAgainstSandbox, ARequisitionBecomesAJobOnceAndASecondRunWritesNothing) {  // C.16, C.24
    EXPECT_EQ(upsert().note(CW_NOTE_EFFECT), "created");
    std::size_t const writes = host.requests().size();
    CallResult const again = upsert({}, "push-2");
    EXPECT_EQ(again.outcome, CW_PUSH_UNCHANGED) << again.message << again.note(CW_NOTE_REASON);
    for (std::size_t i = writes; i < host.requests().size(); ++i) {
        EXPECT_EQ(host.requests()[i].method, "GET");
    }
    EXPECT_EQ(upsert({{"status", "on_hold"}}, "push-3").note(CW_NOTE_EFFECT), "updated");
    EXPECT_EQ(control("GET", "/jobs").at("count"), 4);
}

TEST_F(InboundAgainstSandbox, ARequisitionFindsItsJobByTitleAndManager) {  // C.16
    control("POST", "/jobs/6553c1f0a1b2c3d4e5f60002", {{"hiremgr", "6553c1f0a1b2c3d4e5f6a001"}});
    CallResult const said = upsert({{"name", "Account Executive"}});
    EXPECT_EQ(said.note(CW_NOTE_TARGET_KEY), executive) << said.message;
    EXPECT_EQ(control("GET", "/jobs").at("count"), 3);
}

}  // namespace
}  // namespace crosswalk::charthop
