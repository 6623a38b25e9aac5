// A new application, from its webhook to the canonical record.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;

class LeverApplication : public LeverTest {
protected:
    explicit LeverApplication(json::object const& extra = {}) : LeverTest(extra) {
        opportunity = sample("rest/opportunity.json").at("data").as_object();
        opportunity["applications"] = json::array{sample("rest/application.json").at("data")};
        opportunity["contact"] = sample("rest/contact.json").at("data");
        opportunity["stage"] = {{"id", "s-1"}, {"text", "New applicant"}};
        changed();
        holds_sample("/postings/f2f01e16-27f8-4711-a728-7d49499795a0", "posting");
        host.set_now(created_at_ms + 2000);
    }
    [[nodiscard]] CallResult parsed() { return lever().parse(webhook("applicationCreated")); }
    // The canonical record.
    [[nodiscard]] json::value mapped() {
        CallResult const result = parsed();
        EXPECT_EQ(result.events.size(), 1U) << result.message << result.note(CW_NOTE_REASON);
        if (result.events.size() != 1) {
            return json::object();
        }
        warnings = lever().map(CW_MAP_IN, "lever.application/1", json::serialize(result.events[0].record.data),
                               "crosswalk.application/1");
        EXPECT_EQ(warnings.records.size(), 1U) << warnings.message;
        return warnings.records.empty() ? json::value(json::object()) : warnings.records[0].data;
    }
    void expect_none(std::string const& reason) {
        changed();
        CallResult const result = parsed();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_TRUE(result.events.empty());
        EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr(reason));
    }
    static constexpr std::int64_t created_at_ms = 1795297300555;  // triggeredAt of applicationCreated.json
    CallResult warnings;
};

TEST_F(LeverApplication, BecomesOneEventAboutItsOpportunity) {  // D.12
    CallResult const result = parsed();
    ASSERT_EQ(result.events.size(), 1U) << result.message;
    auto const& event = result.events[0];
    EXPECT_EQ(event.id, "application:6ffe4153-60bb-4e30-bfbe-bd9b9775879c");
    EXPECT_EQ(event.type, "application.created");
    EXPECT_EQ(event.subject, "opportunity:" + opportunity_id);
    EXPECT_EQ(event.title, "Shane Smith");
    EXPECT_EQ(event.occurred_unix_ms, created_at_ms);
    EXPECT_EQ(event.record.schema, "lever.application/1");
    EXPECT_EQ(event.record.data.at("posting").as_object().if_contains("content"), nullptr);
    EXPECT_EQ(host.requests("GET", opportunity_url).at(0).url,
              opportunity_url + "?expand=applications&expand=contact&expand=stage");
}

TEST_F(LeverApplication, CarriesPersonAndJob) {  // D.12, D.13
    json::value const record = mapped();
    EXPECT_EQ(record.at("kind"), "application");
    EXPECT_EQ(record.at("ref"),
              json::value({{"system", "lever-main"}, {"kind", "application"}, {"id", opportunity_id}}));
    EXPECT_EQ(record.at("candidate").at("kind"), "candidate");
    EXPECT_EQ(
        record.at("posting"),
        json::value({{"system", "lever-main"}, {"kind", "posting"}, {"id", "f2f01e16-27f8-4711-a728-7d49499795a0"}}));
    EXPECT_EQ(record.at("person"), json::parse(R"({
        "first_name": "Shane", "last_name": "Smith", "full_name": "Shane Smith",
        "emails": [{"value": "shane@example.com", "type": "personal"}],
        "phones": [{"value": "(123) 456-7891", "type": "other"}]})"));
    EXPECT_EQ(record.at("status"), "active");
    EXPECT_EQ(record.at("job_title"), "Infrastructure Engineer");
    EXPECT_EQ(record.at("department"), json::value({{"name", "Engineering"}}));
    EXPECT_EQ(record.at("location"), json::value({{"name", "San Francisco"}}));
    EXPECT_EQ(record.at("stage"), json::value({{"name", "New applicant"}}));
    EXPECT_EQ(record.at("applied_at"), "2014-12-12T03:00:41.665Z");
    EXPECT_TRUE(warnings.warnings.empty());
}

TEST_F(LeverApplication, FallsBackToContactAndApplicationForTheAddress) {  // D.13
    opportunity["emails"] = json::array();
    opportunity["contact"].as_object()["emails"] = json::array();
    changed();
    EXPECT_EQ(mapped().at("person").at("emails").at(0).at("value"), "teresa@example.com");
    opportunity["applications"].as_array()[0].as_object()["email"] = nullptr;
    changed();
    EXPECT_EQ(mapped().at("person").as_object().if_contains("emails"), nullptr);
}

TEST_F(LeverApplication, NeedsNeitherPostingNorApplication) {
    opportunity["applications"] = json::array();
    changed();
    json::value const record = mapped();
    EXPECT_EQ(record.as_object().if_contains("posting"), nullptr);
    EXPECT_EQ(record.as_object().if_contains("job_title"), nullptr);
    EXPECT_EQ(record.at("status"), "active");
}

TEST_F(LeverApplication, IsNoneWhenTheOpportunityIsGone) {
    get("/opportunities/" + opportunity_id).clear().reply(404, sample_text("errors/404_not_found.json"));
    CallResult const result = parsed();
    EXPECT_TRUE(result.events.empty());
    EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("deleted"));
}

TEST_F(LeverApplication, IsNoneWhenThePersonWasAnonymised) {
    opportunity["isAnonymized"] = true;
    expect_none("anonymised");
}

TEST_F(LeverApplication, IsNoneWhenItWasArchivedMeanwhile) {
    opportunity["archivedAt"] = created_at_ms;
    expect_none("archived");
    opportunity["archivedAt"] = nullptr;
    opportunity["archived"] = {{"archivedAt", created_at_ms}, {"reason", "r-1"}};
    expect_none("archived");
}

class LeverPublicApplications : public LeverApplication {
protected:
    LeverPublicApplications() : LeverApplication({{"include_confidential", false}}) {}
};
TEST_F(LeverPublicApplications, LeaveConfidentialOnesOut) {
    opportunity["confidentiality"] = "confidential";
    expect_none("confidential");
}

TEST_F(LeverApplication, ThatTheKeyMayNotReadFailsInWords) {
    get("/opportunities/" + opportunity_id).clear().reply(403, sample_text("errors/403_forbidden.json"));
    CallResult const result = parsed();
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("confidential"));
}

}  // namespace
}  // namespace crosswalk::lever
