// Routes that no vendor offers: Greenhouse with partners that were made for Lever, by configuration alone, as
// config/greenhouse-to-charthop, config/greenhouse-to-hrlogics and config/greenhouse-hireguide have them.
#include "scenarios/world.hpp"

#include <Poco/DigestEngine.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/SHA2Engine.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr char webhook_key[] = "scenario-any-greenhouse-key-2c41";
constexpr char callback_secret[] = "scenario-any-hireguide-secret-63f0";
constexpr char engineer[] = "6553c1f0a1b2c3d4e5f60001";  // ChartHop's job of the code ENG-104

std::string sha256_of(std::string const& bytes) {
    Poco::SHA2Engine engine;
    engine.update(bytes);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

// One of the examples, with the sandbox's addresses and credentials for the vendors' own.
class AnyWorld : public World {
public:
    explicit AnyWorld(std::string const& example) : World(std::filesystem::path(CONFIG_ROOT) / example) {
        std::string const greenhouse = "connections/greenhouse.yaml";
        edit(greenhouse, "example-client-id", "greenhouse-sandbox.client");
        edit(greenhouse, "1000001", "92120");
        append(greenhouse,
               "  base_url: " + vendors_url() + "/greenhouse\n  token_url: " + vendors_url() + "/greenhouse/token\n");
        take_secret(greenhouse, "greenhouse-client-secret", "greenhouse-sandbox-secret");
        take_secret("crosswalk.yaml", "admin-token");
        edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
        (void)control("POST", "/greenhouse/settings", {{"v3_limit", 0}});
    }

    // For routes that hear of things by webhook and write notes.
    void expect_webhook() const {
        take_secret("connections/greenhouse.yaml", "greenhouse-webhook-key", webhook_key);
        edit("connections/greenhouse.yaml", "people-ops@example.com", "gh.admin@example.com");
    }
    void add_webhook(std::string const& event) const {
        json::value const made =
            control("POST", "/greenhouse/webhooks",
                    {{"event", event}, {"url", hook_url("greenhouse")}, {"secret_key", webhook_key}, {"ping", true}})
                .value();
        EXPECT_EQ(text(made, "/active"), "true") << json::serialize(made);
    }

    void take_secret(std::string const& file, std::string const& name, std::string_view value = {}) const {
        edit(file, "secret:credential/" + name, "secret:file/" + name);
        if (!value.empty()) {
            set_secret(name, value);
        }
    }

    // Makes a candidate with an application in Greenhouse; what was made, with its ids.
    [[nodiscard]] json::value apply(json::object const& fields) const {
        return control("POST", "/greenhouse/candidates", fields).value();
    }
    [[nodiscard]] json::array held(std::string const& path, std::string const& name) const {
        return list(control("GET", path).value(), "/" + name);
    }
};

// ---- hires into ChartHop

class GreenhouseToCharthop : public AnyWorld {
public:
    GreenhouseToCharthop() : AnyWorld("greenhouse-to-charthop") {
        expect_webhook();
        edit("connections/charthop.yaml", "example-company", "acme-demo");
        append("connections/charthop.yaml", "  base_url: " + vendors_url() + "/charthop\n");
        take_secret("connections/charthop.yaml", "charthop-token", "charthop-sandbox-token");
    }
    [[nodiscard]] json::value person(std::string const& id) const {
        for (json::value const& one : held("/charthop/people", "people")) {
            if (text(one, "/id") == id) {
                return one;
            }
        }
        return nullptr;
    }
    // Somebody is hired for Greenhouse's job of this requisition ID; the candidate's id.
    std::string hire_for(std::string const& requisition, std::string const& first_name) const {
        std::string candidate = text(apply({{"first_name", first_name},
                                            {"last_name", "Example"},
                                            {"email", first_name + "@example.com"},
                                            {"phone", "+1 555 0177"},
                                            {"job", {{"name", "Engineer"}, {"requisition_id", requisition}}},
                                            {"offer", {{"starts_on", "2026-12-07"}}}}),
                                     "/candidate_id");
        (void)control("POST", "/greenhouse/candidates/" + candidate + "/hire");
        return candidate;
    }
};

TEST(AnyToAny, AHireInGreenhouseIsANewHireInChartHop) {
    GreenhouseToCharthop world;
    world.start_host();
    world.add_webhook("hire_candidate");
    (void)world.hire_for("ENG-104", "Ada");
    ASSERT_TRUE(eventually([&] { return world.delivery_state(1) == "delivered"; }))
        << json::serialize(world.event(1)) << world.log();
    json::array const changes = world.held("/charthop/changes", "changes");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(text(changes[0], "/jobId"), engineer);
    EXPECT_EQ(text(changes[0], "/date"), "2026-12-07");
    EXPECT_THAT(text(changes[0], "/note"), HasSubstr("Greenhouse"));
    EXPECT_EQ(text(world.person(text(changes[0], "/personId")), "/name"), "Ada Example");
    EXPECT_EQ(text(world.person(text(changes[0], "/personId")), "/contact.homeEmail"), "Ada@example.com");
    EXPECT_EQ(text(world.person(text(changes[0], "/personId")), "/contact.mobilePhone"), "+1 555 0177");

    // ChartHop's own rule, in Greenhouse's activity feed.
    std::string const second = world.hire_for("ENG-104", "Bea");
    auto const feed = [&] { return json::serialize(world.held("/greenhouse/notes?candidate=" + second, "notes")); };
    EXPECT_TRUE(eventually([&] { return feed().find("already has a new hire in ChartHop") != std::string::npos; }))
        << feed();
    EXPECT_EQ(world.held("/charthop/changes", "changes").size(), 1U);
}

TEST(AnyToAny, AHireGoesByTheOpeningWhereTheRouteSaysSo) {
    GreenhouseToCharthop world;
    world.append("routes/greenhouse-hires-to-charthop.yaml",
                 "map:\n  requisition_code: { from: [/custom/opening_id, /requisition_code] }\n");
    world.start_host();
    world.add_webhook("hire_candidate");
    std::string const candidate = text(world.apply({{"first_name", "Ada"},
                                                    {"last_name", "Example"},
                                                    {"email", "ada@example.com"},
                                                    {"job", {{"name", "Engineer"}, {"opening_id", "ENG-104"}}},
                                                    {"offer", {{"starts_on", "2026-12-07"}}}}),
                                       "/candidate_id");
    (void)world.control("POST", "/greenhouse/candidates/" + candidate + "/hire");
    ASSERT_TRUE(eventually([&] { return world.delivery_state(1) == "delivered"; }))
        << json::serialize(world.event(1)) << world.log();
    EXPECT_EQ(text(world.held("/charthop/changes", "changes").at(0), "/jobId"), engineer);
}

// ---- applications into HRLogics

TEST(AnyToAny, ANewApplicationInGreenhouseIsAnApplicantInHrlogics) {
    AnyWorld world("greenhouse-to-hrlogics");
    world.expect_webhook();
    world.edit("connections/hrlogics.yaml", "https://api.example.com", world.vendors_url() + "/hrlogics");
    world.take_secret("connections/hrlogics.yaml", "hrlogics-api-token", "hrlogics-sandbox-token");
    world.start_host();
    world.add_webhook("new_candidate_application");
    json::value const made = world.apply({{"first_name", "Wanda"},
                                          {"last_name", "Example"},
                                          {"email", "wanda@example.com"},
                                          {"job", {{"name", "Nurse"}}}});
    ASSERT_TRUE(eventually([&] { return world.delivery_state(1) == "delivered"; }))
        << json::serialize(world.event(1)) << world.log();
    json::array const applicants = world.held("/hrlogics/applicants", "applicants");
    ASSERT_EQ(applicants.size(), 1U);
    EXPECT_EQ(text(applicants[0], "/first_name"), "Wanda");
    EXPECT_EQ(text(applicants[0], "/email"), "wanda@example.com");
    EXPECT_EQ(text(applicants[0], "/external_id"), "greenhouse:app:" + text(made, "/application_id"));
    EXPECT_EQ(text(applicants[0], "/survey_status"), "sent");

    std::string const silent = text(world.apply({{"first_name", "Nomail"}, {"last_name", "Example"}}), "/candidate_id");
    EXPECT_TRUE(eventually([&] { return world.delivery_state(2) == "skipped"; })) << json::serialize(world.event(2));
    EXPECT_TRUE(eventually([&] { return !world.held("/greenhouse/notes?candidate=" + silent, "notes").empty(); }));
    EXPECT_EQ(world.held("/hrlogics/applicants", "applicants").size(), 1U);
}

// ---- applications into Hireguide, interviews back

class GreenhouseHireguide : public AnyWorld {
public:
    GreenhouseHireguide() : AnyWorld("greenhouse-hireguide") {
        job_ = text(control("POST", "/greenhouse/jobs", {{"name", "Nurse"}, {"department_id", 7}}).value(), "/id");
        for (char const* file :
             {"connections/hireguide.yaml", "routes/support-candidates.yaml", "routes/support-job.yaml"}) {
            edit(file, "4000001", job_);
        }
        edit("connections/hireguide.yaml", "https://api.example.com", vendors_url() + "/hireguide");
        take_secret("connections/hireguide.yaml", "hireguide-api-token", "hireguide-sandbox-token");
        take_secret("connections/hireguide.yaml", "hireguide-webhook-secret", callback_secret);
    }

    void start() {
        start_host();
        (void)control("POST", "/hireguide/callback",
                      {{"url", hook_url("hireguide")}, {"secret", callback_secret}, {"retry_gap_ms", 50}});
    }

    // Somebody applies for the job; the candidate's id in Greenhouse.
    [[nodiscard]] std::string applicant(std::string const& first_name) const {
        return text(apply({{"first_name", first_name},
                           {"last_name", "Example"},
                           {"email", first_name + "@example.com"},
                           {"job", std::stoll(job_)}}),
                    "/candidate_id");
    }
    // Sync Now, until whoever it brings is there; the candidate's id in Hireguide.
    [[nodiscard]] std::string synced(std::string const& first_name) const {
        (void)control("POST", "/hireguide/sync_now");
        json::array found;
        EXPECT_TRUE(eventually([&] {
            found = held("/hireguide/candidates?query=" + first_name, "candidates");
            return found.size() == 1 && runs_are_over();
        })) << log();
        return found.empty() ? std::string() : text(found[0], "/id");
    }
    [[nodiscard]] std::string position() const {
        for (json::value const& one : held("/hireguide/positions", "positions")) {
            if (text(one, "/ats_job/external_id") == "greenhouse:job:" + job_) {
                return text(one, "/name");
            }
        }
        return {};
    }
    // Files of a candidate and its applications in Greenhouse.
    [[nodiscard]] json::array attachments(std::string const& candidate) const {
        return held("/greenhouse/candidates/" + candidate, "attachments");
    }
    // What a link of Greenhouse's leads to.
    [[nodiscard]] static std::string fetched(std::string const& link) {
        Poco::URI const url(link);
        Poco::Net::HTTPClientSession session(url.getHost(), url.getPort());
        Poco::Net::HTTPRequest request("GET", url.getPathAndQuery(), "HTTP/1.1");
        session.sendRequest(request);
        Poco::Net::HTTPResponse response;
        std::string body;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
        return response.getStatus() == 200 ? body : std::string();
    }

private:
    [[nodiscard]] bool runs_are_over() const {
        for (std::string const route : {"support-candidates", "support-job"}) {
            for (json::value const& run : list(admin("GET", "/api/v1/routes/" + route + "/runs").value(), "/runs")) {
                if (text(run, "/state") != "done" || number(run, "/counts/waiting") > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    std::string job_;
};

TEST(AnyToAny, ApplicationsOfAGreenhouseJobAreHireguidesCandidatesAndItsInterviewsComeBackAsFiles) {
    GreenhouseHireguide world;
    std::string const nora = world.applicant("Nora");
    (void)world.apply({{"first_name", "Other"}, {"last_name", "Example"}, {"email", "other@example.com"}});
    world.start();
    std::string const candidate = world.synced("Nora");
    EXPECT_EQ(world.position(), "Nurse");
    EXPECT_TRUE(world.held("/hireguide/candidates?query=Other", "candidates").empty()) << "another job";

    std::string const interview = text(
        world.control("POST", "/hireguide/interviews", {{"candidate", candidate}, {"scores_submitted", true}}).value(),
        "/id");
    auto const shown = [&] { return world.control("GET", "/hireguide/interviews/" + interview).value(); };
    for (std::size_t times = 1; times <= 2; ++times) {
        (void)world.control("POST", "/hireguide/interviews/" + interview + "/export", {{"name", "interview.pdf"}});
        ASSERT_TRUE(eventually([&] { return list(shown(), "/results").size() == times; })) << world.log();
        EXPECT_EQ(text(shown(), "/results/" + std::to_string(times - 1) + "/status"), "done");
    }
    json::array const files = world.attachments(nora);
    ASSERT_EQ(files.size(), 1U) << "the same PDF twice";
    EXPECT_EQ(text(files[0], "/filename"), "interview.pdf");
    std::string const pdf = world.fetched(text(files[0], "/url"));
    EXPECT_TRUE(pdf.starts_with("%PDF-"));
    EXPECT_EQ(sha256_of(pdf), text(shown(), "/sha256")) << json::serialize(shown());
    EXPECT_EQ(text(shown(), "/results/0/ats_file_id"), text(files[0], "/id"));
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
}

}  // namespace
}  // namespace crosswalk::scenarios
