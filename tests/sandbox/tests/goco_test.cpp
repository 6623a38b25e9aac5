// GoCo after our contract v1: what is right is answered as the samples say, what is wrong is refused.

#include "sandbox/tests/played.hpp"

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

class Goco : public Played {
protected:
    // The status and the error code: "422 validation_failed".
    static std::string error_of(Got const& got) {
        return std::to_string(got.status) + " " + got.json().at("error").at("code").as_string().c_str();
    }

    // The fields that an answer blames.
    static std::vector<std::string> blamed(Got const& got) {
        std::vector<std::string> fields;
        auto const body = got.json();
        for (auto const& detail : body.at("error").at("details").as_array()) {
            fields.emplace_back(detail.at("field").as_string().c_str());
        }
        return fields;
    }

    std::size_t employees() { return control("GET", "/goco/employees").at("employees").as_array().size(); }
};

TEST_F(Goco, AnswersTheSampleRequestAsTheSampleAnswer) {
    auto const got = goco("POST", "/employees", sample("goco/samples/employee_create_request_full.json"));
    ASSERT_EQ(got.status, 201) << got.body;
    auto printed = got.json().at("data").as_object();
    auto expected = json::parse(sample("goco/samples/employee_create_response_201.json")).at("data").as_object();
    EXPECT_EQ(printed.at("created_at").as_string().size(), expected.at("created_at").as_string().size());
    printed.erase("created_at");
    expected.erase("created_at");
    EXPECT_EQ(printed, expected);
    EXPECT_EQ(goco("GET", "/employees/emp_902").json().at("data").at("external_id"), expected.at("external_id"));
}

TEST_F(Goco, TakesTheMinimalSampleRequest) {
    EXPECT_EQ(goco("POST", "/employees", sample("goco/samples/employee_create_request_minimal.json")).status, 201);
}

TEST_F(Goco, PrintsItsListsAsTheSamplesDo) {
    for (char const* const name : {"departments", "locations", "job_titles"}) {
        EXPECT_EQ(goco("GET", std::string("/") + name + "?limit=100").json(),
                  json::parse(sample(std::string("goco/samples/") + name + ".json")));
    }
    EXPECT_EQ(goco("GET", "").json(), json::parse(sample("goco/samples/company.json")));
}

TEST_F(Goco, MatchesNamesByPrefixSoThatTheAnswerHoldsOthersToo) {
    auto const first = goco("GET", "/employees?first_name=sam&last_name=Lee&limit=2&offset=0").json();
    EXPECT_EQ(first.at("meta"), json::parse(sample("goco/samples/employee_search_page1.json")).at("meta"));
    EXPECT_EQ(first.at("data").at(1).at("last_name"), "Leeds");
    auto const second = goco("GET", "/employees?first_name=sam&last_name=Lee&limit=2&offset=2").json();
    EXPECT_EQ(second.at("data").at(0).at("id"), "emp_3");
    EXPECT_EQ(goco("GET", "/employees?last_name=eeds").json().at("meta").at("total"), 0);
}

TEST_F(Goco, FindsAManagerByEmailOrName) {
    EXPECT_EQ(goco("GET", "/employees?email=MANAGER@example.com").json().at("data").at(0).at("id"), "emp_77");
    EXPECT_EQ(goco("GET", "/employees?name=direct%20manager").json().at("data").at(0).at("id"), "emp_77");
    EXPECT_EQ(goco("GET", "/employees?email=manager").json().at("meta").at("total"), 0);
}

TEST_F(Goco, ErrorBodiesEqualTheSamples) {
    EXPECT_EQ(goco("GET", "", "", {{"Authorization", "Bearer wrong"}}).json(),
              json::parse(sample("goco/samples/error_401.json")));
    EXPECT_EQ(
        send("GET", "/goco/companies/other", "",
             {{"Authorization", "Bearer goco-sandbox-key"}, {"Accept", "application/json"}, {"User-Agent", "x/1"}})
            .json(),
        json::parse(sample("goco/samples/error_404.json")));
    EXPECT_EQ(goco("POST", "/employees",
                   R"({"first_name":"A","last_name":"B","employment_type":"part","start_date":"2026-02-30"})")
                  .json(),
              json::parse(sample("goco/samples/error_422.json")));
    control("POST", "/goco/settings", {{"full_access", false}});
    EXPECT_EQ(goco("GET", "").json(), json::parse(sample("goco/samples/error_403.json")));
}

TEST_F(Goco, AsksForTheHeadersOfTheContract) {
    EXPECT_EQ(blamed(goco("GET", "", "", {{"Accept", "text/html"}})), std::vector<std::string>{"Accept"});
    EXPECT_EQ(blamed(goco("GET", "", "", {{"User-Agent", "crosswalk"}})), std::vector<std::string>{"User-Agent"});
    EXPECT_EQ(blamed(goco("GET", "", "", {{"User-Agent", ""}})), std::vector<std::string>{"User-Agent"});
    auto const text =
        goco("POST", "/employees", R"({"first_name":"A","last_name":"B"})", {{"Content-Type", "text/plain"}});
    EXPECT_EQ(error_of(text), "400 validation_failed");
    EXPECT_EQ(employees(), 5U);
}

