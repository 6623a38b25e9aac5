#include "cli/commands.hpp"
#include "cli/terminal.hpp"

#include <CLI/CLI.hpp>

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct CommandLine : Terminal {};

TEST_F(CommandLine, ListsEveryCommandInItsHelp) {
    EXPECT_EQ(run({"--help"}), 0);
    CLI::App parser;
    Options const options;
    Surroundings const around{out, err, clock, logger, "1.2.3", {}, {}, {}, {}};
    Action chosen;
    for (AddCommand const add : commands()) {
        add(parser, options, around, chosen);
    }
    auto const added = parser.get_subcommands([](CLI::App const*) { return true; });
    EXPECT_EQ(added.size(), commands().size());
    for (CLI::App const* const command : added) {
        EXPECT_THAT(out.str(), HasSubstr("\n  " + command->get_name() + " "));
        EXPECT_THAT(out.str(), HasSubstr(command->get_description()));
    }
    EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(CommandLine, ExplainsOneCommand) {
    EXPECT_EQ(run({"events", "list", "--help"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("--search"));
    EXPECT_THAT(out.str(), Not(HasSubstr("discard")));
}

TEST_F(CommandLine, TellsItsVersion) {
    EXPECT_EQ(run({"--version"}), 0);
    EXPECT_EQ(out.str(), "crosswalk 1.2.3\n");
}

TEST_F(CommandLine, EndsWith64WhenItIsUsedWrongly) {
    for (std::vector<std::string> const& arguments :
         std::vector<std::vector<std::string>>{{},
                                               {"explode"},
                                               {"--explode", "validate"},
                                               {"validate", "--explode"},
                                               {"validate", "extra"},
                                               {"validate", "run"},
                                               {"--output", "xml", "validate"},
                                               {"events"},
                                               {"events", "explode"},
                                               {"events", "show"},
                                               {"events", "show", "x"},
                                               {"events", "show", "0"},
                                               {"events", "list", "--limit", "501"},
                                               {"dead", "discard", "3"},
                                               {"dead", "retry"},
                                               {"routes", "stop"},
                                               {"connections", "check"}}) {
        EXPECT_EQ(run(arguments), 64) << testing::PrintToString(arguments);
        EXPECT_THAT(err.str(), Not(IsEmpty())) << testing::PrintToString(arguments);
        EXPECT_THAT(out.str(), IsEmpty());
    }
    EXPECT_EQ(runs, 0);
}

TEST_F(CommandLine, EndsWith78AndTheProblemWhenTheConfigurationIsBroken) {
    write("crosswalk.yaml", "version: 1\nconectors: {}\n");
    for (std::vector<std::string> const& arguments : std::vector<std::vector<std::string>>{
             {"run"}, {"validate"}, {"events", "list"}, {"routes", "stop", "hires"}}) {
        EXPECT_EQ(run(arguments), 78) << testing::PrintToString(arguments);
        EXPECT_THAT(err.str(), HasSubstr("crosswalk.yaml:2:1: ")) << testing::PrintToString(arguments);
        EXPECT_THAT(err.str(), HasSubstr("connectors"));
    }
    EXPECT_EQ(runs, 0);
}

TEST_F(CommandLine, EndsWith78WhenThereIsNoConfiguration) {
    EXPECT_EQ(run_as_given({"crosswalk", "-c", (folder.path() / "nowhere").string(), "validate"}), 78);
    EXPECT_THAT(err.str(), Not(IsEmpty()));
}

TEST_F(CommandLine, RunsTheHostAndEndsAsItEnds) {
    run_exit = 70;
    EXPECT_EQ(run({"run"}), 70);
    EXPECT_EQ(runs, 1);
}

TEST_F(CommandLine, SaysThatAConfigurationIsValid) {
    EXPECT_EQ(run({"validate"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("is valid: 0 connections, 0 routes."));
    EXPECT_EQ(run({"validate", "--output", "json"}), 0);
    EXPECT_EQ(out.str(), "{\"valid\":true,\"problems\":[]}\n");
}

TEST_F(CommandLine, ValidatesWhatOnlyTheConnectorsKnow) {
    found = {{"routes/hires.yaml", 4, 7, "no action 'craete'; did you mean 'create'?"}};
    EXPECT_EQ(run({"validate"}), 78);
    EXPECT_EQ(err.str(), "routes/hires.yaml:4:7: no action 'craete'; did you mean 'create'?\n");
    EXPECT_EQ(run({"-o", "json", "validate"}), 78);
    EXPECT_THAT(out.str(), HasSubstr(R"("valid":false)"));
    EXPECT_THAT(out.str(), HasSubstr(R"("file":"routes/hires.yaml","line":4,"column":7)"));
}

TEST_F(CommandLine, EndsWith69WhenNoHostAnswers) {
    start_host();
    host->stop(std::chrono::seconds(1));
    EXPECT_EQ(run({"events", "list"}), 69);
    EXPECT_THAT(err.str(), HasSubstr("No host answers at http://127.0.0.1:"));
    EXPECT_THAT(out.str(), IsEmpty());
}

TEST_F(CommandLine, EndsWith77WhenTheHostRefusesTheToken) {
    EXPECT_EQ(with(R"({"detail":"This needs the admin token."})", {"events", "list"}, 401), 77);
    EXPECT_EQ(err.str(), "crosswalk: This needs the admin token.\n");
}

TEST_F(CommandLine, EndsWith77WhenTheTokenCannotBeRead) {
    start_host();
    secret_known = false;
    EXPECT_EQ(run({"events", "list"}), 77);
    EXPECT_THAT(err.str(), HasSubstr("secret:env/ADMIN_TOKEN"));
    EXPECT_EQ(last_request(), "none");
}

TEST_F(CommandLine, ShowsTheTokenToNobody) {
    EXPECT_EQ(with("{}", {"events", "list"}), 0);
    EXPECT_EQ(with("broken", {"events", "list"}), 70);
    EXPECT_THAT(out.str() + err.str() + log.str(), Not(HasSubstr("correct-horse")));
}

TEST_F(CommandLine, EndsAsTheStatusOfTheAnswerSays) {
    for (auto const& [status, exit] :
         {std::pair(404, 65), std::pair(400, 65), std::pair(409, 65), std::pair(403, 77), std::pair(429, 75),
          std::pair(503, 75), std::pair(500, 70), std::pair(302, 65)}) {
        EXPECT_EQ(with(R"({"detail":"There is no event 9."})", {"events", "show", "9"}, status), exit) << status;
        EXPECT_EQ(err.str(), "crosswalk: There is no event 9.\n");
        EXPECT_THAT(out.str(), IsEmpty());
    }
}

TEST_F(CommandLine, PassesOnWhyTheHostRefusesWhateverWasAsked) {
    for (std::vector<std::string> const& arguments : std::vector<std::vector<std::string>>{
             {"events", "list"},
             {"events", "show", "1"},
             {"events", "explain", "1"},
             {"events", "replay", "1"},
             {"dead", "causes"},
             {"dead", "list"},
             {"dead", "show", "d1"},
             {"dead", "edit", "d1", "--remove", "/a"},
             {"dead", "replay", "d1"},
             {"dead", "discard", "d1", "--reason", "x"},
             {"routes", "list"},
             {"routes", "stop", "x"},
             {"routes", "run", "x"},
             {"routes", "runs", "x"},
             {"connections", "list"},
             {"connections", "check", "x"},
             {"connections", "resume", "x"},
             {"connections", "sweep", "x", "--from", "2026-11-01"},
             {"connections", "authorize", "x"},
             {"connections", "subscribe", "x"},
             {"connections", "rotate-secret", "x", "/s"},
             {"connections", "disconnect", "x", "--yes"},
             {"connections", "connect", "x"},
             {"connectors", "list"},
             {"links", "list", "--connection", "x"},
             {"links", "remove", "--connection", "x", "--kind", "k", "--id", "1", "--other", "y/k/2"},
             {"erase", "--person", "ada@example.com", "--yes"}}) {
        for (bool const json : {false, true}) {
            std::vector<std::string> given = arguments;
            if (json) {
                given.insert(given.end(), {"--output", "json"});
            }
            EXPECT_EQ(with(R"({"detail":"The store cannot be written."})", given, 503), try_again)
                << testing::PrintToString(given);
            EXPECT_EQ(err.str(), "crosswalk: The store cannot be written.\n") << testing::PrintToString(given);
            EXPECT_THAT(out.str(), IsEmpty()) << testing::PrintToString(given);
        }
    }
}

TEST_F(CommandLine, PrintsEveryAnswerAsJsonWhenAsked) {
    for (std::vector<std::string> const& arguments :
         std::vector<std::vector<std::string>>{{"connections", "authorize", "x"},
                                               {"connections", "subscribe", "x"},
                                               {"connections", "rotate-secret", "x", "/s"},
                                               {"connections", "disconnect", "x", "--yes"},
                                               {"connections", "connect", "x"},
                                               {"links", "list", "--connection", "x"},
                                               {"dead", "edit", "d1", "--remove", "/a"},
                                               {"routes", "run", "x"}}) {
        std::vector<std::string> given = arguments;
        given.insert(given.end(), {"--output", "json"});
        EXPECT_NE(with(R"({"x":["made"]})", given), usage) << testing::PrintToString(given);
        EXPECT_EQ(out.str(), "{\"x\":[\"made\"]}\n") << testing::PrintToString(given);
    }
}

TEST_F(CommandLine, EndsAsTheHostRefusesWhileItWaits) {
    start_host();
    answers["/api/v1/routes/jobs/runs"] = {202, "application/json", R"({"run":7})", {}};
    answers["/api/v1/connections/lever/authorize"] = {200, "application/json", R"({"authorize_url":"u"})", {}};
    EXPECT_EQ(with(R"({"detail":"The host is busy."})", {"routes", "run", "jobs", "--wait"}, 503), try_again);
    EXPECT_EQ(err.str(), "crosswalk: The host is busy.\n");
    EXPECT_EQ(with(R"({"detail":"The host is busy."})", {"connections", "authorize", "lever", "--wait"}, 503),
              try_again);
    EXPECT_EQ(err.str(), "crosswalk: The host is busy.\n");
}

TEST_F(CommandLine, SaysTheStatusWhenTheAnswerHasNoWords) {
    EXPECT_EQ(with("<html>", {"events", "list"}, 404), 65);
    EXPECT_THAT(err.str(), HasSubstr("status 404"));
    EXPECT_EQ(with("{}", {"events", "list"}, 404), 65);
    EXPECT_EQ(err.str(), "crosswalk: The host answered with status 404.\n");
    EXPECT_EQ(with("<html>", {"events", "list"}), 70);
    EXPECT_THAT(err.str(), HasSubstr("no JSON"));
}

TEST_F(CommandLine, SurvivesAnswersOfAnotherShape) {
    for (char const* body : {"null", "[]", "7", "{}", R"({"events":7,"causes":{},"routes":"x","connectors":[[]]})",
                             R"({"deliveries":[{"kind":"delivery","record":7},7,null,[]],"warnings":[1]})"}) {
        for (std::vector<std::string> const& arguments :
             std::vector<std::vector<std::string>>{{"events", "list"},
                                                   {"events", "show", "1"},
                                                   {"events", "explain", "1"},
                                                   {"events", "replay", "1"},
                                                   {"dead", "list"},
                                                   {"dead", "causes"},
                                                   {"dead", "show", "d1"},
                                                   {"dead", "edit", "d1", "--remove", "/a"},
                                                   {"routes", "list"},
                                                   {"routes", "stop", "x"},
                                                   {"connections", "list"},
                                                   {"connectors", "list"}}) {
            EXPECT_EQ(with(body, arguments), 0) << body << testing::PrintToString(arguments);
        }
        EXPECT_EQ(with(body, {"connections", "check", "x"}), 1) << body;
    }
}

TEST(ExitCodes, FollowTheErrorsCode) {
    EXPECT_EQ(exit_code(model::ErrorCode::unavailable), 69);
    EXPECT_EQ(exit_code(model::ErrorCode::deadline_exceeded), 69);
    EXPECT_EQ(exit_code(model::ErrorCode::rate_limited), 75);
    EXPECT_EQ(exit_code(model::ErrorCode::permission_denied), 77);
    EXPECT_EQ(exit_code(model::ErrorCode::not_found), 65);
    EXPECT_EQ(exit_code(model::ErrorCode::corruption), 70);
    EXPECT_EQ(exit_code(model::ErrorCode::internal), 70);
}

}  // namespace
}  // namespace crosswalk::cli
