// From greenhouse.hire/1 to crosswalk.hire/1.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;

class GreenhouseMapIn : public GreenhouseTest {
protected:
    explicit GreenhouseMapIn(json::object const& extra = {}) : GreenhouseTest(extra) {
        play_hire();
        record = greenhouse().parse(webhook("hire_candidate_goco_fields")).events.at(0).record.data.as_object();
    }

    [[nodiscard]] CallResult map() {
        return greenhouse().map(CW_MAP_IN, "greenhouse.hire/1", json::serialize(record), "crosswalk.hire/1");
    }
    [[nodiscard]] json::value mapped() {
        CallResult const result = map();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        return result.records.empty() ? json::value() : result.records[0].data;
    }
    json::object& offer_fields() { return record["offer"].at("custom_fields").as_object(); }
    void offer_field(std::string const& key, json::value const& value) {
        offer_fields()[key] = json::object{{"name", key}, {"type", "short_text"}, {"value", value}};
    }

    json::object record;
};

TEST_F(GreenhouseMapIn, FillsTheWholeHire) {  // B.17, B.18, B.19, B.20, B.22, B.23, B.24, B.25, B.26
    json::value const hire = mapped();
    EXPECT_EQ(hire.at("kind"), "hire");
    EXPECT_EQ(hire.at("first_name"), "Zoë");
    EXPECT_EQ(hire.at("last_name"), "O'Brien-Núñez");
    EXPECT_EQ(hire.at("personal_email"), "zoe.obrien@example.com");
    EXPECT_EQ(hire.at("personal_phone"), "+1 415-555-0137");
    EXPECT_EQ(hire.at("location").at("name"), "New York City");
    EXPECT_EQ(hire.at("department").at("name"), "Technology");
    EXPECT_EQ(hire.at("start_date"), "2026-12-07");
    EXPECT_EQ(hire.at("job_title"), "R&D Engineer <Level 2>");
    EXPECT_EQ(hire.at("employment_type"), "full_time");
    EXPECT_EQ(hire.at("hired_at"), "2014-11-20T22:49:14Z");
    EXPECT_EQ(hire.at("import_source"), "Greenhouse Recruiting");
}

TEST_F(GreenhouseMapIn, RefersToCandidateApplicationOfferAndJob) {
    json::value const hire = mapped();
    auto const ref = [](std::string const& kind, std::string const& id) {
        return json::value{{"system", "greenhouse-main"}, {"kind", kind}, {"id", id}};
    };
    EXPECT_EQ(hire.at("ref"), ref("application", "46194999"));
    EXPECT_EQ(hire.at("application"), ref("application", "46194999"));
    EXPECT_EQ(hire.at("candidate"), ref("candidate", "35897999"));
    EXPECT_EQ(hire.at("offer"), ref("offer", "506999"));
    EXPECT_EQ(hire.at("requisition"), ref("job", "323753"));
}

TEST_F(GreenhouseMapIn, PrefersThePersonalAddressAndTakesNoWorkAddress) {  // B.19, B.28
    json::array& emails = record["candidate"].at("email_addresses").as_array();
    emails = {json::object{{"value", "work@example.com"}, {"type", "work"}},
              json::object{{"value", "other@example.com"}, {"type", "other"}},
              json::object{{"value", "own@example.com"}, {"type", "personal"}}};
    EXPECT_EQ(mapped().at("personal_email"), "own@example.com");
    emails.pop_back();
    EXPECT_EQ(mapped().at("personal_email"), "other@example.com");
    emails.pop_back();
    CallResult const result = map();
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_FALSE(result.records.at(0).data.as_object().contains("personal_email"));
}

TEST_F(GreenhouseMapIn, TakesTheMobileNumberOnly) {  // B.20
    json::array& phones = record["candidate"].at("phone_numbers").as_array();
    phones = {json::object{{"value", "518-555-0112"}, {"type", "work"}},
              json::object{{"value", "212-555-0112"}, {"type", "home"}},
              json::object{{"value", "415-555-0137"}, {"type", "mobile"}}};
    EXPECT_EQ(mapped().at("personal_phone"), "415-555-0137");
    phones.pop_back();
    EXPECT_FALSE(mapped().as_object().contains("personal_phone"));
}

TEST_F(GreenhouseMapIn, SaysThatItTookTheFirstOfSeveralOffices) {  // B.22
    EXPECT_TRUE(map().warned("location", "several offices"));
    record["job"].at("offices").as_array().pop_back();
    EXPECT_FALSE(map().warned("location"));
}

