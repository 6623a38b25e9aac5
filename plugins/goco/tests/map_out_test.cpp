// What GoCo is going to be told of a hire: A.26, A.28 to A.38.
#include "fixture.hpp"

#include <gtest/gtest.h>

namespace crosswalk::goco_test {
namespace {

using support::CallResult;

CallResult map_hire(json::object const& record, json::object const& more_settings = {}) {
    World world(more_settings);
    return world.goco.map(CW_MAP_OUT, "crosswalk.hire/1", json::serialize(record), "goco.employee/1");
}
json::object mapped(json::object const& record, json::object const& more_settings = {}) {
    CallResult const result = map_hire(record, more_settings);
    EXPECT_EQ(result.status, CW_OK) << result.message;
    return result.records.size() == 1 ? result.records[0].data.as_object() : json::object{};
}
json::object with(std::string_view field, json::value value) {
    json::object out = hire();
    out[field] = std::move(value);
    return out;
}
json::object without(std::string_view field) {
    json::object out = hire();
    out.erase(field);
    return out;
}

// A.26 A.28 A.29 A.30 A.31 A.32 A.33 A.34 A.35 A.36 A.37
TEST(GocoMap, CarriesEveryFieldOfAHireAsNamesAndNotIds) {
    json::object const expected = json::parse(R"({
        "external_id": "lever:opp:250d8f03-738a-4bba-a671-8a3d73477145", "import_source": "Lever",
        "first_name": "Nora", "last_name": "Okafor",
        "personal_email": "nora.okafor@example.net", "personal_phone": "+1-555-010-0199",
        "department": "Engineering", "location": "Houston HQ", "job_title": "Support Engineer",
        "start_date": "2026-12-01", "employment_type": "full_time",
        "manager": {"name": "Ada Boss", "email": "ada.boss@example.com"}})")
                                      .as_object();
    EXPECT_EQ(json::value(mapped(hire())), json::value(expected));
}

TEST(GocoMap, UsesNothingButPureServices) {
    World world;
    (void)world.goco.map(CW_MAP_OUT, "crosswalk.hire/1", json::serialize(hire()), "goco.employee/1");
    EXPECT_TRUE(world.host.requests().empty());
    EXPECT_EQ(world.host.denied(), 0);
}

TEST(GocoMap, LeavesOutWhatTheHireDoesNotSay) {
    json::object const bare = json::parse(R"({"first_name": "Ivo", "last_name": "Petrov",
        "candidate": {"system": "greenhouse", "kind": "app", "id": "69306314"},
        "personal_email": null, "job_title": "", "department": {"name": ""}})")
                                  .as_object();
    json::object const expected = json::parse(R"({"external_id": "greenhouse:app:69306314",
        "import_source": "Greenhouse Recruiting", "first_name": "Ivo", "last_name": "Petrov"})")
                                      .as_object();
    EXPECT_EQ(json::value(mapped(bare)), json::value(expected));
}

// A.41
TEST(GocoMap, GivesTwoHiresOfOneNameOneKeySoThatTheHostKeepsThemApart) {
    json::object other = hire();
    other["first_name"] = " NORA ";
    other["application"] = {{"system", "lever"}, {"kind", "opp"}, {"id", "other"}};
    CallResult const one = map_hire(hire());
    CallResult const two = map_hire(other);
    EXPECT_EQ(one.records.at(0).key, "nora okafor");
    EXPECT_EQ(one.records.at(0).key, two.records.at(0).key);
    EXPECT_NE(map_hire(with("last_name", "Okafora")).records.at(0).key, one.records.at(0).key);
}

// A.41
TEST(GocoMap, GivesNfcAndNfdOfANameOneKey) {
    EXPECT_EQ(map_hire(with("first_name", "Zoë")).records.at(0).key,
              map_hire(with("first_name", "ZOE\u0308")).records.at(0).key);
}

// A.42
TEST(GocoMap, RefusesAHireWithoutANameAndNamesBoth) {
    json::object nameless = without("first_name");
    nameless["last_name"] = "  ";
    CallResult const result = map_hire(nameless);
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").as_array().size(), 2U);
    EXPECT_NE(result.message.find("first_name, last_name"), std::string::npos) << result.message;
    EXPECT_TRUE(result.records.empty());
}

