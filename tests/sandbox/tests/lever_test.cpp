// What a right request gets from the played Lever.

#include "sandbox/tests/played.hpp"

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

std::string const opportunity = std::string("/opportunities/") + sample_opportunity;

class Lever : public Played {
protected:
    void SetUp() override {
        Played::SetUp();
        control("POST", "/lever/settings", {{"rate_per_s", 0}});
    }

    json::object data(std::string const& path) {
        auto const got = lever("GET", path);
        EXPECT_EQ(got.status, 200) << got.body;
        return got.json().at("data").as_object();
    }
};

TEST_F(Lever, PrintsTheSampleOpportunityWithTheApplicationAsAnId) {
    auto expected = json::parse(sample("lever/samples/rest/opportunity_hired_expanded.json")).at("data").as_object();
    expected["applications"] = {"6ffe4153-60bb-4e30-bfbe-bd9b9775879c"};
    EXPECT_EQ(data(opportunity), expected);
}

TEST_F(Lever, ExpandsExactlyWhatIsNamed) {
    auto const expected = json::parse(sample("lever/samples/rest/opportunity_hired_expanded.json")).at("data");
    auto const expanded = data(opportunity + "?expand=applications");
    EXPECT_EQ(json::value(expanded), expected);
    auto const more = data(opportunity + "?expand=stage&expand=owner&expand=contact&expand=followers");
    EXPECT_EQ(more.at("stage").at("text"), "Offer accepted");
    EXPECT_EQ(more.at("owner").at("id"), expected.at("owner"));
    EXPECT_EQ(more.at("contact").at("emails"), expected.at("emails"));
    EXPECT_TRUE(more.at("followers").at(0).is_object());
    EXPECT_TRUE(more.at("applications").at(0).is_string());
    EXPECT_TRUE(more.at("sourcedBy").is_string());
}

TEST_F(Lever, IncludeTakesEverythingElseAway) {
    auto const printed = data(opportunity + "?include=name&include=emails");
    EXPECT_EQ(printed.size(), 2U);
    EXPECT_TRUE(printed.contains("name") && printed.contains("emails"));
}

TEST_F(Lever, ExpandWinsOverInclude) {
    auto const printed = data(opportunity + "?include=name&expand=contact");
    EXPECT_EQ(printed.size(), 2U);
    EXPECT_TRUE(printed.at("contact").is_object());
}

TEST_F(Lever, ShowsTheArchiveStateInTheShapeThatTheCandidateHas) {
    auto const flat = candidate({{"name", "Flat Person"}});
    auto const nested = candidate({{"name", "Nested Person"}, {"archive_shape", "nested"}});
    EXPECT_TRUE(data("/opportunities/" + flat).at("archivedAt").is_null());
    EXPECT_TRUE(data("/opportunities/" + nested).at("archived").is_null());
    control("POST", "/lever/candidates/" + flat + "/hire");
    control("POST", "/lever/candidates/" + nested + "/hire");
    EXPECT_FALSE(data("/opportunities/" + flat).contains("archived"));
    EXPECT_FALSE(data("/opportunities/" + nested).contains("archivedAt"));
    std::string const reason = data("/opportunities/" + flat).at("archiveReason").as_string().c_str();
    EXPECT_EQ(data("/opportunities/" + nested).at("archived").at("reason"), json::value(reason));
    EXPECT_EQ(data("/archive_reasons/" + reason).at("type"), "hired");
}

TEST_F(Lever, ShowsAHireOnlyAfterTheStaleReads) {
    auto const id = candidate({{"name", "Late Person"}, {"offer", {{"job_title", "Support Engineer"}}}});
    control("POST", "/lever/candidates/" + id + "/hire", {{"stale_reads", 1}});
    EXPECT_TRUE(lever("GET", "/opportunities/" + id + "/offers").json().at("data").as_array().empty());
    EXPECT_TRUE(data("/opportunities/" + id).at("archivedAt").is_null());
    EXPECT_TRUE(data("/opportunities/" + id).at("archivedAt").is_int64());
    EXPECT_EQ(lever("GET", "/opportunities/" + id + "/offers").json().at("data").as_array().size(), 1U);
}

