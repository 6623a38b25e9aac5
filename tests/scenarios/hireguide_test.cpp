// The interview story, as config/lever-hireguide has it: a job and its applicants go to Hireguide, a PDF comes back.
#include "scenarios/hireguide_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr char lever_key[] = "Basic bGV2ZXItc2FuZGJveC1rZXk6";
constexpr char hireguide_token[] = "Bearer hireguide-sandbox-token";

// E.9 E.10 E.12 E.13 E.14 E.17 E.18 E.19 E.20 E.21 E.22
TEST(HireguideScenario, SyncNowListsThePositionAndItsApplicantsDirectlyAfter) {
    HireguideWorld world;
    (void)world.applicant("Nora Example");
    (void)world.candidate({{"name", "Other Example"}, {"email", "other@example.com"}});
    world.start();
    EXPECT_EQ(world.callback("ping"), "200");

    EXPECT_EQ(world.callback("sync_now"), "200");
    ASSERT_TRUE(eventually([&] { return world.listed("nor").size() == 1; })) << world.log();
    EXPECT_EQ(world.listed("nor").front(), "Nora Example (synced with ATS)");
    EXPECT_TRUE(world.listed("Other").empty()) << "another job";
    EXPECT_TRUE(eventually([&] { return text(world.position(), "/department") == "Care" && world.runs_are_over(); }));
    EXPECT_EQ(text(world.position(), "/name"), "Nurse (Remote)");
    EXPECT_EQ(text(world.position(), "/sync/status"), "done");

    (void)world.applicant("Nadia Example");
    EXPECT_EQ(world.callback("sync_now"), "200");
    EXPECT_TRUE(eventually([&] { return world.listed("nadia").size() == 1; }));
    EXPECT_EQ(world.listed().size(), 2U);
    EXPECT_TRUE(eventually([&] { return world.runs_are_over(); }));
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
}

// E.25 E.27 E.28 E.29
TEST(HireguideScenario, ExportArrivesOnceAsAFileOfTheOpportunityWithTheSameContent) {
    HireguideWorld world;
    std::string const opportunity = world.applicant("Nora Example");
    world.start();
    EXPECT_EQ(world.callback("sync_now"), "200");
    ASSERT_TRUE(eventually([&] { return world.listed("nora").size() == 1 && world.runs_are_over(); })) << world.log();

    std::string const interview = world.interview(world.candidate_id("nora"), true);
    EXPECT_EQ(world.callback("interviews/" + interview + "/export", {{"name", "../notes.pdf"}}), "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 1; })) << world.log();
    json::array const files = world.files(opportunity);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(text(files[0], "/name"), "notes.pdf");
    std::string const in_lever = world.fetched(
        "/lever/v1/opportunities/" + opportunity + "/files/" + text(files[0], "/id") + "/download", lever_key);
    std::string const in_hireguide =
        world.fetched("/hireguide/v1/interviews/" + interview + "/export.pdf", hireguide_token, "application/pdf");
    EXPECT_TRUE(in_lever.starts_with("%PDF-"));
    EXPECT_EQ(in_lever, in_hireguide);
    EXPECT_EQ(text(world.results(interview)[0], "/status"), "done");
    EXPECT_EQ(text(world.results(interview)[0], "/ats_file_id"), text(files[0], "/id"));

    // The same PDF again, this time by its address.
    EXPECT_EQ(world.callback("interviews/" + interview + "/export", {{"name", "../notes.pdf"}, {"by_url", true}}),
              "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 2; })) << world.log();
    EXPECT_EQ(world.results(interview)[1], world.results(interview)[0]);
    EXPECT_EQ(world.files(opportunity).size(), 1U);

    // Another one, of the same name.
    EXPECT_EQ(world.callback("interviews/" + interview + "/export",
                             {{"name", "notes.pdf"}, {"by_url", true}, {"notes", "Second round."}}),
              "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 3; })) << world.log();
    EXPECT_EQ(text(world.results(interview)[2], "/status"), "done");
    EXPECT_EQ(world.files(opportunity).size(), 2U);
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
}

// E.26 E.29
TEST(HireguideScenario, ExportBeforeScoresIsRefusedAndArrivesAfterThem) {
    HireguideWorld world;
    std::string const opportunity = world.applicant("Nora Example");
    world.start();
    EXPECT_EQ(world.callback("sync_now"), "200");
    ASSERT_TRUE(eventually([&] { return world.listed("nora").size() == 1 && world.runs_are_over(); })) << world.log();

    std::string const interview = world.interview(world.candidate_id("nora"), false);
    EXPECT_EQ(world.callback("interviews/" + interview + "/export"), "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 1; })) << world.log();
    EXPECT_EQ(text(world.results(interview)[0], "/status"), "failed");
    EXPECT_THAT(text(world.results(interview)[0], "/message"), HasSubstr("submit scores first"));
    EXPECT_TRUE(world.files(opportunity).empty());

    EXPECT_EQ(world.callback("interviews/" + interview + "/export", {{"fault", "not_pdf"}}), "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 2; }));
    EXPECT_EQ(text(world.results(interview)[1], "/status"), "failed");

    EXPECT_EQ(world.callback("interviews/" + interview + "/scores"), "200");
    EXPECT_EQ(world.callback("interviews/" + interview + "/export"), "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 3; })) << world.log();
    EXPECT_EQ(text(world.results(interview)[2], "/status"), "done");
    EXPECT_EQ(world.files(opportunity).size(), 1U);
}

// E.15 E.16
TEST(HireguideScenario, NothingIsReadOfWhatIsSwitchedOff) {
    HireguideWorld world;
    (void)world.applicant("Nora Example");
    world.edit("connections/hireguide.yaml", "import_applicant_details: true", "import_applicant_details: false");
    world.start();
    EXPECT_EQ(world.callback("sync_now"), "200");
    ASSERT_TRUE(eventually([&] { return text(world.position(), "/name") == "Nurse (Remote)"; })) << world.log();
    ASSERT_TRUE(eventually([&] { return world.runs_are_over(); }));
    EXPECT_TRUE(world.listed().empty());
    EXPECT_EQ(text(world.position(), "/sync/import_applicant_details"), "false");
    EXPECT_TRUE(
        list(world.control("GET", "/requests?vendor=lever&path=/lever/v1/opportunities").value(), "/requests").empty());
}

}  // namespace
}  // namespace crosswalk::scenarios
