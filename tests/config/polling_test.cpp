// Routes that ask for their events: schedule, selection, signals and switches.
#include "folder.hpp"

#include <gmock/gmock.h>

namespace crosswalk::config {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view to_and_rest = "to: { connection: goco, action: update }\n";

std::vector<ConnectorFacts> facts() {
    ConnectorFacts lever;
    lever.id = "lever";
    lever.settings_schema = R"({"type":"object","properties":{
        "run_daily":{"type":"boolean"},"on_change":{"type":"boolean","default":true},
        "jobs":{"type":"object","properties":{"reverse":{"type":"boolean"},"limit":{"type":"integer"}}},
        "positions":{"type":"object","additionalProperties":{"type":"object","properties":{
            "applicants":{"type":"boolean","default":true},"role":{"type":"string"}}}}}})";
    lever.triggers = {{"candidate.hired", "lever.opportunity/1", "crosswalk.hire/1"},
                      {"posting.changed", "lever.posting/1", "crosswalk.posting/1", true, false,
                       R"({"type":"object","additionalProperties":false,"properties":{"posting":{"type":"string"},
             "open":{"type":"boolean"}}})"},
                      {"requisition.listed", "lever.requisition/1", "crosswalk.posting/1", true},
                      {"sync.requested", "", "", false, true}};
    ConnectorFacts goco;
    goco.id = "goco";
    goco.actions = {{"create_employee", "crosswalk.hire/1", "goco.employee/1"},
                    {"update", "crosswalk.posting/1", "goco.job/1"}};
    return {lever, goco};
}

void write_route(Folder const& folder, std::string_view from, std::string_view rest) {
    folder.write("connections/lever.yaml",
                 "connection: lever\nconnector: lever\nsettings:\n  run_daily: true\n  jobs: { reverse: false }\n"
                 "  positions: { nurse: { applicants: false }, cook: {} }\n");
    folder.write("connections/goco.yaml", "connection: goco\nconnector: goco\n");
    folder.write("routes/hires.yaml", "route: hires\nfrom: { connection: lever, " + std::string(from) + " }\n" +
                                          std::string(to_and_rest) + std::string(rest));
}

std::vector<std::string> two_zones() {
    return {"Europe/Berlin", "America/New_York"};
}

// What reading alone says, or else what the check says.
std::vector<std::string> problems_of(std::string_view from, std::string_view rest = "") {
    Folder const folder;
    write_route(folder, from, rest);
    Loaded const loaded = load(folder.path());
    return Folder::in_words(loaded.config ? check(*loaded.config, facts(), two_zones) : loaded.problems);
}

model::Route route_of(std::string_view from, std::string_view rest = "") {
    Folder const folder;
    write_route(folder, from, rest);
    Loaded loaded = load(folder.path());
    EXPECT_THAT(Folder::in_words(loaded.problems), IsEmpty());
    if (!loaded.config) {
        return {};
    }
    EXPECT_THAT(Folder::in_words(check(*loaded.config, facts(), two_zones)), IsEmpty());
    apply_schema_types(*loaded.config, facts());
    return loaded.config->routes.at("hires").route;
}

TEST(PollingRoute, AsksForZonesOnlyIfAScheduleNamesOne) {
    auto const asked = [](std::string_view from) {
        Folder const folder;
        write_route(folder, from, "");
        Loaded const loaded = load(folder.path());
        int times = 0;
        (void)check(*loaded.config, facts(), [&times] {
            ++times;
            return two_zones();
        });
        return times;
    };
    EXPECT_EQ(asked("event: requisition.listed, schedule: { every: 1h }"), 0);
    EXPECT_EQ(asked("event: requisition.listed, schedule: { daily: \"06:30\", zone: Europe/Berlin }"), 1);
}

TEST(PollingRoute, ReadsAnInterval) {  // E.31 E.32
    auto const route = route_of("event: posting.changed, schedule: { every: 2h }, full_every: 24h");
    ASSERT_TRUE(route.schedule);
    EXPECT_EQ(route.schedule->every, std::chrono::hours(2));
    EXPECT_EQ(route.full_every, std::chrono::hours(24));
}

TEST(PollingRoute, ReadsATimeOfDayWithItsZone) {  // C.11
    auto const route = route_of("event: requisition.listed, schedule: { daily: \"06:30\", zone: Europe/Berlin }");
    ASSERT_TRUE(route.schedule);
    EXPECT_EQ(route.schedule->every, milliseconds(0));
    EXPECT_EQ(route.schedule->daily_at, std::chrono::minutes(390));
    EXPECT_EQ(route.schedule->zone, "Europe/Berlin");
}

