// The interview story, as config/lever-hireguide has it: a job and its applicants go to Hireguide, a PDF comes back.
#include "scenarios/world.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr char callback_secret[] = "scenario-hireguide-secret-81f2";
constexpr char lever_user[] = "ac92b6db-6e40-4b08-ae7b-236ba24f0a82";
constexpr char lever_key[] = "Basic bGV2ZXItc2FuZGJveC1rZXk6";
constexpr char hireguide_token[] = "Bearer hireguide-sandbox-token";

// The example with a posting of the sandbox as the job, and a position that is still to be made.
class HireguideWorld : public World {
public:
    HireguideWorld() : World(HIREGUIDE_CONFIG) {
        Answer const made =
            control("POST", "/lever/postings", {{"text", "Nurse (Remote)"}, {"categories", {{"department", "Care"}}}});
        posting_ = text(made.value(), "/posting_id");
        std::string const example_posting = "730e37db-93d3-4acf-b9de-7cfc397cef1d";
        for (char const* file :
             {"connections/hireguide.yaml", "routes/support-candidates.yaml", "routes/support-job.yaml"}) {
            edit(file, example_posting, posting_);
        }
        edit("connections/lever.yaml", "11111111-2222-4333-8444-555555555555", lever_user);
        append("connections/lever.yaml", "  base_url: " + vendors_url() + "/lever/v1\n");
        edit("connections/hireguide.yaml", "https://api.example.com", vendors_url() + "/hireguide");
        edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
        take_secret("crosswalk.yaml", "admin-token");
        take_secret("connections/lever.yaml", "lever-api-key", "lever-sandbox-key");
        take_secret("connections/hireguide.yaml", "hireguide-api-token", "hireguide-sandbox-token");
        take_secret("connections/hireguide.yaml", "hireguide-webhook-secret", callback_secret);
        append("connections/lever.yaml", "requests_per_second: 10000\n");
        append("connections/hireguide.yaml", "requests_per_second: 10000\n");
        (void)control("POST", "/lever/settings", {{"rate_per_s", 0}});
    }

    void start() {
        start_host();
        (void)control("POST", "/hireguide/callback",
                      {{"url", hook_url("hireguide")}, {"secret", callback_secret}, {"retry_gap_ms", 50}});
    }

    [[nodiscard]] std::string applicant(std::string const& name) const {
        return candidate({{"name", name}, {"email", "applicant@example.com"}, {"posting", posting_}});
    }

    // What the host answered to the callback: "200".
    std::string callback(std::string const& path, json::object const& body = {}) const {
        std::string const delivery = text(control("POST", "/hireguide/" + path, body).value(), "/delivery");
        json::value const shown = control("GET", "/hireguide/deliveries/" + delivery + "?wait_ms=20000").value();
        return text(shown, "/attempts/0/status");
    }

    // No run is under way and nothing that one brought waits.
    [[nodiscard]] bool runs_are_over() const {
        for (std::string const route : {"support-candidates", "support-job"}) {
            for (json::value const& run : list(admin("GET", "/api/v1/routes/" + route + "/runs").value(), "/runs")) {
                std::string const state = text(run, "/state");
                if (state == "queued" || state == "running" || number(run, "/counts/waiting") > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    // Names as Hireguide's search shows them.
    [[nodiscard]] std::vector<std::string> listed(std::string const& part = "") const {
        std::vector<std::string> names;
        Answer const answer = control("GET", "/hireguide/candidates?query=" + part);
        for (json::value const& one : list(answer.value(), "/candidates")) {
            names.push_back(text(one, "/display_name"));
        }
        return names;
    }
    [[nodiscard]] std::string candidate_id(std::string const& part) const {
        return text(control("GET", "/hireguide/candidates?query=" + part).value(), "/candidates/0/id");
    }
    // The position that stands for the job.
    [[nodiscard]] json::value position() const {
        Answer const answer = control("GET", "/hireguide/positions");
        for (json::value const& one : list(answer.value(), "/positions")) {
            if (text(one, "/ats_job/external_id") == "lever:posting:" + posting_) {
                return one;
            }
        }
        return nullptr;
    }

    [[nodiscard]] std::string interview(std::string const& candidate, bool scored) const {
        return text(
            control("POST", "/hireguide/interviews", {{"candidate", candidate}, {"scores_submitted", scored}}).value(),
            "/id");
    }
    // What Hireguide was told of the interview's exports.
    [[nodiscard]] json::array results(std::string const& interview) const {
        return list(control("GET", "/hireguide/interviews/" + interview).value(), "/results");
    }
    [[nodiscard]] json::array files(std::string const& opportunity) const {
        return list(control("GET", "/lever/files?opportunity=" + opportunity).value(), "/files");
    }
    // A body as a vendor's customer gets it.
    [[nodiscard]] std::string fetched(std::string const& path, char const* authorization,
                                      char const* accept = "application/json") const {
        Poco::URI const url(vendors_url() + path);
        Poco::Net::HTTPClientSession session(url.getHost(), url.getPort());
        Poco::Net::HTTPRequest request("GET", url.getPathAndQuery(), "HTTP/1.1");
        request.set("Authorization", authorization);
        request.set("Accept", accept);
        session.sendRequest(request);
        Poco::Net::HTTPResponse response;
        std::string body;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
        return response.getStatus() == 200 ? body : std::string();
    }

private:
    void take_secret(std::string const& file, std::string const& name, std::string_view value = {}) const {
        edit(file, "secret:credential/" + name, "secret:file/" + name);
        if (!value.empty()) {
            set_secret(name, value);
        }
    }

    std::string posting_;
};

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