TEST_F(GreenhouseMapIn, LeavesOutWhatTheJobDoesNotHave) {
    record["job"].at("offices") = json::array{};
    record["job"].at("departments") = nullptr;
    json::value const hire = mapped();
    EXPECT_FALSE(hire.as_object().contains("location"));
    EXPECT_FALSE(hire.as_object().contains("department"));
}

TEST_F(GreenhouseMapIn, HasNoTitleWithoutTheOffersField) {  // B.26
    offer_fields().erase("job_title");
    EXPECT_FALSE(mapped().as_object().contains("job_title"));
    offer_field("job_title", nullptr);
    EXPECT_FALSE(mapped().as_object().contains("job_title"));
}

TEST_F(GreenhouseMapIn, ReadsTheEmploymentTypeOfTheOfferAndNotOfTheJob) {  // B.25
    for (auto const& [word, type] : std::vector<std::pair<std::string, std::string>>{{"Part time", "part_time"},
                                                                                     {"Contractor", "contractor"},
                                                                                     {"TEMPORARY", "temporary"},
                                                                                     {"Intern", "intern"}}) {
        offer_field("employment_type", json::value(word));
        EXPECT_EQ(mapped().at("employment_type"), json::value(type)) << word;
    }
    offer_field("employment_type", "Seasonal");
    EXPECT_EQ(mapped().at("employment_type"), "other");
    EXPECT_EQ(mapped().at("employment_type_raw"), "Seasonal");
    offer_fields().erase("employment_type");
    EXPECT_FALSE(mapped().as_object().contains("employment_type"));
}

TEST_F(GreenhouseMapIn, LeavesOutAStartDateThatIsNoDay) {  // B.24
    record["offer"].at("starts_at") = "04/15/2013";
    CallResult const result = map();
    EXPECT_FALSE(result.records.at(0).data.as_object().contains("start_date"));
    EXPECT_TRUE(result.warned("start_date"));
}

TEST_F(GreenhouseMapIn, WorksWithoutAnOffer) {
    record.erase("offer");
    json::value const hire = mapped();
    EXPECT_FALSE(hire.as_object().contains("start_date"));
    EXPECT_FALSE(hire.as_object().contains("offer"));
    EXPECT_EQ(hire.at("hired_at"), "2026-11-21T22:40:00Z");  // when it was read
}

TEST_F(GreenhouseMapIn, CarriesCustomFieldsOfEveryType) {  // B.29
    record["application"].at("custom_fields") = sample("webhooks/custom_field_types.json").at("custom_fields");
    json::object const custom = mapped().at("custom").as_object();
    auto const money = [](std::string const& amount) { return json::value{{"amount", amount}, {"currency", "USD"}}; };
    json::object const expected{{"short_text_field", "Up to 255 characters"},
                                {"long_text_field", "Any length"},
                                {"boolean_field", true},
                                {"single_select", "Option A"},
                                {"multi_select", {"Option A", "Option B"}},
                                {"currency_field", money("80000")},
                                {"compensation_field", money("80000")},
                                {"currency_range_field.min", money("80000")},
                                {"currency_range_field.max", money("150000")},
                                {"number_field", 125},
                                {"number_range_field.min", "80000"},
                                {"number_range_field.max", "150000"},
                                {"date_field", "2026-12-07"},
                                {"url_field", "https://example.com"},
                                {"user_field", "Ben Smith"},
                                {"user_field.email", "ben@example.com"},
                                {"user_field.employee_id", "bs0615"}};
    for (auto const& entry : expected) {
        ASSERT_TRUE(custom.contains(entry.key())) << entry.key();
        EXPECT_EQ(custom.at(entry.key()), entry.value()) << entry.key();
    }
    EXPECT_FALSE(custom.contains("unset_text"));
    EXPECT_FALSE(custom.contains("multi_select_empty"));
}

TEST_F(GreenhouseMapIn, ReadsAmountsThatWebhooksPrintAsText) {
    json::object const custom = mapped().at("custom").as_object();
    // The job's range: "10000.0" and "20000.0".
    EXPECT_EQ(custom.at("salary_range.min"), (json::value{{"amount", "10000"}, {"currency", "USD"}}));
    record["job"].at("custom_fields").at("salary_range").at("value").at("unit") = nullptr;
    EXPECT_EQ(mapped().at("custom").at("salary_range.max"), "20000");
}