TEST(PollingRoute, RunsOnRequestOnlyWithoutASchedule) {
    EXPECT_FALSE(route_of("event: posting.changed").schedule);
}

TEST(PollingRoute, WritesItsSelectionInOneOrderWithTheTypesOfTheSchema) {
    EXPECT_EQ(route_of("event: posting.changed, select: { posting: 12, open: true }").select,
              R"({"open":true,"posting":"12"})");
    EXPECT_EQ(route_of("event: posting.changed").select, "{}");
}

TEST(PollingRoute, ReadsOneSignalOrSeveral) {  // E.18
    auto const one = route_of("event: posting.changed, run_on: { connection: lever, event: sync.requested }");
    EXPECT_THAT(one.run_on, ElementsAre(model::Signal{"lever", "sync.requested"}));
    auto const list = route_of("event: posting.changed, run_on: [{ connection: lever, event: sync.requested }]");
    EXPECT_EQ(list.run_on, one.run_on);
}

TEST(PollingRoute, RefusesAPeriodBelowAMinute) {
    EXPECT_THAT(
        problems_of("event: posting.changed, schedule: { every: 59s }"),
        ElementsAre(
            "routes/hires.yaml:2:71: 'every' must be a time such as 500ms, 30s, 5m, 2h or 7d, at least 60000ms"));
}

TEST(PollingRoute, WantsEitherAnIntervalOrATimeOfDay) {
    std::string const said =
        "routes/hires.yaml:2:52: a schedule is either 'every' (30m) or 'daily' (\"06:00\") with 'zone'";
    EXPECT_THAT(problems_of("event: posting.changed, schedule: { when: { connection: lever, setting: /run_daily } }"),
                ElementsAre(said));
    EXPECT_THAT(problems_of("event: posting.changed, schedule: { every: 1h, daily: \"06:00\", zone: Europe/Berlin }"),
                ElementsAre(said));
}

TEST(PollingRoute, RefusesATimeOfDayThatIsNone) {
    for (std::string const text : {"24:00", "6", "06:60", "6:5", "-6:00", "06:00:00"}) {
        EXPECT_THAT(problems_of("event: posting.changed, schedule: { daily: \"" + text + "\", zone: Europe/Berlin }"),
                    ElementsAre("routes/hires.yaml:2:71: 'daily' must be a time of day such as \"06:00\""))
            << text;
    }
}

TEST(PollingRoute, WantsTheZoneOfATimeOfDay) {
    EXPECT_THAT(problems_of("event: posting.changed, schedule: { daily: \"06:00\" }"),
                ElementsAre("routes/hires.yaml:2:52: the key 'zone' is missing"));
    EXPECT_THAT(problems_of("event: posting.changed, schedule: { every: 1h, zone: Europe/Berlin }"),
                ElementsAre("routes/hires.yaml:2:81: 'zone' belongs to 'daily'; remove it"));
}

TEST(PollingRoute, NamesTheNearestZone) {
    EXPECT_THAT(
        problems_of("event: posting.changed, schedule: { daily: \"06:00\", zone: Europe/Belrin }"),
        ElementsAre("routes/hires.yaml:2:80: unknown time zone 'Europe/Belrin'; did you mean 'Europe/Berlin'?"));
}

TEST(PollingRoute, RefusesAScheduleForAnEventThatTheVendorSends) {
    EXPECT_THAT(problems_of("event: candidate.hired, schedule: { every: 1h }, select: { posting: a }"),
                ElementsAre("routes/hires.yaml:2:52: 'schedule' needs an event that is asked for, and "
                            "'candidate.hired' is sent by the vendor; remove the key",
                            "routes/hires.yaml:2:77: 'select' needs an event that is asked for, and "
                            "'candidate.hired' is sent by the vendor; remove the key",
                            testing::HasSubstr("choose an action")));
}

