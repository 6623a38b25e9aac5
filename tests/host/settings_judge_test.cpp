// Where a connector's words about its settings show up.
#include "host.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <optional>

namespace crosswalk {
namespace {

class SettingsJudge : public ::testing::Test {
protected:
    SettingsJudge() {
        config::Connection connection;
        connection.name = "hr";
        connection.connector = "acme";
        connection.settings = boost::json::parse(R"({"sync":{"reverse":true}})");
        connection.position = {"connections/hr.yaml", 1, 1};
        connection.positions = {{"/sync", {"connections/hr.yaml", 4, 3}},
                                {"/sync/reverse", {"connections/hr.yaml", 5, 5}}};
        config_.connections.emplace("hr", std::move(connection));
        connectors_.push_back({"acme", {}, {}, true});
        connectors_.back().judge = [this](std::string const&, boost::json::value) -> model::Result<void> {
            ++asked_;
            return verdict_ ? model::Result<void>(*verdict_) : model::Result<void>();
        };
    }
    // "connections/hr.yaml:5:5: …" of the only problem; empty: there is none.
    [[nodiscard]] std::string problem(std::vector<config::Problem> const& known = {}) {
        auto const problems = judge_settings(config_, connectors_, known);
        EXPECT_LE(problems.size(), 1U);
        return problems.empty() ? std::string() : config::to_string(problems.front());
    }
    [[nodiscard]] std::string problem_about(std::string field) {
        verdict_ = model::Error{model::ErrorCode::failed_precondition, "No.", {{std::move(field), "no"}}};
        return problem();
    }
    config::Config config_;
    std::vector<admin::LoadedConnector> connectors_;
    std::optional<model::Error> verdict_;
    int asked_ = 0;
};

TEST_F(SettingsJudge, SettingsThatTheConnectorTakesAreNoProblem) {
    EXPECT_EQ(problem(), "");
    EXPECT_EQ(asked_, 1);
}

TEST_F(SettingsJudge, TheWordsStandWhereTheSettingIsWritten) {
    EXPECT_EQ(problem_about("/sync/reverse"), "connections/hr.yaml:5:5: No.");
    EXPECT_EQ(problem_about("/sync/other"), "connections/hr.yaml:4:3: No.");
    EXPECT_EQ(problem_about("sync"), "connections/hr.yaml:4:3: No.");
    EXPECT_EQ(problem_about("/elsewhere"), "connections/hr.yaml:1:1: No.");
    verdict_ = model::Error{model::ErrorCode::invalid_argument, "No."};
    EXPECT_EQ(problem(), "connections/hr.yaml:1:1: No.");
}

TEST_F(SettingsJudge, AConnectionWithAKnownProblemIsNotAskedAbout) {
    verdict_ = model::Error{model::ErrorCode::failed_precondition, "No."};
    EXPECT_EQ(problem({{"connections/hr.yaml", 4, 3, "unknown setting"}}), "");
    EXPECT_EQ(asked_, 0);
    EXPECT_NE(problem({{"connections/other.yaml", 4, 3, "unknown setting"}}), "");
}

TEST_F(SettingsJudge, AFaultThatIsNotOfTheSettingsIsNoProblemOfTheFile) {
    verdict_ = model::Error{model::ErrorCode::unavailable, "The worker did not start."};
    EXPECT_EQ(problem(), "");
    verdict_ = model::Error{model::ErrorCode::internal, "It threw."};
    EXPECT_EQ(problem(), "");
}

TEST_F(SettingsJudge, AConnectorThatIsNotLoadedSaysNothing) {
    connectors_.back().judge = nullptr;
    EXPECT_EQ(problem(), "");
    connectors_.clear();
    EXPECT_EQ(problem(), "");
}

}  // namespace
}  // namespace crosswalk