TEST_F(GreenhouseMapIn, LetsTheOffersFieldsWinOverFieldsOfTheSameKey) {  // B.29
    record["candidate"].at("custom_fields").as_object()["salary"] =
        json::object{{"type", "short_text"}, {"value", "a lot"}};
    EXPECT_EQ(mapped().at("custom").at("salary").at("amount"), "80000");
    EXPECT_EQ(mapped().at("custom").at("desired_level"), "Senior");
    EXPECT_EQ(mapped().at("custom").at("opening_id"), "1234-56");
    EXPECT_EQ(mapped().at("custom").at("source"), "Monster");
}

TEST_F(GreenhouseMapIn, TakesTheEmptyListThatStandsForNoFields) {
    record["application"].at("custom_fields") = json::array{};
    record["offer"].at("custom_fields") = json::array{};
    EXPECT_EQ(map().status, CW_OK);
}

TEST_F(GreenhouseMapIn, CarriesDocumentsByTheFileThatTheHostKeeps) {  // B.21
    json::array const documents = mapped().at("documents").as_array();
    ASSERT_EQ(documents.size(), 2U);
    EXPECT_EQ(documents[0].at("type"), "resume");
    EXPECT_EQ(documents[1].at("type"), "offer_letter");
    EXPECT_EQ(documents[1].at("file_name"), "signed_offer.pdf");
    EXPECT_EQ(documents[1].at("content_type"), "application/pdf");
    EXPECT_EQ(host.files().at(std::string(documents[1].at("bytes").as_string())), "%PDF-1.7");
}

TEST_F(GreenhouseMapIn, KnowsAMediaTypeByTheNameWhenTheStoreDoesNot) {
    json::value& document = record["documents"].at(0);
    document.at("content_type") = "binary/octet-stream";
    EXPECT_EQ(mapped().at("documents").at(0).at("content_type"), "application/pdf");
    document.at("file_name") = "resume.xyz";
    EXPECT_EQ(mapped().at("documents").at(0).at("content_type"), "application/octet-stream");
}

TEST_F(GreenhouseMapIn, WarnsOfADocumentThatIsMissingWithoutNamingIt) {  // B.21
    record["documents"].at(0) = json::object{{"problem", "It could not be fetched."}};
    record["unread"] = {json::object{{"object", "documents"}, {"reason", "The credential lacks a scope."}}};
    CallResult const result = map();
    EXPECT_TRUE(result.warned("documents", "Document 1 was left out. It could not be fetched."));
    EXPECT_TRUE(result.warned("documents", "lacks a scope"));
    EXPECT_EQ(result.records.at(0).data.at("documents").as_array().size(), 1U);
}

TEST_F(GreenhouseMapIn, RefusesARecordThatIsNoHire) {
    EXPECT_EQ(greenhouse().map(CW_MAP_IN, "greenhouse.hire/1", "{}", "crosswalk.hire/1").status, CW_ERR_INVALID);
    EXPECT_EQ(greenhouse().map(CW_MAP_IN, "greenhouse.hire/1", "{}", "crosswalk.offer/1").status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(greenhouse().map(CW_MAP_OUT, "crosswalk.tag/1", "{}", "greenhouse.tag/1").status, CW_ERR_UNSUPPORTED);
}

class GreenhouseOtherFields : public GreenhouseMapIn {
protected:
    GreenhouseOtherFields()
        : GreenhouseMapIn({{"job_title_field", "position_title"}, {"employment_type_field", "time_type"}}) {}
};
TEST_F(GreenhouseOtherFields, AreReadUnderTheirConfiguredKeys) {  // B.25, B.26
    offer_field("position_title", "Engineer II");
    offer_field("time_type", "Part-time");
    EXPECT_EQ(mapped().at("job_title"), "Engineer II");
    EXPECT_EQ(mapped().at("employment_type"), "part_time");
}

// The vendor's own sample: no title, a job's employment type, two addresses.
TEST_F(GreenhouseMapIn, TakesTheVendorsOwnSample) {
    json::value all = sample("rest_v3/applications_list.json");
    all.at(2).at("id") = 46194062;
    get("/applications").clear().reply(200, json::serialize(all));
    record = greenhouse().parse(webhook("hire_candidate")).events.at(0).record.data.as_object();
    json::value const hire = mapped();
    EXPECT_EQ(hire.at("personal_email"), "personal@example.com");
    EXPECT_EQ(hire.at("start_date"), "2015-01-23");
    EXPECT_FALSE(hire.as_object().contains("job_title"));
    EXPECT_FALSE(hire.as_object().contains("employment_type"));
    EXPECT_EQ(hire.at("custom").at("seasons"), (json::value{"Season 1", "Season 2"}));
}

}  // namespace
}  // namespace crosswalk::greenhouse
