// lever.hire/1 → crosswalk.hire/1.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

class LeverMapIn : public LeverTest {
protected:
    explicit LeverMapIn(json::object const& extra = {}) : LeverTest(extra) {
        hire["opportunity"] = sample("rest/opportunity_hired_expanded.json").at("data");
        hire["application"] = hire.at("opportunity").at("applications").at(0);
        hire["contact"] = sample("rest/contact.json").at("data");
        hire["posting"] = sample("rest/posting.json").at("data");
        hire["requisition"] = sample("rest/requisition.json").at("data");
        hire["offer"] = sample("rest/offers_list_signed.json").at("data").at(0);
        json::object fields;
        for (json::value const& field : hire.at("offer").at("fields").as_array()) {
            fields[field.at("identifier").as_string()] = field.at("value");
        }
        hire["offerFields"] = fields;
        hire["manager"] = {{"id", "u-1"}, {"name", "Ines Vidal"}, {"email", "ines@example.com"}};
        hire["triggeredAt"] = hired_at_ms;
    }

    [[nodiscard]] CallResult mapped() {
        return lever().map(CW_MAP_IN, "lever.hire/1", json::serialize(hire), "crosswalk.hire/1");
    }
    [[nodiscard]] json::value out() {
        CallResult const result = mapped();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_EQ(result.records.size(), 1U);
        return result.records.empty() ? json::value(json::object()) : result.records[0].data;
    }
    [[nodiscard]] bool has(json::value const& record, std::string const& key) const {
        return record.as_object().contains(key);
    }
    json::object& opportunity_of_hire() { return hire["opportunity"].as_object(); }
    void drop(std::initializer_list<char const*> keys) {
        for (char const* key : keys) {
            hire.erase(key);
        }
    }
    void name(json::value const& full) {
        opportunity_of_hire()["name"] = full;
        drop({"contact", "application"});
    }

    json::object hire;
};

TEST_F(LeverMapIn, FillsTheWholeHire) {  // A.26, A.28 to A.37
    json::value const hired = out();
    EXPECT_EQ(hired.at("kind"), "hire");
    EXPECT_EQ(hired.at("import_source"), "Lever");
    EXPECT_EQ(hired.at("first_name"), "Zoë");
    EXPECT_EQ(hired.at("last_name"), "O'Brien-Núñez");
    EXPECT_EQ(hired.at("personal_email"), "zoe.obrien@example.com");
    EXPECT_EQ(hired.at("personal_phone"), "+1 415-555-0137");
    EXPECT_EQ(hired.at("department").at("name"), "Engineering");
    EXPECT_EQ(hired.at("location").at("name"), "San Francisco");
    EXPECT_EQ(hired.at("job_title"), "Back End Software Engineer");
    EXPECT_EQ(hired.at("employment_type"), "full_time");
    EXPECT_EQ(hired.at("manager").at("name"), "Ines Vidal");
    EXPECT_EQ(hired.at("manager").at("email"), "ines@example.com");
    EXPECT_EQ(hired.at("hired_at"), "2026-11-21T21:41:04.900Z");
}

TEST_F(LeverMapIn, RefersToEverythingUnderTheConnectionsName) {
    json::value const hired = out();
    auto const ref = [](std::string const& kind, std::string const& id) {
        return json::value({{"system", "lever-main"}, {"kind", kind}, {"id", id}});
    };
    EXPECT_EQ(hired.at("ref"), ref("application", opportunity_id));
    EXPECT_EQ(hired.at("application"), ref("application", opportunity_id));
    EXPECT_EQ(hired.at("candidate"), ref("candidate", "7f23e772-f2cb-4ebb-b33f-54b872999992"));
    EXPECT_EQ(hired.at("offer"), ref("offer", "a72d66c0-0fd7-4bf8-99ce-dc5979358862"));
    EXPECT_EQ(hired.at("requisition"), ref("requisition", "33b3cdf8-baef-4b17-b9d5-04c3b7e5eeb2"));
}

