// Jobs and requisitions, and new hires, as config/lever-charthop has them: out of ChartHop, or the other way round.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char path_key[] = "5a1d0c77e2b94f3688c2d9f10b6e4a3751f08e2c9d7b46a0835e1c4f92d6b07a";
constexpr char hired_token[] = "scenario-charthop-hired-token-90d1";
constexpr char lever_user[] = "ac92b6db-6e40-4b08-ae7b-236ba24f0a82";
constexpr char app_user[] = "588f7ee98f138b19220041ff";
constexpr char public_jane[] = "6553c1f0a1b2c3d4e5f6a001";
constexpr char engineer[] = "6553c1f0a1b2c3d4e5f60001";
constexpr char executive[] = "6553c1f0a1b2c3d4e5f60002";
constexpr char settings_file[] = "connections/charthop.yaml";
constexpr char reconciliation[] = "charthop-reconciliation";
constexpr char inbound[] = "lever-requisitions-to-charthop";
constexpr std::int64_t first_of_december = 1796083200000;

// The example without its morning runs: what never ran would begin at once, and tests say when.
class CharthopWorld : public World {
public:
    CharthopWorld() : World(std::filesystem::path(CONFIG_ROOT) / "lever-charthop") {
        edit(settings_file, "example-company", "acme-demo");
        edit(settings_file, "000000000000000000000001", app_user);
        edit(settings_file, "run_daily: true", "run_daily: false");
        append(settings_file, "  base_url: " + vendors_url() + "/charthop\nrequests_per_second: 10000\n");
        edit("connections/lever.yaml", "11111111-2222-4333-8444-555555555555", lever_user);
        append("connections/lever.yaml", "  base_url: " + vendors_url() + "/lever/v1\nrequests_per_second: 10000\n");
        edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
        take_secret("crosswalk.yaml", "admin-token");
        take_secret(settings_file, "charthop-path-key", path_key);
        take_secret(settings_file, "charthop-token", "charthop-sandbox-token");
        take_secret("connections/lever.yaml", "lever-api-key", "lever-sandbox-key");
        take_secret("connections/lever.yaml", "lever-hired-token", hired_token);
        (void)control("POST", "/lever/settings", {{"rate_per_s", 0}});
    }

    // Lever is the record instead.
    void reverse() const {
        edit(settings_file, "source_of_truth: charthop", "source_of_truth: remote");
        edit(settings_file, "sync_on_change: true", "sync_on_change: false");
        edit(settings_file, "reverse_sync: false", "reverse_sync: true");
        edit(settings_file, "reconciliation: true", "reconciliation: false");
    }

    // The host runs, and both vendors know where to send.
    void begin() {
        start_host();
        (void)control("POST", "/charthop/webhook",
                      {{"url", hook_url("charthop") + "/" + path_key}, {"tries", 3}, {"retry_gap_ms", 50}});
        (void)control("POST", "/lever/webhooks",
                      {{"event", "candidateHired"}, {"url", hook_url()}, {"signature_token", hired_token}});
    }

    [[nodiscard]] std::string make_job(json::object const& fields) const {
        return text(control("POST", "/charthop/jobs", fields).value(), "/jobId");
    }
    void change_job(std::string const& id, json::object const& fields) const {
        (void)control("POST", "/charthop/jobs/" + id, fields);
    }
    [[nodiscard]] json::array jobs() const { return list(control("GET", "/charthop/jobs").value(), "/jobs"); }
    [[nodiscard]] json::value job(std::string_view field, std::string_view wanted) const {
        return first(jobs(), field, wanted);
    }
    [[nodiscard]] json::array requisitions() const {
        return list(control("GET", "/lever/requisitions").value(), "/requisitions");
    }
    [[nodiscard]] json::value requisition(std::string_view code) const {
        return first(requisitions(), "/requisitionCode", code);
    }
    void make_requisition(json::object const& fields) const { (void)control("POST", "/lever/requisitions", fields); }
    [[nodiscard]] json::array changes() const { return list(control("GET", "/charthop/changes").value(), "/changes"); }
    [[nodiscard]] json::value person(std::string_view name) const {
        return first(list(control("GET", "/charthop/people").value(), "/people"), "/name", name);
    }

    // Every event of ChartHop is received, and what it led to is over.
    [[nodiscard]] bool is_quiet() const {
        json::value const answer = control("GET", "/charthop/deliveries").value();
        for (json::value const& delivery : list(answer, "/deliveries")) {
            std::string const shown = "/charthop/deliveries/" + text(delivery, "/id") + "?wait_ms=20000";
            if (text(control("GET", shown).value(), "/attempts/0/status") != "200") {
                return false;
            }
        }
        return number(conservation(), "/held") == 0;
    }