TEST(PollingRoute, ChecksTheSelectionAgainstTheEvent) {
    EXPECT_THAT(problems_of("event: posting.changed, select: { postin: a }"),
                ElementsAre("routes/hires.yaml:2:62: unknown key 'postin'; did you mean 'posting'?"));
    EXPECT_THAT(problems_of("event: posting.changed, select: { open: maybe }"),
                ElementsAre("routes/hires.yaml:2:62: 'open' must be true or false (without quotes)"));
    EXPECT_THAT(problems_of("event: requisition.listed, select: { posting: a }"),
                ElementsAre("routes/hires.yaml:2:55: the event 'requisition.listed' takes no selection; remove the "
                            "key"));
}

TEST(PollingRoute, RefusesASignalAsItsEvent) {
    EXPECT_THAT(problems_of("event: sync.requested"),
                ElementsAre("routes/hires.yaml:2:28: 'sync.requested' is a signal: it carries no record and only "
                            "starts runs; name it under 'run_on' of a route that asks for its events"));
}

TEST(PollingRoute, RefusesToRunOnWhatIsNoSignal) {
    EXPECT_THAT(problems_of("event: posting.changed, run_on: { connection: lever, event: candidate.hired }"),
                ElementsAre("routes/hires.yaml:2:81: 'candidate.hired' is no signal: it carries a record, so it can be "
                            "a route's 'from' but starts no runs"));
    EXPECT_THAT(problems_of("event: posting.changed, run_on: { connection: lever, event: sync.request }"),
                ElementsAre(testing::HasSubstr("unknown event 'sync.request'")));
    EXPECT_THAT(problems_of("event: posting.changed, run_on: { connection: levr, event: sync.requested }"),
                ElementsAre(testing::HasSubstr("unknown connection 'levr'; did you mean 'lever'?")));
}

TEST(PollingRoute, HasItsSwitchesOnOrOffAsTheSettingsSay) {  // C.14 C.16
    EXPECT_TRUE(route_of("event: posting.changed", "when: { connection: lever, setting: /run_daily }\n").is_on());
    auto const off =
        route_of("event: posting.changed",
                 "when: [{ connection: lever, setting: /run_daily }, { connection: lever, setting: /jobs/reverse }]\n");
    EXPECT_FALSE(off.is_on());
    EXPECT_EQ(off.off_because, "The setting /jobs/reverse of the connection lever is not true.");
}

TEST(PollingRoute, HangsOnASwitchUnderANameOfTheAdmins) {  // E.15 E.16
    auto const with = [](std::string const& pointer) {
        return "when: { connection: lever, setting: " + pointer + " }\n";
    };
    EXPECT_FALSE(route_of("event: posting.changed", with("/positions/nurse/applicants")).is_on());
    EXPECT_TRUE(route_of("event: posting.changed", with("/positions/cook/applicants")).is_on());
    EXPECT_THAT(problems_of("event: posting.changed", with("/positions/nurze/applicants")),
                ElementsAre(testing::HasSubstr("did you mean '/positions/nurse/applicants'?")));
}

TEST(PollingRoute, TakesTheDefaultOfASwitchThatIsNotWritten) {
    EXPECT_TRUE(route_of("event: posting.changed", "when: { connection: lever, setting: /on_change }\n").is_on());
}

TEST(PollingRoute, MayHaveItsScheduleAloneSwitchedOff) {  // C.19
    auto const route = route_of(
        "event: posting.changed, schedule: { every: 1h, when: { connection: lever, setting: /jobs/reverse } }");
    EXPECT_TRUE(route.is_on());
    EXPECT_FALSE(route.schedule->off_because.empty());
}

TEST(PollingRoute, RefusesASwitchThatIsNoBooleanSetting) {
    EXPECT_THAT(problems_of("event: posting.changed", "when: { connection: lever, setting: /run_dayly }\n"),
                ElementsAre("routes/hires.yaml:4:28: there is no setting '/run_dayly' of connector 'lever'; did you "
                            "mean '/run_daily'?"));
    EXPECT_THAT(problems_of("event: posting.changed", "when: { connection: lever, setting: /jobs/limit }\n"),
                ElementsAre(testing::HasSubstr("'/jobs/limit' of connector 'lever' is not true or false")));
    EXPECT_THAT(problems_of("event: posting.changed", "when: { connection: goco, setting: /a }\n"),
                ElementsAre(testing::HasSubstr("it has no setting that is true or false")));
    EXPECT_THAT(problems_of("event: posting.changed", "when: [{ connection: lver, setting: /a }]\n"),
                ElementsAre(testing::HasSubstr("unknown connection 'lver'")));
}

}  // namespace
}  // namespace crosswalk::config
