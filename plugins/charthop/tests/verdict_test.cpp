#include "verdict.hpp"

#include "fixture.hpp"
#include "settings.hpp"

namespace crosswalk::charthop {
namespace {

// Section C's rules, written down one combination after the other: Sync On Change, Reverse Sync, Reconciliation, then
// what is said with ChartHop and with the remote system as source of truth. "ok" is allowed; else the two options that
// the refusal has to name. Run Daily and Remote Location As Default conflict with nothing.
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

CallResult init(json::object const& requisitions) {
    FakeHost host(settings(requisitions), "charthop-main");
    host.secret("/api_token", "token");
    return host.try_init(cw_connector_entry_v0, "charthop");
}

class Combinations : public testing::TestWithParam<int> {};

// C.8, C.11, C.12, C.13, C.15, C.17, C.20, C.22
TEST_P(Combinations, GetTheVerdictOfTheTable) {
    int const bits = GetParam();
    Line const& line = lines[bits % 8];
    bool const run_daily = (bits & 8) != 0;
    bool const remote_location = (bits & 16) != 0;
    bool const remote = (bits & 32) != 0;
    CallResult const said = init({{"source_of_truth", remote ? "remote" : "charthop"},
                                  {"sync_on_change", line.sync_on_change},
                                  {"reverse_sync", line.reverse_sync},
                                  {"reconciliation", line.reconciliation},
                                  {"run_daily", run_daily},
                                  {"remote_location_as_default", remote_location}});
    std::string const expected = remote ? line.remote : line.charthop;
    if (expected == "ok") {
        EXPECT_EQ(said.status, CW_OK) << said.message;
        return;
    }
    EXPECT_EQ(said.status, CW_ERR_CONFIG);
    std::size_t const bar = expected.find('|');
    EXPECT_THAT(said.message, testing::HasSubstr(expected.substr(0, bar)));
    EXPECT_THAT(said.message, testing::HasSubstr(expected.substr(bar + 1)));
}
INSTANTIATE_TEST_SUITE_P(Switches, Combinations, testing::Range(0, 64));

TEST(Verdict, AllowsReconciliationAgainstTheDirectionWithAWarningWhenStrictDirectionIsOff) {  // C.22
    CallResult const said = init({{"source_of_truth", "remote"},
                                  {"sync_on_change", false},
                                  {"reconciliation", true},
                                  {"strict_direction", false}});
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_TRUE(said.warned("/requisitions/reconciliation", "overwrites"));
}

TEST(Verdict, LetsStrictDirectionOffExcuseNothingElse) {  // C.15, C.17
    EXPECT_FALSE(
        judge({.source_of_truth = Source::remote, .sync_on_change = true, .strict_direction = false}).refusal.empty());
    EXPECT_FALSE(judge({.source_of_truth = Source::remote,
                        .reverse_sync = true,
                        .reconciliation = true,
                        .strict_direction = false})
                     .refusal.empty());
    EXPECT_FALSE(judge({.reverse_sync = true, .strict_direction = false}).refusal.empty());
}

TEST(Settings, NeedsExactlyOneSourceOfTruth) {  // C.7
    EXPECT_EQ(init({{"source_of_truth", "both"}}).status, CW_ERR_CONFIG);
    EXPECT_EQ(init({{"source_of_truth", nullptr}}).status, CW_ERR_CONFIG);
}

struct Wrong {
    char const* setting;
    char const* value;
};
class WrongSettings : public testing::TestWithParam<Wrong> {};

TEST_P(WrongSettings, AreRefusedByName) {
    FakeHost host(settings({}, {{std::string(GetParam().setting), json::parse(GetParam().value)}}), "charthop-main");
    CallResult const said = host.try_init(cw_connector_entry_v0, "charthop");
    EXPECT_EQ(said.status, CW_ERR_CONFIG);
    EXPECT_THAT(said.message, testing::HasSubstr(std::string("/") + GetParam().setting));
}
INSTANTIATE_TEST_SUITE_P(Settings, WrongSettings,
                         testing::Values(Wrong{"org", "null"}, Wrong{"api_token", "null"},
                                         Wrong{"base_url", "\"http://charthop.example.com\""},
                                         Wrong{"base_url", "\"https://charthop.example.com/?x=1\""},
                                         Wrong{"create_groups", "\"yes\""}, Wrong{"group_values", "\"slug\""},
                                         Wrong{"page_size", "0"}, Wrong{"page_size", "1001"},
                                         Wrong{"custom_fields", "[1]"},
                                         Wrong{"fields", R"({"job": {"titel": "title"}})"},
                                         Wrong{"metrics", R"({"hired": 1})"}, Wrong{"queries", R"({"open_jobs": 1})"}));

TEST(Settings, EscapesQuotesInsideAFilter) {
    json::value const given = json::parse(settings());
    EXPECT_EQ(Settings::load(given).query("job_by_code", R"(A"\{value})"), R"(req:"A\"\\{value}")");
}

}  // namespace
}  // namespace crosswalk::charthop