    // Calls to one vendor that may change something there.
    [[nodiscard]] std::int64_t writes(std::string const& vendor) const {
        std::int64_t sum = 0;
        for (std::string const method : {"POST", "PUT", "PATCH", "DELETE"}) {
            sum += number(control("GET", "/requests?vendor=" + vendor + "&method=" + method).value(), "/matching");
        }
        return sum;
    }
    [[nodiscard]] std::int64_t writes() const { return writes("lever") + writes("charthop"); }

    // What the command says when a run and its deliveries are over.
    [[nodiscard]] std::string run(std::string const& route, bool full = false) const {
        std::vector<std::string> command{"routes", "run", route, "--wait"};
        if (full) {
            command.emplace_back("--full");
        }
        Said const said = crosswalk(command);
        EXPECT_EQ(said.exit, 0) << said.output << said.errors;
        return said.output;
    }

    // Somebody applied for a requisition, has a signed offer and is hired; the opportunity.
    std::string hire_for(std::string const& code, std::string const& name, std::string const& email,
                         json::object const& offer = {{"anticipated_start_date", first_of_december}}) const {
        std::string opportunity = candidate(
            {{"name", name}, {"email", email}, {"phone", "+1 555 0177"}, {"requisition_code", code}, {"offer", offer}});
        hire(opportunity);
        return opportunity;
    }
    // The hire is skipped, and history and the note in Lever say why. No mail: nothing failed.
    void expect_skipped(std::string const& opportunity, std::string const& why) const {
        EXPECT_TRUE(eventually([&] { return has_note(opportunity, why); })) << json::serialize(json::array(events()));
        std::int64_t const newest = number(events().at(0), "/id");
        EXPECT_EQ(delivery_state(newest), "skipped");
        EXPECT_THAT(json::serialize(event(newest)), HasSubstr(why));
    }

private:
    [[nodiscard]] static json::value first(json::array const& rows, std::string_view field, std::string_view wanted) {
        for (json::value const& row : rows) {
            if (text(row, field) == wanted) {
                return row;
            }
        }
        return nullptr;
    }
    void take_secret(std::string const& file, std::string const& name, std::string_view value = {}) const {
        edit(file, "secret:credential/" + name, "secret:file/" + name);
        if (!value.empty()) {
            set_secret(name, value);
        }
    }
};

// C.8 C.14 C.21
TEST(CharthopScenario, AJobMadeOrChangedInChartHopIsInLeverAtOnce) {
    CharthopWorld world;
    world.begin();
    std::string const nurse = world.make_job(
        {{"title", "Nurse"}, {"req", "N-1"}, {"recruit", "ACTIVE"}, {"employment", "PART"}, {"sensitive", "ORG"}});
    ASSERT_TRUE(eventually([&] { return !world.requisition("N-1").is_null(); })) << world.log();
    EXPECT_EQ(text(world.requisition("N-1"), "/name"), "Nurse");
    EXPECT_EQ(text(world.requisition("N-1"), "/status"), "open");
    EXPECT_EQ(text(world.requisition("N-1"), "/employmentStatus"), "part-time");
    EXPECT_EQ(text(world.requisition("N-1"), "/location"), "Remote Location");

    world.change_job(nurse, {{"title", "Head Nurse"}, {"recruit", "PASSIVE"}});
    EXPECT_TRUE(eventually([&] { return text(world.requisition("N-1"), "/name") == "Head Nurse"; }));
    EXPECT_EQ(text(world.requisition("N-1"), "/status"), "onHold");
    world.change_job(engineer, {{"title", "Principal Engineer"}});
    EXPECT_TRUE(eventually([&] { return text(world.requisition("ENG-104"), "/name") == "Principal Engineer"; }));
    EXPECT_EQ(text(world.requisition("ENG-104"), "/location"), "New York") << "it has a location of its own";
    EXPECT_EQ(world.requisitions().size(), 3U) << "with the one that Lever began with";
}