TEST(GocoMap, RefusesAHireThatDoesNotSayWhereItComesFrom) {
    json::object lost = without("application");
    lost.erase("candidate");
    EXPECT_EQ(map_hire(lost).status, CW_ERR_INVALID);
}

// A.34
TEST(GocoMap, TurnsEmploymentTypesIntoTheFourWordsOfGoco) {
    for (auto const& [from, to] : {std::pair{"full_time", "full_time"},
                                   {"part_time", "partner_time"},
                                   {"temporary", "Temporary"},
                                   {"contractor", "Contractor"}}) {
        EXPECT_EQ(mapped(with("employment_type", from)).at("employment_type"), json::value(to)) << from;
    }
}

// A.34
TEST(GocoMap, PassesAnEmploymentTypeThatIsAlreadyOneOfTheFour) {
    for (char const* word : {"Contractor", "full_time", "partner_time", "Temporary"}) {
        EXPECT_EQ(mapped(with("employment_type", word)).at("employment_type"), json::value(word));
    }
    json::object raw = with("employment_type", "other");
    raw["employment_type_raw"] = "partner_time";
    EXPECT_EQ(mapped(raw).at("employment_type"), json::value("partner_time"));
}

// A.34
TEST(GocoMap, LeavesOutOtherEmploymentTypesWithAWarning) {
    for (char const* word : {"intern", "contractor ltd", "Full_Time", "other"}) {
        CallResult const result = map_hire(with("employment_type", word));
        ASSERT_EQ(result.status, CW_OK);
        EXPECT_FALSE(result.records.at(0).data.as_object().contains("employment_type")) << word;
        EXPECT_TRUE(result.warned("employment_type", "left out"));
    }
}

// A.34
TEST(GocoMap, RefusesOtherEmploymentTypesWhenToldTo) {
    json::object const strict{{"otherwise", {{"employment_type", "fail"}}}};
    CallResult const result = map_hire(with("employment_type", "intern"), strict);
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").at(0).at("field"), json::value("employment_type"));
    EXPECT_EQ(map_hire(without("employment_type"), strict).status, CW_OK);
}

// A.34 F.7
TEST(GocoMap, TakesEmploymentTypesFromConfiguration) {
    json::object const table{{"enums", {{"employment_type", {{"part_time", "PT"}, {"intern", "Intern"}}}}}};
    EXPECT_EQ(mapped(with("employment_type", "part_time"), table).at("employment_type"), json::value("PT"));
    EXPECT_EQ(mapped(with("employment_type", "intern"), table).at("employment_type"), json::value("Intern"));
    EXPECT_EQ(mapped(with("employment_type", "temporary"), table).at("employment_type"), json::value("Temporary"));
    EXPECT_FALSE(mapped(with("employment_type", "partner_time"), table).contains("employment_type"));
}

// A.26
TEST(GocoMap, ShowsTheSourceByItsNameInConfiguration) {
    json::object named = without("import_source");
    EXPECT_EQ(mapped(named).at("import_source"), json::value("Lever"));
    named["application"].as_object()["system"] = "lever-emea";
    EXPECT_EQ(mapped(named).at("import_source"), json::value("lever-emea"));
    json::object const table{{"import_sources", {{"lever-emea", "Lever (EMEA)"}, {"Lever", "Lever ATS"}}}};
    EXPECT_EQ(mapped(named, table).at("import_source"), json::value("Lever (EMEA)"));
    EXPECT_EQ(mapped(hire(), table).at("import_source"), json::value("Lever ATS"));
}

// A.38
TEST(GocoMap, PassesExtraFieldsThrough) {
    json::object const out = mapped(with("extra", {{"cost_center", "CC-7"}, {"badge", 12}, {"nothing", nullptr}}));
    EXPECT_EQ(out.at("cost_center"), json::value("CC-7"));
    EXPECT_EQ(out.at("badge"), json::value(12));
    EXPECT_FALSE(out.contains("nothing"));
}

