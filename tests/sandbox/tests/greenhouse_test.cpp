// Greenhouse as it answers a correct caller.

#include "sandbox/tests/greenhouse_caller.hpp"

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

class Greenhouse : public GreenhouseCaller {
protected:
    // A candidate with an offer and a document; what the control side says of it.
    json::object person(std::string const& last_name) {
        return control(
            "POST", "/greenhouse/candidates",
            {{"first_name", "Ada"},
             {"last_name", last_name},
             {"email", "ada@example.com"},
             {"phone", "+1 555 0100"},
             {"custom_fields", json::object{{"desired_salary", "a lot"}}},
             {"offer", json::object{{"starts_on", "2026-12-07"},
                                    {"custom_fields",
                                     json::object{{"job_title", "R&D <Nurse>"},
                                                  {"employment_type", "Part-time"},
                                                  {"salary", json::object{{"amount", 80000}, {"unit", "USD"}}}}}}},
             {"documents", json::array{json::object{{"filename", "signed offer.pdf"},
                                                    {"type", "signed_offer_letter"},
                                                    {"content", "%PDF-1.4 signed"}}}}});
    }

    static std::string id_in(json::object const& record, char const* name) {
        return std::to_string(record.at(name).as_int64());
    }

    // Every member of the first has to be in the second.
    static void expect_members(json::object const& expected, json::object const& got) {
        for (auto const& member : expected) {
            EXPECT_TRUE(got.contains(member.key())) << member.key();
        }
    }
};

TEST_F(Greenhouse, PrintsTheV3RecordsOfTheSamples) {
    for (char const* const name : {"candidates", "offers", "applications", "openings"}) {
        std::string const file = std::string(name) == "offers" ? "offers_list_current" : std::string(name) + "_list";
        auto const expected = json::parse(sample("greenhouse/samples/rest_v3/" + file + ".json")).as_array().back();
        auto const id = std::to_string(expected.at("id").as_int64());
        auto const got = v3("GET", std::string("/") + name + "?ids=" + id);
        ASSERT_EQ(got.status, 200) << got.body;
        ASSERT_EQ(got.json().as_array().size(), 1U) << name;
        EXPECT_EQ(got.json().at(0), expected) << name;
    }
}

TEST_F(Greenhouse, PrintsV1RecordsWithTheMembersOfTheSamples) {
    std::map<std::string, std::string> const paths{
        {"candidate", std::string("/candidates/") + sample_candidate},
        {"application_hired_response", std::string("/applications/") + sample_application},
        {"offer_accepted", std::string("/applications/") + sample_application + "/offers/current_offer"},
        {"job", "/jobs/323753"},
        {"department", "/departments/7"},
        {"office", "/offices/13"},
        {"user", "/users/92120"}};
    for (auto const& [file, path] : paths) {
        auto const expected = json::parse(sample("greenhouse/samples/rest_v1/" + file + ".json")).as_object();
        auto const got = v1("GET", path);
        ASSERT_EQ(got.status, 200) << path << got.body;
        expect_members(expected, got.json().as_object());
        EXPECT_EQ(got.json().as_object().size(), expected.size()) << path;
    }
}

TEST_F(Greenhouse, NamesTheSameOfferInBothVersions) {
    auto const made = person("Both");
    auto const old = v1("GET", "/applications/" + id_in(made, "application_id") + "/offers/current_offer").json();
    EXPECT_EQ(old.at("status"), "unresolved");
    EXPECT_EQ(old.at("starts_at"), "2026-12-07");
    EXPECT_EQ(old.at("keyed_custom_fields").at("job_title").at("value"), "R&D <Nurse>");
    EXPECT_EQ(old.at("keyed_custom_fields").at("salary").at("value").at("currency"), "USD");
    EXPECT_EQ(old.at("custom_fields").at("employment_type"), "Part-time");
    auto const current =
        v3("GET", "/offers?current_only=true&application_ids=" + id_in(made, "application_id")).json().at(0);
    EXPECT_EQ(current.at("status"), "Created");
    EXPECT_EQ(current.at("starts_on"), "2026-12-07");
}

TEST_F(Greenhouse, HiringAcceptsTheOfferAndTakesAwayTheStage) {
    auto const made = person("Hired");
    control("POST", "/greenhouse/candidates/" + id_in(made, "candidate_id") + "/hire");
    auto const application = v1("GET", "/applications/" + id_in(made, "application_id")).json();
    EXPECT_EQ(application.at("status"), "hired");
    EXPECT_TRUE(application.at("current_stage").is_null());
    auto const offers = v1("GET", "/offers?status=accepted").json().as_array();
    EXPECT_EQ(offers.size(), 2U);
}

TEST_F(Greenhouse, ANewOfferVersionDeprecatesTheOneBefore) {
    auto const made = person("Versions");
    auto const id = id_in(made, "candidate_id");
    control("POST", "/greenhouse/candidates/" + id + "/offers", {{"starts_on", "2027-01-04"}});
    auto const offers = v3("GET", "/offers?candidate_ids=" + id).json().as_array();
    ASSERT_EQ(offers.size(), 2U);
    EXPECT_EQ(offers[0].at("version"), 2);
    EXPECT_EQ(offers[1].at("status"), "Deprecated");
    auto const current = v3("GET", "/offers?current_only=true&candidate_ids=" + id).json().as_array();
    ASSERT_EQ(current.size(), 1U);
    EXPECT_EQ(current[0].at("starts_on"), "2027-01-04");
}