// C.14
TEST(CharthopScenario, AChangeOfAFilledOrClosedJobIsNotSentToLever) {
    CharthopWorld world;
    world.begin();
    std::string const filled = world.make_job({{"title", "Nurse"}, {"req", "N-1"}, {"recruit", "ACTIVE"}});
    std::string const closed = world.make_job({{"title", "Cook"}, {"req", "C-1"}, {"recruit", "ACTIVE"}});
    ASSERT_TRUE(eventually([&] { return world.requisitions().size() == 3; })) << world.log();
    world.change_job(closed, {{"recruit", "CLOSED"}});
    ASSERT_TRUE(eventually([&] { return text(world.requisition("C-1"), "/status") == "closed"; }));
    world.change_job(filled, {{"personId", public_jane}});
    ASSERT_TRUE(eventually([&] { return world.is_quiet(); }));
    std::int64_t const writes = world.writes("lever");

    world.change_job(filled, {{"title", "Head Nurse"}});
    world.change_job(closed, {{"title", "Head Cook"}});
    (void)world.make_job({{"title", "Baker"}, {"req", "B-1"}, {"recruit", "CLOSED"}});
    ASSERT_TRUE(eventually([&] { return world.is_quiet(); }));
    EXPECT_EQ(world.writes("lever"), writes);
    EXPECT_EQ(text(world.requisition("N-1"), "/name"), "Nurse");
    EXPECT_EQ(text(world.requisition("C-1"), "/name"), "Cook");
    EXPECT_TRUE(world.requisition("B-1").is_null());
}

// C.18 C.19 C.23 C.24
TEST(CharthopScenario, ReconciliationOnRequestMakesWhatIsMissingMendsWhatDiffersAndThenWritesNothing) {
    CharthopWorld world;
    world.change_job(executive, {{"req", "AE-1"}});
    world.make_requisition({{"name", "Wrong"}, {"requisitionCode", "ENG-104"}, {"headcountTotal", 3}});
    world.start_host();
    EXPECT_THAT(world.run(reconciliation), HasSubstr("2 created, 1 updated, 0 unchanged, 0 skipped, 0 failed"));
    EXPECT_EQ(text(world.requisition("ENG-104"), "/name"), "Senior Engineer");
    EXPECT_EQ(text(world.requisition("ENG-104"), "/headcountTotal"), "3") << "not ChartHop's to say";
    EXPECT_EQ(text(world.requisition("ENG-104"), "/compensationBand/max"), "165000");
    EXPECT_EQ(text(world.requisition("AE-1"), "/name"), "Account Executive");
    EXPECT_EQ(text(world.requisition("DES-011"), "/status"), "onHold");

    std::int64_t const writes = world.writes();
    EXPECT_THAT(world.run(reconciliation, true), HasSubstr("0 created, 0 updated, 3 unchanged, 0 skipped, 0 failed"));
    EXPECT_EQ(world.writes(), writes);

    (void)world.control("POST", "/lever/requisitions/" + text(world.requisition("DES-011"), "/id"),
                        {{"name", "Changed by hand"}, {"status", "open"}});
    EXPECT_THAT(world.run(reconciliation, true), HasSubstr("0 created, 1 updated, 2 unchanged, 0 skipped, 0 failed"));
    EXPECT_EQ(text(world.requisition("DES-011"), "/name"), "Designer");
    EXPECT_EQ(text(world.requisition("DES-011"), "/status"), "onHold");
    EXPECT_EQ(world.requisitions().size(), 4U);
}

// C.18 C.24: ChartHop may leave the code out; Lever needs one.
TEST(CharthopScenario, AJobWithoutCodeGetsItsRequisitionsCodeOnce) {
    CharthopWorld world;
    world.start_host();
    std::string const code = std::string("CH-") + executive;
    (void)world.run(reconciliation);
    EXPECT_EQ(text(world.requisition(code), "/name"), "Account Executive");
    (void)world.run(reconciliation, true);
    EXPECT_EQ(text(world.job("/jobId", executive), "/req"), code);
    std::int64_t const writes = world.writes();
    EXPECT_THAT(world.run(reconciliation, true), HasSubstr("0 created, 0 updated, 3 unchanged"));
    EXPECT_EQ(world.writes(), writes);
}