// A.38
TEST(GocoMap, DoesNotLetAnExtraFieldReplaceWhatMarksTheEmployeeAsOurs) {
    CallResult const result = map_hire(with("extra", {{"external_id", "x"}, {"documents", "y"}}));
    EXPECT_EQ(result.records.at(0).data.at("external_id"), json::value(ours));
    EXPECT_TRUE(result.warned("external_id", "left out"));
    EXPECT_TRUE(result.warned("documents", "left out"));
}

// A.38: a route's rule for a canonical field writes a plain text.
TEST(GocoMap, TakesPlainTextWhereTheCanonicalModelHasAnObject) {
    json::object flat = hire();
    flat["department"] = "Customer Success";
    flat["manager"] = "Ada Boss";
    json::object const out = mapped(flat);
    EXPECT_EQ(out.at("department"), json::value("Customer Success"));
    EXPECT_EQ(out.at("manager"), json::value({{"name", "Ada Boss"}}));
}

// A.33
TEST(GocoMap, SendsAStartDateAsADateAndRefusesAnythingElse) {
    EXPECT_EQ(mapped(with("start_date", "2026-12-01T08:00:00Z")).at("start_date"), json::value("2026-12-01"));
    EXPECT_FALSE(mapped(without("start_date")).contains("start_date"));
    CallResult const result = map_hire(with("start_date", "1 December"));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").at(0).at("field"), json::value("start_date"));
    EXPECT_EQ(result.message.find("December"), std::string::npos);
}

TEST(GocoMap, CarriesDocumentsWithTheirCategory) {
    json::array const files = json::parse(R"([
        {"file_name": "cv.pdf", "content_type": "application/pdf", "type": "resume", "content_base64": "aGk="},
        {"file_name": "Offer.pdf", "content_type": "application/pdf", "type": "offer_letter", "content_base64": "aG8="}
    ])")
                                  .as_array();
    json::object const out = mapped(with("documents", files));
    EXPECT_EQ(out.at("documents").at(0).at("category"), json::value("resume"));
    EXPECT_EQ(out.at("documents").at(1).at("category"), json::value("offer"));
    EXPECT_EQ(out.at("documents").at(1).at("content_base64"), json::value("aG8="));
}

TEST(GocoMap, MakesADocumentOfAnAttachment) {
    World world;
    auto const result = world.goco.map(CW_MAP_OUT, "crosswalk.attachment/1",
                                       R"({"owner": {"system": "lever", "kind": "opp", "id": "1"}, "type": "other",
                                           "file_name": "a.txt", "content_type": "text/plain", "content_base64": "aGk="})",
                                       "goco.document/1");
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.records.at(0).key, "lever:opp:1");
    EXPECT_EQ(result.records.at(0).data.at("external_id"), json::value("lever:opp:1"));
}

TEST(GocoMap, RefusesAnAttachmentWithoutContentOrOwner) {
    World world;
    auto const result =
        world.goco.map(CW_MAP_OUT, "crosswalk.attachment/1", R"({"file_name": "a.txt"})", "goco.document/1");
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").as_array().size(), 2U);
}

TEST(GocoMap, RefusesSchemasThatItDoesNotMake) {
    World world;
    EXPECT_EQ(world.goco.map(CW_MAP_OUT, "crosswalk.hire/1", "{}", "goco.payroll/1").status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(world.goco.map(CW_MAP_IN, "crosswalk.hire/1", "{}", "goco.employee/1").status, CW_ERR_UNSUPPORTED);
}

TEST(GocoMap, SurvivesValuesOfUnexpectedTypes) {
    for (char const* field : {"personal_email", "department", "manager", "extra", "documents", "employment_type"}) {
        for (json::value const& odd :
             {json::value(7), json::value({1, 2}), json::value(true), json::value({{"x", 1}})}) {
            auto const result = map_hire(with(field, odd));
            EXPECT_TRUE(result.status == CW_OK || result.status == CW_ERR_INVALID) << field << json::serialize(odd);
        }
    }
}

}  // namespace
}  // namespace crosswalk::goco_test