TEST_F(Goco, RefusesEachWrongFieldByName) {
    std::map<std::string, std::string> const wrong{{"personal_email", R"("someone")"},
                                                   {"department_id", R"("Engineering")"},
                                                   {"location_id", R"("dep_10")"},
                                                   {"manager_id", R"("emp_0")"},
                                                   {"job_title", R"("support engineer")"},
                                                   {"employment_type", R"("Full_Time")"},
                                                   {"start_date", R"("01.12.2026")"},
                                                   {"personal_phone", "5550100"},
                                                   {"external_id", "null"},
                                                   {"middle_name", R"("X")"}};
    for (auto const& [field, value] : wrong) {
        auto const got =
            goco("POST", "/employees", R"({"first_name":"A","last_name":"B",")" + field + "\":" + value + "}");
        EXPECT_EQ(error_of(got), "422 validation_failed") << field;
        EXPECT_EQ(blamed(got), std::vector<std::string>{field});
    }
    EXPECT_EQ(blamed(goco("POST", "/employees", R"({"last_name":"  "})")),
              (std::vector<std::string>{"first_name", "last_name"}));
    EXPECT_EQ(error_of(goco("POST", "/employees", "[1]")), "400 validation_failed");
    EXPECT_EQ(employees(), 5U);
}

TEST_F(Goco, RefusesUnknownPathsParametersAndPages) {
    EXPECT_EQ(error_of(goco("GET", "/people")), "404 not_found");
    EXPECT_EQ(error_of(goco("PUT", "/employees/emp_1", "{}")), "404 not_found");
    EXPECT_EQ(error_of(goco("GET", "/employees/emp_0")), "404 not_found");
    for (char const* const query : {"?page=2", "?limit=101", "?limit=0", "?offset=-1", "?offset=x"}) {
        EXPECT_EQ(error_of(goco("GET", std::string("/employees") + query)), "400 validation_failed") << query;
    }
}

TEST_F(Goco, CreatesTheSamePersonTwiceUnlessToldToMindDuplicates) {
    std::string const body = sample("goco/samples/employee_create_request_full.json");
    EXPECT_EQ(goco("POST", "/employees", body).status, 201);
    EXPECT_EQ(goco("POST", "/employees", body).status, 201);
    control("POST", "/goco/settings", {{"duplicates", "external_id"}});
    EXPECT_EQ(goco("POST", "/employees", body).json(), json::parse(sample("goco/samples/error_409_duplicate.json")));
    control("POST", "/goco/settings", {{"duplicates", "name"}});
    auto const twin = goco("POST", "/employees", R"({"first_name":"nora","last_name":"OKAFOR"})");
    EXPECT_EQ(error_of(twin), "409 duplicate");
}

TEST_F(Goco, IgnoresTheIdempotencyKeyUnlessToldToHonourIt) {
    std::string const body = R"({"first_name":"Key","last_name":"Person"})";
    std::map<std::string, std::string> const key{{"Idempotency-Key", "k-1"}};
    goco("POST", "/employees", body, key);
    goco("POST", "/employees", body, key);
    EXPECT_EQ(employees(), 7U);
    control("POST", "/goco/settings", {{"idempotency", "honoured"}});
    auto const first = goco("POST", "/employees", body, key);
    EXPECT_EQ(goco("POST", "/employees", body, key).body, first.body);
    EXPECT_EQ(employees(), 8U);
    EXPECT_EQ(goco("POST", "/employees", R"({"first_name":"Other","last_name":"Person"})", key).status, 422);
}

TEST_F(Goco, TellsWhenToComeBackOnceItsLimitIsReached) {
    control("POST", "/goco/settings", {{"rate_per_s", 0.001}, {"burst", 1}});
    EXPECT_EQ(goco("GET", "").status, 200);
    auto const limited = goco("GET", "");
    EXPECT_EQ(limited.json(), json::parse(sample("goco/samples/error_429.json")));
    EXPECT_EQ(limited.headers.at("retry-after"), "1");
}

TEST_F(Goco, KeepsADocumentOfAnEmployee) {
    auto const body = form({{"file", "offer.pdf", "%PDF-1.4"}, {"name", "", "Offer.pdf"}, {"category", "", "offer"}});
    auto const got = goco("POST", "/employees/emp_501/documents", body, {{"Content-Type", form_type}});
    ASSERT_EQ(got.status, 201) << got.body;
    auto const document = got.json().at("data").as_object();
    auto const expected = json::parse(sample("goco/samples/document_upload_response_201.json")).at("data").as_object();
    for (auto const& member : expected) {
        EXPECT_TRUE(document.contains(member.key())) << member.key();
    }
    EXPECT_EQ(document.at("size"), 8);
    EXPECT_EQ(control("GET", "/goco/documents?employee=emp_501").at("count"), 1);
}

TEST_F(Goco, RefusesADocumentThatLacksAPartOrHasOneTooMany) {
    std::map<std::string, std::string> const multipart{{"Content-Type", form_type}};
    EXPECT_EQ(blamed(goco("POST", "/employees/emp_501/documents", form({{"file", "a.pdf", "x"}}), multipart)),
              (std::vector<std::string>{"name", "category"}));
    EXPECT_EQ(blamed(goco("POST", "/employees/emp_501/documents",
                          form({{"file", "a.pdf", "x"}, {"name", "", "a"}, {"category", "", "b"}, {"kind", "", "c"}}),
                          multipart)),
              std::vector<std::string>{"kind"});
    EXPECT_EQ(error_of(goco("POST", "/employees/emp_501/documents", "--edge", multipart)), "400 validation_failed");
    EXPECT_EQ(error_of(goco("POST", "/employees/emp_0/documents", form({}), multipart)), "404 not_found");
}

}  // namespace
}  // namespace crosswalk::sandbox