// C.8 C.16 C.21 C.23 C.24
TEST(CharthopScenario, WithReverseSyncAnOpenRequisitionBecomesAJobWhenTheInboundFlowRuns) {
    CharthopWorld world;
    world.reverse();
    world.make_requisition({{"name", "Nurse"}, {"requisitionCode", "N-7"}, {"headcountTotal", 1}, {"status", "open"}});
    world.make_requisition({{"name", "Cook"},
                            {"requisitionCode", "C-7"},
                            {"headcountTotal", 1},
                            {"status", "open"},
                            {"location", "New York"}});
    world.make_requisition({{"name", "Past"}, {"requisitionCode", "P-7"}, {"headcountTotal", 1}, {"status", "closed"}});
    world.begin();
    EXPECT_EQ(world.jobs().size(), 3U) << "nothing ran yet";
    EXPECT_THAT(world.run(inbound), HasSubstr("1 skipped, 0 failed"));
    EXPECT_EQ(text(world.job("/req", "N-7"), "/title"), "Nurse");
    EXPECT_EQ(text(world.job("/req", "N-7"), "/recruit"), "ACTIVE");
    EXPECT_EQ(text(world.job("/req", "N-7"), "/location.name"), "Remote Location");
    EXPECT_EQ(text(world.job("/req", "C-7"), "/location.name"), "New York");
    EXPECT_TRUE(world.job("/req", "P-7").is_null());
    EXPECT_TRUE(text(world.job("/jobId", executive), "/location.name").empty()) << "an old record";

    std::int64_t const writes = world.writes();
    EXPECT_THAT(world.run(inbound, true), HasSubstr("0 created, 0 updated"));
    EXPECT_EQ(world.writes(), writes);

    // The other direction is off.
    world.change_job(text(world.job("/req", "N-7"), "/jobId"), {{"title", "Head Nurse"}});
    ASSERT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 0; }));
    EXPECT_NE(world.crosswalk({"routes", "run", reconciliation, "--wait"}).exit, 0);
    EXPECT_EQ(text(world.requisition("N-7"), "/name"), "Nurse");
}

// C.25 C.30 C.33 C.34
TEST(CharthopScenario, ACandidateHiredInLeverIsAPersonAndAHireInChartHop) {
    for (bool const is_remote : {false, true}) {
        SCOPED_TRACE(is_remote ? "remote" : "charthop");
        CharthopWorld world;
        if (is_remote) {
            world.reverse();
        }
        world.append("routes/lever-hires-to-charthop.yaml",
                     "map:\n  /address/street1: { from: /custom/custom_street }\n"
                     "  /address/city: { from: /custom/custom_city }\n"
                     "  /address/country: { from: /custom/custom_country }\n");
        world.begin();
        world.hire_for("ENG-104", "Ada Example", "ada@example.com",
                       {{"anticipated_start_date", first_of_december},
                        {"custom_street", "1 Way"},
                        {"custom_city", "Berlin"},
                        {"custom_country", "DE"}});
        ASSERT_TRUE(eventually([&] { return world.delivery_state(1) == "delivered"; }))
            << json::serialize(world.event(1));
        json::value const person = world.person("Ada Example");
        EXPECT_EQ(text(person, "/contact.homeEmail"), "ada@example.com");
        EXPECT_EQ(text(person, "/contact.mobilePhone"), "+1 555 0177");
        EXPECT_EQ(text(person, "/address/street1"), "1 Way");
        EXPECT_EQ(text(person, "/startDate"), "2026-12-01");
        ASSERT_EQ(world.changes().size(), 1U);
        EXPECT_EQ(text(world.changes()[0], "/type"), "HIRE");
        EXPECT_EQ(text(world.changes()[0], "/date"), "2026-12-01");
        EXPECT_EQ(text(world.changes()[0], "/jobId"), engineer);
        EXPECT_EQ(text(world.changes()[0], "/personId"), text(person, "/id"));
        EXPECT_EQ(text(world.job("/jobId", engineer), "/recruit"), "PENDING");
    }
}

// C.28 C.35
TEST(CharthopScenario, OnlyTheFirstHireOfAJobCountsUntilItIsRemovedInChartHop) {
    CharthopWorld world;
    world.begin();
    world.hire_for("ENG-104", "Ada Example", "ada@example.com");
    ASSERT_TRUE(eventually([&] { return world.changes().size() == 1; })) << json::serialize(world.event(1));
    std::string const second = world.hire_for("ENG-104", "Bea Example", "bea@example.com");
    world.expect_skipped(second, "already has a new hire in ChartHop");
    EXPECT_EQ(world.changes().size(), 1U);
    EXPECT_TRUE(world.person("Bea Example").is_null());

    (void)world.control("DELETE", "/charthop/changes/" + text(world.changes()[0], "/id"));
    world.hire_for("ENG-104", "Cleo Example", "cleo@example.com");
    ASSERT_TRUE(eventually([&] { return world.changes().size() == 1; })) << json::serialize(world.event(3));
    EXPECT_EQ(text(world.changes()[0], "/personId"), text(world.person("Cleo Example"), "/id"));
}

// C.26 C.27 C.29 C.34 C.35
TEST(CharthopScenario, HiresThatChartHopCannotTakeAreSkippedInWords) {
    CharthopWorld world;
    world.begin();
    world.expect_skipped(world.hire_for("ENG-104", "Nora Okafor", "nora.okafor@example.net"),
                         "internal transfers and re-hires are not supported");
    world.expect_skipped(world.hire_for("NONE-1", "Ada Example", "ada@example.com"),
                         "The job of this hire does not exist in ChartHop");
    world.expect_skipped(world.hire_for("ENG-104", "Bea Example", "bea@example.com", json::object()),
                         "The hire has no start date");
    EXPECT_TRUE(world.changes().empty());
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
}

