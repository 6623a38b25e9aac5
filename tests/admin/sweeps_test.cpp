// What sweeps found, shown beside a connection, and a sweep that a person asks for.
#include "admin_room.hpp"
#include "sweep/sweeper.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;

struct AdminSweepTest : AdminRoom {
    store::Arrivals arrivals{store.store()};
    std::unique_ptr<sweep::Sweeper> made;

    AdminSweepTest() {
        connector.on_sweep = [](plugin_host::SweepRequest const& request) -> model::Result<plugin_host::PollResult> {
            plugin_host::PollResult page;
            page.events.push_back(
                {"hire-1", request.event, "person:1", "Zoe Example", request.from_unix_ms, {"fake.ref/1", {}, "{}"}});
            page.cursor = "";
            return page;
        };
        connector.on_diagnose = [](std::string const&,
                                   std::vector<std::string> const&) -> model::Result<plugin_host::ProbeReport> {
            return plugin_host::ProbeReport{{{"hook", "It was deleted."}}};
        };
        std::map<std::string, sweep::Source> sources;
        sources.emplace("lever", sweep::Source{connector,
                                               {},
                                               {},
                                               [] { return std::vector<std::string>{"candidate.hired"}; },
                                               [](model::Event const&) { return std::vector<std::string>(); }});
        made = std::make_unique<sweep::Sweeper>(
            std::move(sources),
            sweep::Surroundings{{},
                                store.inbox,
                                arrivals,
                                store.state,
                                clock,
                                store.logger(),
                                metrics,
                                [](std::string const&) {},
                                [](std::string const&, std::int64_t, std::vector<model::FieldProblem> const&) {}});
        sweeper = made.get();
    }
};

TEST_F(AdminSweepTest, ShowsWhatNeverCameAndWhyWithoutNames) {
    auto const answer = post("/api/v1/connections/lever/sweep", R"({"from":"2026-11-01"})");
    EXPECT_EQ(at(answer, "/missing/0/id"), "hire-1");
    EXPECT_EQ(at(answer, "/missing/0/occurred_at"), "2026-11-01T00:00:00.000Z");
    EXPECT_EQ(at(answer, "/findings/0/finding"), "It was deleted.");
    EXPECT_EQ(at(answer, "/taken"), "0");
    EXPECT_EQ(answer.body.find("Zoe"), std::string::npos);
    EXPECT_EQ(store.inbox.pending().value(), 0);
}

TEST_F(AdminSweepTest, TakesWhatNeverCameOnlyWhenAsked) {
    EXPECT_EQ(at(post("/api/v1/connections/lever/sweep", R"({"from":"2026-11-01","backfill":true})"), "/taken"), "1");
    EXPECT_EQ(store.inbox.pending().value(), 1);
}

TEST_F(AdminSweepTest, RefusesAFromThatIsNoDay) {
    for (char const* const from : {"", "yesterday", "2026-13-01", "2026-02-30", "2026-1-1", "20261101", "2026-11-0x"}) {
        EXPECT_EQ(post("/api/v1/connections/lever/sweep", "{\"from\":\"" + std::string(from) + "\"}").status, 400)
            << from;
    }
}

TEST_F(AdminSweepTest, SaysWhichConnectionCannotBeSwept) {
    EXPECT_EQ(post("/api/v1/connections/nobody/sweep", R"({"from":"2026-11-01"})").status, 404);
    auto const goco = post("/api/v1/connections/goco/sweep", R"({"from":"2026-11-01"})");
    EXPECT_GE(goco.status, 400);
    EXPECT_THAT(goco.body, HasSubstr("cannot be swept"));
}

TEST_F(AdminSweepTest, ListsWhatTheLastSweepFoundBesideTheConnection) {
    sweep::Memory memory;
    memory.ended_at = clock.now();
    memory.missing = 5;
    memory.cause = "missing";
    memory.findings = {{"hook", "It was deleted."}};
    ASSERT_TRUE(store.state.put("@sweep", "lever", written(memory), std::nullopt));
    auto const connections = get("/api/v1/connections");
    EXPECT_EQ(at(connections, "/connections/1/connection"), "lever");
    EXPECT_EQ(at(connections, "/connections/1/sweep/missing"), "5");
    EXPECT_EQ(at(connections, "/connections/1/sweep/findings/0/finding"), "It was deleted.");
    EXPECT_EQ(at(connections, "/connections/0/sweep"), "nothing");
    EXPECT_EQ(at(post("/api/v1/connections/lever/check"), "/sweep/cause"), "missing");
}

}  // namespace
}  // namespace crosswalk::admin