TEST_F(LeverMapIn, IsPure) {
    auto at = lever();
    std::string const record = json::serialize(hire);
    CallResult const first = at.map(CW_MAP_IN, "lever.hire/1", record, "crosswalk.hire/1");
    host.advance(1'000'000);
    CallResult const second = at.map(CW_MAP_IN, "lever.hire/1", record, "crosswalk.hire/1");
    EXPECT_EQ(json::serialize(first.records.at(0).data), json::serialize(second.records.at(0).data));
    EXPECT_EQ(host.denied(), 0);
}

TEST_F(LeverMapIn, TakesTheLastWordAsLastName) {  // A.29
    name("  Ana  María\u00A0de la Cruz ");
    EXPECT_EQ(out().at("first_name"), "Ana María de la");
    EXPECT_EQ(out().at("last_name"), "Cruz");
}

class LeverFirstWord : public LeverMapIn {
protected:
    LeverFirstWord() : LeverMapIn({{"name_split", "first_token"}}) {}
};
TEST_F(LeverFirstWord, IsTheFirstNameWhenToldSo) {  // A.29
    name("Ana María de la Cruz");
    EXPECT_EQ(out().at("first_name"), "Ana");
    EXPECT_EQ(out().at("last_name"), "María de la Cruz");
}

TEST_F(LeverMapIn, GivesAOneWordNameNoLastName) {  // A.29
    name("李小龍");
    EXPECT_EQ(out().at("first_name"), "李小龍");
    EXPECT_FALSE(has(out(), "last_name"));
}

TEST_F(LeverMapIn, SplitsAtAnIdeographicSpace) {
    name("山田\u3000太郎");
    EXPECT_EQ(out().at("first_name"), "山田");
    EXPECT_EQ(out().at("last_name"), "太郎");
}

TEST_F(LeverMapIn, LeavesOutANameThatLeverDoesNotHave) {  // A.42
    for (json::value const& nobody : {json::value(nullptr), json::value(""), json::value("  ")}) {
        name(nobody);
        EXPECT_FALSE(has(out(), "first_name"));
        EXPECT_FALSE(has(out(), "last_name"));
    }
}

TEST_F(LeverMapIn, FallsBackToTheContactForNameMailAndPhone) {  // A.30, A.31
    opportunity_of_hire()["name"] = nullptr;
    opportunity_of_hire()["emails"] = json::array{};
    opportunity_of_hire()["phones"] = json::array{};
    EXPECT_EQ(out().at("last_name"), "Niehaus");
    EXPECT_EQ(out().at("personal_email"), "cniehaus@example.com");
    EXPECT_EQ(out().at("personal_phone"), "123-456-7890");
}

TEST_F(LeverMapIn, PrefersTheMobileNumber) {  // A.31
    opportunity_of_hire()["phones"] = {{{"type", "skype"}, {"value", "zoe"}},
                                       {{"value", "1"}},
                                       {{"type", "work"}, {"value", "2"}},
                                       {{"type", "mobile"}, {"value", " 3 "}}};
    EXPECT_EQ(out().at("personal_phone"), "3");
}

TEST_F(LeverMapIn, TakesTheFirstNumberWhenNoneIsMobile) {  // A.31
    opportunity_of_hire()["phones"] = {{{"type", "skype"}, {"value", "zoe"}}, {{"value", "1"}}, {{"value", "2"}}};
    drop({"contact", "application"});
    EXPECT_EQ(out().at("personal_phone"), "1");
}

TEST_F(LeverMapIn, LeavesOutWhatLeverDoesNotHave) {
    drop({"contact", "application", "posting", "requisition", "offer", "offerFields", "manager"});
    opportunity_of_hire() = {{"id", "o-1"}};
    json::value const hired = out();
    EXPECT_EQ(hired.as_object().size(), 6U) << hired;  // kind, ref, import_source, candidate, application, hired_at
    EXPECT_EQ(hired.at("hired_at"), "2026-11-21T21:41:05.012Z");
    EXPECT_EQ(hired.at("candidate").at("kind"), "application");
}