// What section C says of Sync On Change, Reverse Sync and Reconciliation together, with ChartHop and with the remote
// system as source of truth: "ok", or the two options that a refusal names.
struct Line {
    bool sync_on_change;
    bool reverse_sync;
    bool reconciliation;
    char const* charthop;
    char const* remote;
};
constexpr Line lines[] = {
    {false, false, false, "ok", "ok"},
    {true, false, false, "ok", "Sync On Change|'remote'"},
    {false, false, true, "ok", "Reconciliation|'remote'"},
    {true, false, true, "ok", "Sync On Change|'remote'"},
    {false, true, false, "Reverse Sync|'charthop'", "ok"},
    {true, true, false, "Sync On Change|Reverse Sync", "Sync On Change|Reverse Sync"},
    {false, true, true, "Reconciliation|Reverse Sync", "Reconciliation|Reverse Sync"},
    {true, true, true, "Sync On Change|Reverse Sync", "Sync On Change|Reverse Sync"},
};

void expect_both_named(std::string const& words, std::string const& names) {
    std::size_t const bar = names.find('|');
    EXPECT_THAT(words, AllOf(HasSubstr(names.substr(0, bar)), HasSubstr(names.substr(bar + 1))));
}

// C.7 C.8 C.15 C.17 C.20 C.22
TEST(CharthopScenario, TheApiJudgesEachOfThe64CombinationsAsTheTableDoes) {
    CharthopWorld world;
    world.start_host();
    for (unsigned bits = 0; bits < 64; ++bits) {
        Line const& line = lines[bits % 8];
        bool const is_remote = (bits & 32U) != 0;
        json::object const switches{{"source_of_truth", is_remote ? "remote" : "charthop"},
                                    {"run_daily", (bits & 8U) != 0},
                                    {"sync_on_change", line.sync_on_change},
                                    {"reverse_sync", line.reverse_sync},
                                    {"reconciliation", line.reconciliation},
                                    {"remote_location_as_default", (bits & 16U) != 0}};
        SCOPED_TRACE(json::serialize(switches));
        json::object const settings{
            {"org", "acme-demo"}, {"api_token", "secret:file/charthop-token"}, {"requisitions", switches}};
        Answer const answer = world.admin("POST", "/api/v1/connections/charthop/settings/check",
                                          json::serialize(json::object{{"settings", settings}}));
        std::string const expected = is_remote ? line.remote : line.charthop;
        EXPECT_EQ(answer.status, expected == "ok" ? 200 : 422) << answer.body;
        if (expected != "ok") {
            expect_both_named(answer.body, expected);
        }
    }
}

// C.15 C.17 C.20 C.22
TEST(CharthopScenario, ValidateRefusesOptionsThatContradictEachOtherAndNamesBoth) {
    struct Change {
        std::vector<std::pair<char const*, char const*>> edits;
        char const* names;
    };
    Change const changes[] = {
        {{}, "ok"},
        {{{"reverse_sync: false", "reverse_sync: true"}}, "Sync On Change|Reverse Sync"},
        {{{"reverse_sync: false", "reverse_sync: true"}, {"sync_on_change: true", "sync_on_change: false"}},
         "Reconciliation|Reverse Sync"},
        {{{"reverse_sync: false", "reverse_sync: true"},
          {"sync_on_change: true", "sync_on_change: false"},
          {"reconciliation: true", "reconciliation: false"}},
         "Reverse Sync|'charthop'"},
        {{{"source_of_truth: charthop", "source_of_truth: remote"}}, "Sync On Change|'remote'"},
    };
    CharthopWorld world;
    std::string const untouched = world.read(settings_file);
    for (auto const& [edits, names] : changes) {
        SCOPED_TRACE(names);
        world.write(settings_file, untouched);
        for (auto const& [from, to] : edits) {
            world.edit(settings_file, from, to);
        }
        Said const said = world.crosswalk({"validate"});
        EXPECT_EQ(said.exit == 0, std::string(names) == "ok") << said.output << said.errors;
        if (std::string(names) != "ok") {
            expect_both_named(said.output + said.errors, names);
        }
    }
    world.write(settings_file, untouched);
    world.reverse();
    EXPECT_EQ(world.crosswalk({"validate"}).exit, 0);
}

}  // namespace
}  // namespace crosswalk::scenarios
