// What goes to support, and what must not.
#include "cli/terminal.hpp"

#include <boost/json.hpp>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

class Doctor : public Terminal {
protected:
    void serve(std::string const& target, std::string const& body, int status = 200,
               std::string const& type = "application/json") {
        std::lock_guard const lock(mutex);
        answers[target] = {status, type, body, {}};
    }
    void serve_a_host() {
        start_host();
        serve("/version", R"({"name":"crosswalk","version":"1.2.2"})");
        serve("/readyz", R"({"status":"ok","degraded":[{"connection":"goco","reason":"No key.","secret":"x"}]})");
        serve("/metrics", "# TYPE crosswalk_x gauge\ncrosswalk_x 1\n", 200, "text/plain");
        serve("/api/v1/dead", R"({"causes":[{"cause":"A field is missing.","count":2}]})");
        serve(
            "/api/v1/connections",
            R"({"connections":[{"connection":"lever","state":"paused","reason":"Refused.","account":"Canaryname"}]})");
        serve("/api/v1/routes", R"({"routes":[{"route":"hires","state":"on","title":"For Canaryname"}]})");
    }
    // What `doctor --output json` prints.
    json::value found(std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"doctor", "--output", "json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        exit = run(arguments);
        return json::parse(out.str());
    }
    [[nodiscard]] std::string read(std::string const& file) const {
        std::ostringstream content;
        content << std::ifstream(folder.path() / file).rdbuf();
        return content.str();
    }
    int exit = -1;
};

TEST_F(Doctor, CollectsWhatTheHostSaysAboutItself) {
    serve_a_host();
    json::value const all = found();
    EXPECT_EQ(exit, 0);
    EXPECT_EQ(all.at("crosswalk"), "1.2.3");
    EXPECT_EQ(all.at("system"), "Testix 1.0 riscv64");
    json::value const& host_part = all.at("host");
    EXPECT_EQ(host_part.at("version"), "1.2.2");
    EXPECT_EQ(host_part.at_pointer("/ready/status"), "ok");
    EXPECT_EQ(host_part.at_pointer("/connections/0/state"), "paused");
    EXPECT_EQ(host_part.at_pointer("/dead/0/count"), 2);
    EXPECT_EQ(host_part.at_pointer("/metrics/1"), "crosswalk_x 1");
}

TEST_F(Doctor, TakesNoMemberAlongThatItDoesNotKnow) {
    serve_a_host();
    std::string const all = json::serialize(found());
    EXPECT_THAT(all, HasSubstr("hires"));
    EXPECT_THAT(all, Not(HasSubstr("Canaryname")));
    EXPECT_THAT(all, Not(HasSubstr("secret\":\"x")));
}

TEST_F(Doctor, NamesSettingsAndSecretsAndShowsNeither) {
    write("crosswalk.yaml", read("crosswalk.yaml") + "connectors:\n  lever: { enabled: true }\n");
    std::filesystem::create_directories(folder.path() / "connections");
    write("connections/lever.yaml",
          "connection: lever\nconnector: lever\nsettings:\n  acting_user: canary.user@example.com\n"
          "  auth: { type: api_key, api_key: \"secret:env/LEVER_KEY\" }\n");
    json::value const all = found();
    EXPECT_THAT(json::serialize(all.at_pointer("/configuration/connections/0/settings")),
                HasSubstr(R"("/acting_user","/auth/type","/auth/api_key")"));
    EXPECT_THAT(
        json::serialize(all.at_pointer("/configuration/secrets")),
        HasSubstr(R"({"reference":"secret:env/LEVER_KEY","file":"connections/lever.yaml","line":5,"found":false})"));
    EXPECT_THAT(out.str(), Not(HasSubstr("canary.user")));
    EXPECT_THAT(out.str(), Not(HasSubstr("correct-horse")));
}

TEST_F(Doctor, MasksWhateverLooksLikeAnAddress) {
    serve_a_host();
    serve("/api/v1/dead", R"({"causes":[{"cause":"Mail to <canary.ann@example.com>, or bob@x, failed.","count":1}]})");
    EXPECT_EQ(found().at_pointer("/host/dead/0/cause"), "Mail to <[address]>, or [address], failed.");
}

TEST_F(Doctor, SaysThatNoHostAnswersAndIsNotContent) {
    json::value const all = found();
    EXPECT_EQ(exit, 1);
    EXPECT_EQ(all.at_pointer("/host/answers"), false);
    EXPECT_THAT(json::serialize(all.at("host")), HasSubstr("No host answers"));
}

TEST_F(Doctor, TellsWhyAHostIsNotReady) {
    serve_a_host();
    serve("/readyz", R"({"status":"store unavailable","reason":"The disk is full."})", 503);
    json::value const all = found();
    EXPECT_EQ(exit, 1);
    EXPECT_EQ(all.at_pointer("/host/ready/reason"), "The disk is full.");
}

TEST_F(Doctor, ShowsAConfigurationThatIsWrong) {
    write("crosswalk.yaml", "version: 1\nlimts: {}\n");
    json::value const all = found();
    EXPECT_EQ(exit, 1);
    EXPECT_EQ(all.at_pointer("/configuration/valid"), false);
    EXPECT_EQ(all.at_pointer("/configuration/problems/0/line"), 2);
}

TEST_F(Doctor, SaysThatTheTokenIsRefusedAndShowsTheRest) {
    serve_a_host();
    serve("/api/v1/dead", R"({"detail":"This needs the admin token."})", 401);
    json::value const all = found();
    EXPECT_EQ(all.at_pointer("/host/problem"), "This needs the admin token.");
    EXPECT_EQ(all.at_pointer("/host/ready/status"), "ok");
}

TEST_F(Doctor, TakesTheEndOfALogAlong) {
    std::string lines = "the first line is too old\n";
    for (int i = 0; i < 499; ++i) {
        lines += R"({"message":"Ready.","n":)" + std::to_string(i) + "}\n";
    }
    write("host.log", lines + "crosswalk: not JSON, to canary@example.com\n");
    std::string const file = (folder.path() / "host.log").string();
    json::array const end = found({"--log", file}).at("log").as_array();
    ASSERT_EQ(end.size(), 500U);
    EXPECT_EQ(end.front().at("n"), 0);
    EXPECT_EQ(end.back(), "crosswalk: not JSON, to [address]");
}

TEST_F(Doctor, TakesNoMoreOfALogThanItsLastBytes) {
    write("host.log", std::string(300 * 1024, 'x') + "\nlast\n");
    json::array const lines = found({"--log", (folder.path() / "host.log").string()}).at("log").as_array();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front(), "last");
}

TEST_F(Doctor, RefusesALogThatIsNotThere) {
    EXPECT_EQ(run({"doctor", "--log", (folder.path() / "none").string()}), 65);
    EXPECT_THAT(err.str(), HasSubstr("cannot be read"));
}

TEST_F(Doctor, WritesABundleAndPrintsAFewLines) {
    serve_a_host();
    EXPECT_EQ(run({"doctor", "--bundle", (folder.path() / "bundle.json").string()}), 0);
    EXPECT_EQ(out.str(),
              "configuration  valid\nhost           1.2.2, ok\nconnection     lever: paused Refused.\n"
              "dead           2: A field is missing.\n");
    EXPECT_EQ(json::parse(read("bundle.json")).at_pointer("/host/version"), "1.2.2");
    EXPECT_EQ(run({"doctor", "--bundle", (folder.path() / "none" / "bundle.json").string()}), 65);
}

}  // namespace
}  // namespace crosswalk::cli