TEST_F(LeverMapIn, TakesNullAndEmptyForAbsent) {
    for (char const* key : {"location", "department", "commitment"}) {
        hire["posting"].as_object()["categories"].as_object()[key] = nullptr;
    }
    opportunity_of_hire()["opportunityLocation"] = "";
    hire["requisition"].as_object()["department"] = " ";
    hire["requisition"].as_object()["employmentStatus"] = nullptr;
    json::value const hired = out();
    for (std::string const key : {"location", "department", "employment_type"}) {
        EXPECT_FALSE(has(hired, key)) << key;
    }
}

TEST_F(LeverMapIn, TakesThePostingsPlaceForAnUnspecifiedOne) {  // A.37
    opportunity_of_hire()["opportunityLocation"] = "unspecified";
    hire["posting"].as_object()["categories"].as_object()["location"] = "New York City";
    EXPECT_EQ(out().at("location").at("name"), "New York City");
}

TEST_F(LeverMapIn, TakesThePostingsTitleWithoutAnOffer) {  // A.35
    drop({"offer", "offerFields"});
    EXPECT_EQ(out().at("job_title"), "Infrastructure Engineer");
}

TEST_F(LeverMapIn, KnowsLeversEmploymentTypes) {  // A.34
    std::vector<std::pair<std::string, std::string>> const known = {
        {"full-time", "full_time"},   {"Part Time", "part_time"},   {"INTERN", "intern"},
        {"contractor", "contractor"}, {"temp-worker", "temporary"}, {"full_time", "full_time"}};
    for (auto const& [lever_says, canonical] : known) {
        hire["requisition"].as_object()["employmentStatus"] = lever_says;
        EXPECT_EQ(out().at("employment_type").as_string(), canonical) << lever_says;
        EXPECT_FALSE(has(out(), "employment_type_raw"));
    }
}

TEST_F(LeverMapIn, KeepsTheWordsOfAnUnknownEmploymentType) {  // A.34
    drop({"requisition"});
    hire["posting"].as_object()["categories"].as_object()["commitment"] = "Fixed Term";
    EXPECT_EQ(out().at("employment_type"), "other");
    EXPECT_EQ(out().at("employment_type_raw"), "Fixed Term");
}

TEST_F(LeverMapIn, SendsNoStartDateUntilToldTo) {  // A.33
    EXPECT_FALSE(has(out(), "start_date"));
}