TEST_F(Greenhouse, AsksForActiveAndReceivesInProcess) {
    auto const got = v3("GET", "/applications?status=active").json().as_array();
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].at("status"), "in_process");
    EXPECT_EQ(v1("GET", "/applications?status=active").json().as_array().size(), 2U);
    EXPECT_EQ(v1("GET", "/applications?status=in_process").body, "[]");
}

TEST_F(Greenhouse, ListsEveryV3RecordOnceByFollowingTheCursor) {
    std::vector<std::int64_t> ids;
    std::string next = "/greenhouse/v3/applications?per_page=1&created_at=gte|2026-01-01T00:00:00Z";
    for (int pages = 0; !next.empty() && pages < 10; ++pages) {
        auto const got = v3("GET", path_in("http://127.0.0.1" + next).substr(std::string("/greenhouse/v3").size()));
        ASSERT_EQ(got.status, 200) << got.body;
        auto const page = got.json();
        for (auto const& record : page.as_array()) {
            ids.push_back(record.at("id").as_int64());
        }
        next = link(got, "next");
    }
    EXPECT_EQ(ids, (std::vector<std::int64_t>{46195001, 46195000, 46194999}));
}

TEST_F(Greenhouse, ListsEveryV1RecordOnceByFollowingNext) {
    std::string next = "/greenhouse/v1/applications?per_page=2";
    std::vector<std::int64_t> ids;
    for (int pages = 0; !next.empty() && pages < 10; ++pages) {
        auto const got = send("GET", next, "", {{"Authorization", key}});
        ASSERT_EQ(got.status, 200) << got.body;
        EXPECT_FALSE(link(got, "last").empty());
        auto const page = got.json();
        for (auto const& record : page.as_array()) {
            ids.push_back(record.at("id").as_int64());
        }
        next = link(got, "next");
    }
    EXPECT_EQ(ids, (std::vector<std::int64_t>{46194999, 46195000, 46195001}));
    EXPECT_TRUE(link(v1("GET", "/applications?per_page=2&skip_count=true"), "last").empty());
    EXPECT_FALSE(v1("GET", "/applications").headers.contains("link"));
}

TEST_F(Greenhouse, AnswersAnUnknownIdWithAnEmptyListInV3AndWith404InV1) {
    EXPECT_EQ(v3("GET", "/candidates?ids=1").body, "[]");
    expect_sample("v1_404_not_found", v1("GET", "/candidates/1"));
    expect_sample("v1_404_not_found", v1("GET", "/applications/46195000/offers/current_offer"));
}

TEST_F(Greenhouse, FindsAUserByAnyAddressInV1AndByThePrimaryOneInV3) {
    EXPECT_EQ(v1("GET", "/users?email=BOB.second@example.com").json().at(0).at("id"), 55);
    EXPECT_EQ(v3("GET", "/users?primary_email=gh.admin@example.com").json().at(0).at("id"), 92120);
    EXPECT_EQ(v3("GET", "/users?primary_email=bob.second@example.com").body, "[]");
    EXPECT_EQ(v1("GET", "/users?email=nobody@example.com").body, "[]");
    control("POST", "/greenhouse/settings", {{"user_by_email_bare", true}});
    EXPECT_EQ(v1("GET", "/users?email=bob.second@example.com").json().at("id"), 55);
    EXPECT_EQ(v1("GET", "/users?email=nobody@example.com").status, 404);
}

TEST_F(Greenhouse, HidesTheServiceUserUnlessAskedForIt) {
    auto const all = v3("GET", "/users?show_service_accounts=true").json().as_array().size();
    EXPECT_EQ(v3("GET", "/users").json().as_array().size() + 1, all);
}

TEST_F(Greenhouse, ListsTheDefinitionsAndOptionsOfCustomFields) {
    auto const expected = json::parse(sample("greenhouse/samples/rest_v3/custom_fields_list_offer.json")).as_array();
    auto const got = v3("GET", "/custom_fields?field_type=offer&ids=123456,123457").json().as_array();
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[1], expected[0]);
    EXPECT_EQ(v3("GET", "/custom_field_options?custom_field_ids=123457").json().as_array().size(), 4U);
    auto const old = v1("GET", "/custom_fields/offer").json().as_array();
    EXPECT_EQ(old[1].at("name_key"), "employment_type");
    EXPECT_EQ(old[1].at("custom_field_options").as_array().size(), 4U);
}