TEST_F(Lever, PrintsOffersAsTheSampleDoes) {
    EXPECT_EQ(lever("GET", opportunity + "/offers").json(),
              json::parse(sample("lever/samples/rest/offers_list_signed.json")));
    auto const expanded = lever("GET", opportunity + "/offers?expand=creator").json();
    EXPECT_EQ(expanded.at("data").at(0).at("creator").at("username"), "creator");
}

TEST_F(Lever, PagesThroughEveryoneOnceWithOpaqueTokens) {
    for (int i = 0; i < 5; ++i) {
        candidate({{"name", "Person " + std::to_string(i)}});
    }
    std::vector<std::string> seen;
    std::string next;
    bool more = true;
    while (more && seen.size() < 20) {
        auto const page = lever("GET", "/opportunities?limit=2" + (next.empty() ? "" : "&offset=" + next)).json();
        EXPECT_EQ(page.at("data").as_array().size(), 2U);
        for (auto const& person : page.at("data").as_array()) {
            seen.emplace_back(person.at("id").as_string().c_str());
        }
        more = page.at("hasNext").as_bool();
        EXPECT_EQ(page.as_object().contains("next"), more);
        next = more ? page.at("next").as_string().c_str() : "";
    }
    EXPECT_EQ(seen.size(), 6U);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 6U);
}

TEST_F(Lever, LeavesOutHasNextOnTheListsThatPrintNone) {
    for (char const* const path : {"/stages", "/users", "/archive_reasons", "/tags"}) {
        EXPECT_FALSE(lever("GET", path).json().as_object().contains("hasNext")) << path;
    }
}

TEST_F(Lever, WidensAFilterThatIsRepeated) {
    candidate({{"name", "A Person"}, {"email", "a@example.com"}, {"tags", {"blue"}}});
    candidate({{"name", "B Person"}, {"email", "b@example.com"}, {"tags", {"red"}}});
    EXPECT_EQ(lever("GET", "/opportunities?email=a@example.com").json().at("data").as_array().size(), 1U);
    EXPECT_EQ(lever("GET", "/opportunities?tag=blue&tag=red").json().at("data").as_array().size(), 2U);
    EXPECT_EQ(lever("GET", "/opportunities?tag=Blue").json().at("data").as_array().size(), 0U);
    EXPECT_EQ(lever("GET", "/users?email=manager@example.com").json().at("data").as_array().size(), 1U);
    EXPECT_EQ(lever("GET", "/archive_reasons?type=hired").json().at("data").as_array().size(), 1U);
}