class LeverStartDate : public LeverMapIn {
protected:
    LeverStartDate() : LeverMapIn({{"send_start_date", true}}) {}
    void starts(json::value const& value) { hire["offerFields"].as_object()["anticipated_start_date"] = value; }
};
TEST_F(LeverStartDate, IsTheOffersDayInUtc) {  // A.33
    EXPECT_EQ(out().at("start_date"), "2016-10-04");
    starts(1798761599999);
    EXPECT_EQ(out().at("start_date"), "2026-12-31");
    starts(1798761600000);
    EXPECT_EQ(out().at("start_date"), "2027-01-01");
}
TEST_F(LeverStartDate, MayBeDigitsOrADate) {
    starts("1798761600000");
    EXPECT_EQ(out().at("start_date"), "2027-01-01");
    starts("2028-02-29");
    EXPECT_EQ(out().at("start_date"), "2028-02-29");
}
TEST_F(LeverStartDate, IsLeftOutWithAWarningWhenItIsNoDay) {
    for (json::value const& odd :
         {json::value("soon"), json::value("2027-02-29"), json::value(999'999'999'999'999'999)}) {
        starts(odd);
        CallResult const result = mapped();
        ASSERT_EQ(result.records.size(), 1U);
        EXPECT_FALSE(has(result.records[0].data, "start_date")) << odd;
        EXPECT_TRUE(result.warned("start_date", "left out")) << odd;
    }
}

TEST_F(LeverMapIn, ReadsAHireTimeThatIsFlatOrText) {
    opportunity_of_hire().erase("archived");
    opportunity_of_hire()["archivedAt"] = "1795297264900";
    EXPECT_EQ(out().at("hired_at"), "2026-11-21T21:41:04.900Z");
}

TEST_F(LeverMapIn, OffersCustomFieldsToRoutes) {  // A.38
    hire["offerFields"].as_object()["custom_remote"] = true;
    hire["offerFields"].as_object()["custom_nothing"] = nullptr;
    json::value const custom = out().at("custom");
    EXPECT_EQ(custom.at("custom_equity"), 12345);
    EXPECT_EQ(custom.at("custom_remote"), true);
    EXPECT_FALSE(has(custom, "custom_nothing"));
    EXPECT_EQ(custom.at("cost_center.city"), "San Francisco");
    EXPECT_EQ(custom.at("target_hire_date"), 1453320000000);
    EXPECT_EQ(custom.at("team"), "Platform");
    EXPECT_EQ(custom.at("requisition_code"), "ENG-9");
    EXPECT_EQ(custom.at("tags"), json::value({"Full-time"}));
}

TEST_F(LeverMapIn, NamesTheRequisitionByItsCodeToo) {  // C.25
    EXPECT_EQ(out().at("requisition_code"), "ENG-9");
    hire["application"].as_object()["requisitionForHire"] = nullptr;
    EXPECT_EQ(out().at("requisition_code"), "ENG-145");
    drop({"requisition"});
    EXPECT_FALSE(has(out(), "requisition_code"));
}

TEST_F(LeverMapIn, CarriesNoSalary) {
    std::string const text = json::serialize(out());
    EXPECT_EQ(text.find("1319000"), std::string::npos);
    EXPECT_EQ(text.find("salary"), std::string::npos);
}

TEST_F(LeverMapIn, IgnoresFieldsThatItDoesNotKnow) {
    opportunity_of_hire()["added2027"] = {{"deep", json::array{1, 2, 3}}};
    hire["later"] = 1;
    EXPECT_EQ(out().at("last_name"), "O'Brien-Núñez");
}

TEST_F(LeverMapIn, SurvivesValuesOfTheWrongType) {
    opportunity_of_hire()["emails"] = "zoe";
    opportunity_of_hire()["phones"] = 7;
    opportunity_of_hire()["tags"] = json::object{};
    opportunity_of_hire()["opportunityLocation"] = json::array{1};
    hire["posting"] = "f2f01e16";
    hire["manager"] = json::array{};
    hire["offerFields"] = nullptr;
    hire["contact"] = 1;
    json::value const hired = out();
    EXPECT_EQ(hired.at("last_name"), "O'Brien-Núñez");
    EXPECT_FALSE(has(hired, "manager"));
}

TEST_F(LeverMapIn, WarnsOfObjectsThatItCouldNotRead) {
    drop({"requisition"});
    hire["unread"] = {{{"object", "requisition"}, {"reason", "The key may not read requisitions."}}};
    EXPECT_TRUE(mapped().warned("requisition", "may not read"));
}

TEST_F(LeverMapIn, RefusesARecordWithoutOpportunity) {
    hire.erase("opportunity");
    EXPECT_EQ(mapped().status, CW_ERR_INVALID);
}

TEST_F(LeverMapIn, RefusesSchemasThatItDoesNotKnow) {
    EXPECT_EQ(lever().map(CW_MAP_IN, "lever.hire/1", "{}", "crosswalk.offer/1").status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(lever().map(CW_MAP_IN, "goco.employee/1", "{}", "crosswalk.hire/1").status, CW_ERR_UNSUPPORTED);
}

}  // namespace
}  // namespace crosswalk::lever
