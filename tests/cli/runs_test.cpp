// crosswalk routes run and runs.
#include "cli/terminal.hpp"

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct RunCommands : Terminal {
    // The answer to `--wait` when the run is in this state.
    static std::string run(std::string const& state, std::string const& failed, std::string const& reason = "") {
        return R"({"run":7,"route":"jobs","state":")" + state + R"(","reason":")" + reason +
               R"(","turns":2,"events":5,"counts":{"created":1,"updated":1,"unchanged":2,"skipped":0,"failed":)" +
               failed + R"(,"waiting":0}})";
    }
};

TEST_F(RunCommands, StartsARun) {
    EXPECT_EQ(with(R"({"run":7,"route":"jobs","state":"queued","reason":""})", {"routes", "run", "jobs"}, 202), ok);
    EXPECT_EQ(last_request(), "POST /api/v1/routes/jobs/runs");
    EXPECT_EQ(last_body(), R"({"full":false})");
    EXPECT_EQ(out.str(), "Run 7 of jobs is queued.\n");
}

TEST_F(RunCommands, AsksForEverything) {
    EXPECT_EQ(with(R"({"run":7})", {"routes", "run", "jobs", "--full"}, 202), ok);
    EXPECT_EQ(last_body(), R"({"full":true})");
}

TEST_F(RunCommands, SaysThatARunIsThereAlready) {
    EXPECT_NE(with(R"({"status":409,"detail":"The route jobs is already running."})", {"routes", "run", "jobs"}, 409),
              ok);
    EXPECT_THAT(err.str(), HasSubstr("already running"));
    EXPECT_THAT(out.str(), IsEmpty());
}

TEST_F(RunCommands, WaitsAndTellsWhatBecameOfIt) {  // C.23
    EXPECT_EQ(with(run("done", "0"), {"routes", "run", "jobs", "--wait"}), ok);
    EXPECT_EQ(last_request(), "GET /api/v1/runs/7");
    EXPECT_EQ(out.str(),
              "Run 7 of jobs is done.\n5 events in 2 turns: 1 created, 1 updated, 2 unchanged, 0 skipped, 0 failed, "
              "0 waiting.\n");
}

TEST_F(RunCommands, EndsWithAProblemWhenTheRunOrADeliveryFailed) {
    EXPECT_EQ(with(run("done", "1"), {"routes", "run", "jobs", "--wait"}), problems_found);
    EXPECT_EQ(with(run("failed", "0", "No such posting."), {"routes", "run", "jobs", "--wait"}), problems_found);
    EXPECT_THAT(out.str(), HasSubstr("Run 7 of jobs is failed: No such posting."));
}

TEST_F(RunCommands, DoesNotWaitForARunThatSomethingHolds) {
    EXPECT_EQ(with(run("queued", "0", "The connection lever is paused."), {"routes", "run", "jobs", "--wait"}),
              try_again);
    EXPECT_THAT(out.str(), HasSubstr("The connection lever is paused."));
}

TEST_F(RunCommands, WaitsForARunThatDoesNotEndOnlySoLong) {
    EXPECT_EQ(with(run("running", "0"), {"routes", "run", "jobs", "--wait", "--wait-max", "0s"}), try_again);
    EXPECT_THAT(out.str(), HasSubstr("Run 7 of jobs is running"));
    EXPECT_THAT(err.str(), HasSubstr("not over yet and goes on"));
}

TEST_F(RunCommands, RefusesAWaitThatIsNoTime) {
    EXPECT_EQ(with(run("done", "0"), {"routes", "run", "jobs", "--wait", "--wait-max", "long"}), usage);
    EXPECT_THAT(err.str(), HasSubstr("--wait-max is a time"));
}

TEST_F(RunCommands, ListsTheRunsOfARoute) {  // E.17
    EXPECT_EQ(with(R"({"runs":[)" + run("done", "0") + "]}", {"routes", "runs", "jobs"}), ok);
    EXPECT_EQ(last_request(), "GET /api/v1/routes/jobs/runs");
    EXPECT_THAT(out.str(), HasSubstr("UNCHANGED"));
    EXPECT_THAT(out.str(), HasSubstr("7    done"));
}

TEST_F(RunCommands, PrintsTheAnswerAsJson) {
    EXPECT_EQ(with(R"({"runs":[]})", {"routes", "runs", "jobs", "--output", "json"}), ok);
    EXPECT_EQ(out.str(), "{\"runs\":[]}\n");
    EXPECT_EQ(with(run("done", "0"), {"routes", "run", "jobs", "--wait", "--output", "json"}), ok);
    EXPECT_THAT(out.str(), HasSubstr(R"("created":1)"));
}

}  // namespace
}  // namespace crosswalk::cli