TEST_F(Lever, ForgetsDeletedPeopleButListsThem) {
    auto const id = candidate({{"name", "Gone Person"}});
    control("POST", "/lever/candidates/" + id + "/delete");
    EXPECT_EQ(lever("GET", "/opportunities/" + id).status, 404);
    EXPECT_EQ(lever("POST", "/opportunities/" + id + "/notes", R"({"value":"x"})").status, 404);
    auto const now = now_ms();
    auto const window =
        "?deleted_at_start=" + std::to_string(now - 60'000) + "&deleted_at_end=" + std::to_string(now + 1000);
    EXPECT_EQ(lever("GET", "/opportunities/deleted" + window).json().at("data").at(0).at("id"), json::value(id));
    EXPECT_EQ(lever("GET", "/opportunities/deleted").status, 400);
}

TEST_F(Lever, LeavesAnAnonymisedPersonWithoutPersonalData) {
    auto const id = candidate({{"name", "Private Person"}, {"email", "private@example.com"}, {"phone", "+1 555 0100"}});
    control("POST", "/lever/candidates/" + id + "/anonymise");
    auto const got = lever("GET", "/opportunities/" + id + "?expand=contact&expand=applications");
    EXPECT_EQ(got.body.find("rivate"), std::string::npos) << got.body;
    EXPECT_EQ(got.json().at("data").at("isAnonymized"), true);
}

TEST_F(Lever, KeepsANoteAndTellsItsIdAsTheSampleDoes) {
    auto const created = lever("POST", opportunity + "/notes?perform_as=8d49b010-cc6a-4f40-ace5-e86061c677ed",
                               sample("lever/samples/rest/note_create_request.json"));
    EXPECT_EQ(created.status, 201);
    std::string const id = created.json().at("data").at("noteId").as_string().c_str();
    auto const note = data(opportunity + "/notes/" + id);
    EXPECT_EQ(note.at("fields").at(0).at("value"), "Exported to the HR system.");
    EXPECT_EQ(note.at("user"), "8d49b010-cc6a-4f40-ace5-e86061c677ed");
    EXPECT_FALSE(note.contains("mentions"));
    EXPECT_EQ(lever("POST", opportunity + "/notes?note_id=" + id, R"({"value":"More."})").status, 201);
    EXPECT_EQ(data(opportunity + "/notes/" + id).at("fields").as_array().size(), 2U);
    EXPECT_EQ(control("GET", std::string("/lever/notes?opportunity=") + sample_opportunity).at("count"), 1);
}

TEST_F(Lever, RemembersWhomANoteWouldHaveNotified) {
    ASSERT_EQ(lever("POST", opportunity + "/notes", R"({"value":"Ask @alex about it."})").status, 201);
    ASSERT_EQ(lever("POST", opportunity + "/notes", R"({"value":"Ask alex@example.com."})").status, 201);
    auto const notes = control("GET", "/lever/notes").at("notes").as_array();
    EXPECT_EQ(notes.at(0).at("mentions").as_array().size(), 1U);
    EXPECT_TRUE(notes.at(1).at("mentions").as_array().empty());
}

TEST_F(Lever, TreatsTagsAsASet) {
    std::string const body = sample("lever/samples/rest/add_tags_request.json");
    lever("POST", opportunity + "/addTags", body);
    auto const again = lever("POST", opportunity + "/addTags", body);
    EXPECT_EQ(again.json().at("data").at("tags").as_array().size(), 2U);
    auto const removed = lever("POST", opportunity + "/removeTags", body);
    EXPECT_EQ(removed.json().at("data").at("tags").as_array().size(), 1U);
}

TEST_F(Lever, KeepsFilesWithTimesAsTextAndListsThemWithoutEnvelope) {
    std::string const upload = opportunity + "/files?perform_as=8d49b010-cc6a-4f40-ace5-e86061c677ed";
    auto const uploaded =
        lever("POST", upload, form({{"file", "offer.PDF", "%PDF-1.4"}}), {{"Content-Type", form_type}});
    ASSERT_EQ(uploaded.status, 200) << uploaded.body;
    auto const file = uploaded.json().at("data").as_object();
    EXPECT_EQ(file.at("ext"), ".pdf");
    EXPECT_EQ(file.at("size"), "8");
    EXPECT_TRUE(file.at("uploadedAt").is_string());
    auto const listed = lever("GET", opportunity + "/files").json();
    EXPECT_EQ(listed, json::value(json::array{file}));
    std::string const path = opportunity + "/files/" + file.at("id").as_string().c_str();
    EXPECT_EQ(lever("GET", path + "/download").body, "%PDF-1.4");
    EXPECT_EQ(lever("DELETE", path + "?perform_as=8d49b010-cc6a-4f40-ace5-e86061c677ed").status, 204);
    EXPECT_EQ(lever("GET", path).status, 404);
}

TEST_F(Lever, LeavesInternalPostingsOutOfAPlainListOfPublishedOnes) {
    control("POST", "/lever/postings", {{"text", "Inside"}, {"distribution_channels", {"internal"}}});
    EXPECT_EQ(lever("GET", "/postings?state=published").json().at("data").as_array().size(), 1U);
    EXPECT_EQ(
        lever("GET", "/postings?state=published&distributionChannel=internal").json().at("data").as_array().size(), 2U);
}

TEST_F(Lever, MakesAnApplicationByAUserWithoutPersonalFields) {
    auto const id = candidate({{"name", "Added Person"}, {"email", "added@example.com"}, {"application_type", "user"}});
    auto const application = data("/opportunities/" + id + "?expand=applications").at("applications").at(0);
    EXPECT_TRUE(application.at("email").is_null() && application.at("name").is_null());
    EXPECT_EQ(application.at("type"), "user");
}

TEST_F(Lever, RefusesAControlFieldItDoesNotKnow) {
    EXPECT_EQ(sandbox_.control("POST", "/lever/candidates", R"({"name":"X Y","mail":"x@example.com"})").status, 400);
    EXPECT_EQ(sandbox_.control("POST", "/lever/candidates", R"({"name":"X Y","posting":"none"})").status, 400);
}

}  // namespace
}  // namespace crosswalk::sandbox