TEST_F(Greenhouse, KeepsANoteOfEitherVersionForBoth) {
    auto const written = v1("POST", std::string("/candidates/") + sample_candidate + "/activity_feed/notes",
                            R"({"user_id":92120,"body":"Imported.","visibility":"admin_only"})");
    ASSERT_EQ(written.status, 201) << written.body;
    auto const expected = json::parse(sample("greenhouse/samples/rest_v1/note_create_response.json")).as_object();
    expect_members(expected, written.json().as_object());
    EXPECT_EQ(written.json().at("visiblity"), "admin_only");
    auto const created =
        v3("POST", "/notes", sample("greenhouse/samples/rest_v3/note_create_request.json")).json().as_object();
    auto pattern = json::parse(sample("greenhouse/samples/rest_v3/note_created_201.json")).as_object();
    for (char const* const own : {"id", "created_at", "updated_at"}) {
        pattern[own] = created.at(own);
    }
    EXPECT_EQ(created, pattern);
    EXPECT_EQ(v3("GET", std::string("/notes?type=NOTE&candidate_ids=") + sample_candidate).json().as_array().size(),
              2U);
    auto const feed = v1("GET", std::string("/candidates/") + sample_candidate + "/activity_feed").json();
    EXPECT_EQ(feed.at("notes").as_array().size(), 2U);
    EXPECT_EQ(control("GET", std::string("/greenhouse/notes?candidate=") + sample_candidate).at("count"), 2);
}

TEST_F(Greenhouse, KeepsAFileThatIsAttachedOverV3) {
    auto const written = v3("POST", "/attachments",
                            R"({"application_id": 46194999, "filename": "scores.pdf", "type": "other",
                                "content": "dGhlIHNjb3Jlcw==", "content_type": "application/pdf"})");
    ASSERT_EQ(written.status, 201) << written.body;
    auto const listed = v3("GET", "/attachments?type=other&application_ids=46194999").json().as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].at("id"), written.json().at("id"));
    EXPECT_EQ(send("GET", path_in(listed[0].at("url").as_string().c_str()), "", {}).body, "the scores");
}

TEST_F(Greenhouse, RefusesAFileWithoutOwnerContentOrAKnownType) {
    for (
        char const* const body :
        {R"({"candidate_id": 1, "filename": "a.pdf", "type": "other", "content": "aGk=", "content_type": "x/y"})",
         R"({"candidate_id": 35897999, "filename": "a.pdf", "type": "other"})",
         R"({"candidate_id": 35897999, "filename": "a.pdf", "type": "notes", "content": "aGk=", "content_type": "x/y"})",
         R"({"candidate_id": 35897999, "filename": "a.pdf", "type": "other", "content": "aGk="})",
         R"({"candidate_id": 35897999, "filename": "a.pdf", "type": "other", "content": "aGk=", "size": 2})"}) {
        EXPECT_EQ(v3("POST", "/attachments", body).status, 422) << body;
    }
}

TEST_F(Greenhouse, ServesAnAttachmentUntilItsLinkEnds) {
    auto const made = person("Papers");
    std::string const query = "/attachments?application_ids=" + id_in(made, "application_id");
    std::string const url = v3("GET", query).json().at(0).at("url").as_string().c_str();
    auto const got = send("GET", path_in(url), "", {});
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "%PDF-1.4 signed");
    EXPECT_EQ(got.headers.at("content-type"), "application/pdf");
    control("POST", "/greenhouse/settings", {{"attachment_ttl_ms", -1}});
    std::string const ended = v3("GET", query).json().at(0).at("url").as_string().c_str();
    EXPECT_EQ(send("GET", path_in(ended), "", {}).status, 403);
    EXPECT_EQ(send("GET", path_in(url), "", {}).status, 200);
}

TEST_F(Greenhouse, RefusesALinkThatWasAlteredOrCarriesACredential) {
    std::string const url = v3("GET", "/attachments?ids=70001").json().at(0).at("url").as_string().c_str();
    EXPECT_EQ(send("GET", path_in(url) + "0", "", {}).status, 403);
    EXPECT_EQ(send("GET", path_in(url), "", {{"Authorization", key}}).status, 400);
}

TEST_F(Greenhouse, GivesATokenForTheTransitionInReturnForAV1Key) {
    auto const got = send("POST", "/greenhouse/auth/token", R"({"sub":92120})",
                          {{"Authorization", key}, {"Content-Type", "application/json"}});
    EXPECT_EQ(got.json().at("expires"), "3600");
    EXPECT_EQ(v3("GET", "/jobs", "", {{"Authorization", "Bearer " + token_of(got)}}).status, 200);
}

TEST_F(Greenhouse, TellsTheEndOfATokenInEachOfTheThreeWays) {
    EXPECT_EQ(ask_token(grant).json().at("expires_in"), 3600);
    for (char const* const field : {"expires_at", "expires"}) {
        control("POST", "/greenhouse/settings", {{"expiry_field", field}});
        EXPECT_TRUE(ask_token(grant).json().at(field).is_string());
    }
    control("POST", "/greenhouse/settings", {{"expiry_field", "none"}});
    EXPECT_EQ(ask_token(grant).json().as_object().size(), 2U);
    EXPECT_EQ(send("POST", "/greenhouse/token?grant_type=client_credentials", "", {{"Authorization", client}}).status,
              200);
}

}  // namespace
}  // namespace crosswalk::sandbox
