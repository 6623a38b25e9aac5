// crosswalk.yaml and connections: what is read, and what is refused where.
#include "folder.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

#include <algorithm>

namespace crosswalk::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view head = "version: 1\nconnectors: { lever: {}, goco: {} }\n";

std::vector<std::string> problems_of(std::string_view text) {
    Folder const folder;
    folder.write("crosswalk.yaml", std::string(head) + std::string(text));
    return folder.problems();
}

Config config_of(std::string_view text) {
    Folder const folder;
    folder.write("crosswalk.yaml", std::string(head) + std::string(text));
    Loaded const loaded = load(folder.path());
    EXPECT_THAT(Folder::in_words(loaded.problems), IsEmpty());
    return loaded.config.value_or(Config{});
}

TEST(Workspace, HasDefaultsForAllButTheVersion) {
    Config const config = config_of("");
    EXPECT_EQ(config.hooks.address, "127.0.0.1");
    EXPECT_EQ(config.hooks.port, 8470);
    EXPECT_EQ(config.admin.port, 8471);
    EXPECT_EQ(config.store_path, config.directory / "crosswalk.db");
    EXPECT_EQ(config.connectors_dir, std::filesystem::path());
    EXPECT_EQ(config.log_level, "info");
    EXPECT_TRUE(config.connectors.at("goco").enabled);
}

TEST(Workspace, MakesPathsAbsolute) {
    Config const config = config_of(
        "store: { path: data/../x.db }\nconnectors_dir: lib\nca_file: /etc/ca.pem\n"
        "listen: { hooks: { tls: { certificate: tls.crt, key: \"secret:file/tls\" } } }\n");
    EXPECT_EQ(config.store_path, config.directory / "x.db");
    EXPECT_EQ(config.connectors_dir, config.directory / "lib");
    EXPECT_EQ(config.ca_file, "/etc/ca.pem");
    EXPECT_EQ(config.hooks.tls->certificate, (config.directory / "tls.crt").string());
    EXPECT_TRUE(config.directory.is_absolute());
}

TEST(Workspace, TakesTheKeyOfTheStoreAsASecretReferenceOnly) {
    Config const config = config_of("store: { key: \"secret:env/STORE_KEY\" }\n");
    EXPECT_EQ(config.store_key, "secret:env/STORE_KEY");
    EXPECT_TRUE(std::any_of(config.secrets.begin(), config.secrets.end(),
                            [](SecretUse const& use) { return use.reference == "secret:env/STORE_KEY"; }));
    EXPECT_EQ(config_of("").store_key, "");
    auto const problems = problems_of("store: { key: c29tZXRoaW5nIHNlY3JldA== }\n");
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems[0], testing::Not(HasSubstr("c29tZXRo")));
}

TEST(Connection, SaysWhoMakesItsWebhooks) {
    Folder const folder;
    EXPECT_EQ(load(folder.path()).config->connections.at("lever").webhooks, "");
    folder.append("connections/lever.yaml", "webhooks: manual\n");
    EXPECT_EQ(load(folder.path()).config->connections.at("lever").webhooks, "manual");
    folder.append("connections/goco.yaml", "webhooks: automatik\n");
    EXPECT_THAT(folder.problems(), ElementsAre(HasSubstr("connections/goco.yaml:6:11: ")));
}

TEST(Workspace, ReadsLimitsAsTimesAndSizes) {
    Config const config =
        config_of("limits: { body_bytes_max: 2MiB, delivery_workers: 3, hook_time_max: 5s, dedupe_window: 7d }\n");
    EXPECT_EQ(config.limits.body_bytes_max, 2U * 1024 * 1024);
    EXPECT_EQ(config.limits.delivery_workers, 3);
    EXPECT_EQ(config.limits.hook_time_max, std::chrono::seconds(5));
    EXPECT_EQ(config.limits.dedupe_window, std::chrono::hours(168));
}

TEST(Workspace, ReadsWhenATargetIsTakenForDown) {
    Config const config = config_of("breaker: { failures: 3, first: 1s, longest: 1m }\n");
    EXPECT_EQ(config.breaker.failures, 3);
    EXPECT_EQ(config.breaker.first, std::chrono::seconds(1));
    EXPECT_EQ(config.breaker.longest, std::chrono::minutes(1));
    EXPECT_EQ(config_of("").breaker.longest, std::chrono::minutes(10));
}

TEST(Workspace, ReadsAnAgeForEachClassOfWhatIsKept) {
    Config const config = config_of("retention: { payloads: 7d, dead_letters: 14d, history: 60d, files: 12h }\n");
    EXPECT_EQ(config.retention.payloads, std::chrono::hours(7 * 24));
    EXPECT_EQ(config.retention.dead_letters, std::chrono::hours(14 * 24));
    EXPECT_EQ(config.retention.history, std::chrono::hours(60 * 24));
    EXPECT_EQ(config.retention.files, std::chrono::hours(12));
    EXPECT_EQ(config_of("").retention.dead_letters, std::chrono::hours(180 * 24));
}

TEST(Workspace, RefusesAHistoryThatIsYoungerThanWhatNeedsIt) {
    for (char const* text : {"retention: { payloads: 90d, dead_letters: 1d, history: 60d }\n",
                             "retention: { dead_letters: 90d, history: 60d }\n",
                             "limits: { dedupe_window: 300d }\nretention: { history: 200d }\n",
                             "limits: { dedupe_window: 500d }\nretention: { files: 1d }\n"}) {
        EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("retention.history must be at least as long"))) << text;
    }
}

TEST(Workspace, RefusesABreakerWhoseLongestPauseIsTheShorter) {
    EXPECT_THAT(problems_of("breaker: { first: 5s, longest: 1s }\n"),
                ElementsAre(HasSubstr("crosswalk.yaml:3:1: 'longest' is shorter than 'first'")));
}

TEST(Connection, MaySayHowManyDeliveriesItTakesAtOnce) {
    Folder const folder;
    EXPECT_EQ(load(folder.path()).config->connections.at("lever").deliveries_at_once, 0);
    folder.append("connections/lever.yaml", "deliveries_at_once: 2\n");
    EXPECT_EQ(load(folder.path()).config->connections.at("lever").deliveries_at_once, 2);
    folder.append("connections/goco.yaml", "deliveries_at_once: 33\n");
    EXPECT_THAT(folder.problems(), ElementsAre(HasSubstr("'deliveries_at_once' must be a whole number from 1 to 32")));
}

TEST(Workspace, RefusesATimeWithoutUnit) {
    EXPECT_THAT(problems_of("limits: { hook_time_max: 30 }\n"),
                ElementsAre("crosswalk.yaml:3:26: 'hook_time_max' must be a time such as 500ms, 30s, 5m, 2h or 7d, at "
                            "least 1ms"));
}

TEST(Workspace, RefusesASizeThatIsNone) {
    EXPECT_THAT(
        problems_of("limits: { body_bytes_max: 1MB }\n"),
        ElementsAre("crosswalk.yaml:3:27: 'body_bytes_max' must be a size such as 4096, 64KiB or 1MiB, at least "
                    "1024"));
}

TEST(Workspace, TakesNoTextForANumber) {
    EXPECT_THAT(problems_of("limits: { delivery_workers: \"8\" }\n"),
                ElementsAre("crosswalk.yaml:3:29: 'delivery_workers' must be a whole number from 1 to 256, without "
                            "quotes"));
}

TEST(Workspace, TakesNoYesForTrue) {
    Folder const folder;
    folder.write("crosswalk.yaml", "version: 1\nconnectors: { lever: { enabled: yes }, goco: {} }\n");
    EXPECT_THAT(folder.problems(), ElementsAre("crosswalk.yaml:2:33: 'enabled' must be true or false, without quotes"));
}

TEST(Workspace, RefusesAListWhereAMapBelongs) {
    EXPECT_THAT(problems_of("log: [info]\n"),
                ElementsAre("crosswalk.yaml:3:1: must be a map of keys and values; known here: level"));
}

TEST(Workspace, NamesTheNearestChoice) {
    EXPECT_THAT(problems_of("log: { level: wran }\n"),
                ElementsAre("crosswalk.yaml:3:15: unknown value 'wran' for 'level'; did you mean 'warn'?"));
}

TEST(Workspace, RefusesAnAddressWithoutPort) {
    EXPECT_THAT(problems_of("listen: { hooks: { address: localhost } }\n"),
                ElementsAre("crosswalk.yaml:3:29: 'address' must be an address and a port, such as 127.0.0.1:8470 or "
                            "[::1]:8470"));
}

// A.16
TEST(Workspace, RefusesADoubledSchemeInThePublicAddress) {
    EXPECT_THAT(
        problems_of("public_url: https://https://hooks.example.com\n"),
        ElementsAre("crosswalk.yaml:3:13: the address begins with two schemes (https://https://…); remove one"));
}

TEST(Workspace, RefusesAPublicAddressThatIsNone) {
    EXPECT_THAT(problems_of("public_url: hooks.example.com\n"),
                ElementsAre("crosswalk.yaml:3:13: the address must begin with https:// (or http://)"));
    EXPECT_THAT(problems_of("public_url: https:///x\n"), ElementsAre("crosswalk.yaml:3:13: the address has no host"));
    EXPECT_THAT(problems_of("public_url: https://a@b.example\n"),
                ElementsAre("crosswalk.yaml:3:13: the address may hold a host, a port and a path only"));
}

TEST(Workspace, DropsTheSlashAtTheEndOfThePublicAddress) {
    EXPECT_EQ(config_of("public_url: https://hooks.example.com/in/\n").public_url, "https://hooks.example.com/in");
}

TEST(Workspace, RefusesAnAdminListenerThatIsOpenToOthers) {
    std::string const text =
        "crosswalk.yaml:3:30: the admin listener is reachable from other machines and so needs both 'token' and 'tls'; "
        "add them or listen on 127.0.0.1";
    EXPECT_THAT(problems_of("listen: { admin: { address: \"0.0.0.0:8471\" } }\n"),
                ElementsAre("crosswalk.yaml:3:29" + text.substr(text.find(": the"))));
    EXPECT_THAT(problems_of("listen: { admin: {  address: \"0.0.0.0:8471\", token: \"secret:env/T\" } }\n"),
                ElementsAre(text));
    EXPECT_THAT(
        problems_of(
            "listen: { admin: {  address: \"0.0.0.0:8471\", tls: { certificate: c, key: \"secret:env/K\" } } }\n"),
        ElementsAre(text));
    EXPECT_THAT(
        problems_of("listen: { admin: { address: \"0.0.0.0:8471\", token: \"secret:env/T\", tls: { certificate: c, "
                    "key: \"secret:env/K\" } } }\n"),
        IsEmpty());
}

TEST(Workspace, RefusesAPlainTokenWithoutShowingIt) {
    auto const problems = problems_of("listen: { admin: { token: hunter2-hunter2 } }\n");
    EXPECT_THAT(problems, ElementsAre("crosswalk.yaml:3:27: must be a secret reference of the form "
                                      "\"secret:<provider>/<name>\"; the value is not shown"));
    EXPECT_THAT(problems.front(), testing::Not(HasSubstr("hunter2")));
}

TEST(Workspace, NamesTheNearestSecretProvider) {
    EXPECT_THAT(problems_of("listen: { admin: { token: \"secret:credentials/admin\" } }\n"),
                ElementsAre("crosswalk.yaml:3:27: unknown secret provider 'credentials'; did you mean 'credential'?"));
}

TEST(Workspace, RefusesASecretThatLeavesItsFolder) {
    EXPECT_THAT(
        problems_of("listen: { admin: { token: \"secret:file/../admin\" } }\n"),
        ElementsAre("crosswalk.yaml:3:27: a secret's name must be relative to its provider, without '..', '.', ':' "
                    "and '\\': \"secret:file/<name>\""));
}

TEST(Workspace, RefusesASecretWhereNoneBelongs) {
    EXPECT_THAT(problems_of("ca_file: secret:file/ca\n"),
                ElementsAre("crosswalk.yaml:3:10: a secret reference is not allowed here; this value is not a secret"));
}

TEST(Workspace, RefusesUnencryptedMailAcrossTheNetwork) {
    EXPECT_THAT(
        problems_of("notify: { email: { to: [a@b.example], smtp: { host: mail.example.com, starttls: false } } }\n"),
        ElementsAre("crosswalk.yaml:3:81: mail without 'starttls' would cross the network unencrypted; this is "
                    "allowed only to a mail server on this machine (127.0.0.1, ::1, localhost)"));
    EXPECT_THAT(problems_of("notify: { email: { to: [a@b.example], smtp: { host: 127.0.0.1, starttls: false } } }\n"),
                IsEmpty());
}

// A.23
TEST(Workspace, ReadsTheAddressesForErrorMail) {
    Config const config = config_of(
        "notify: { email: { to: [a@b.example, c@d.example], throttle: 1h, smtp: { host: mail.example.com, user: x, "
        "password: \"secret:env/P\", from: f@b.example } } }\n");
    EXPECT_THAT(config.notify.email_to, ElementsAre("a@b.example", "c@d.example"));
    EXPECT_EQ(config.notify.throttle, std::chrono::minutes(60));
    EXPECT_EQ(config.notify.smtp->password, "secret:env/P");
    EXPECT_TRUE(config.notify.smtp->starttls);
}

TEST(Workspace, RefusesMailWithoutServerAndAddressesThatAreNone) {
    EXPECT_THAT(problems_of("notify: { email: { to: [nobody] } }\n"),
                ElementsAre("crosswalk.yaml:3:20: mail needs a server: add 'smtp' beside 'to'",
                            "crosswalk.yaml:3:25: not an e-mail address; write one per entry, without a name"));
}

TEST(Workspace, RefusesADigestThatIsNone) {
    Folder const folder;
    folder.write("crosswalk.yaml", "version: 1\nconnectors: { lever: { sha256: abc }, goco: {} }\n");
    EXPECT_THAT(folder.problems(),
                ElementsAre("crosswalk.yaml:2:32: 'sha256' must be 64 lower-case hexadecimal digits"));
}

TEST(Connection, KeepsTextAsTextAndRemembersWhereItStands) {
    Folder const folder;
    folder.write("connections/goco.yaml",
                 "connection: goco\nconnector: goco\nsettings:\n  a: yes\n  b: 0012\n  c: 1.10\n  d: 2026-01-31\n"
                 "  e: \"5\"\n  f: 5\n  g: true\n  h/i: [x]\n");
    Loaded const loaded = load(folder.path());
    ASSERT_THAT(Folder::in_words(loaded.problems), IsEmpty());
    Connection const& goco = loaded.config->connections.at("goco");
    EXPECT_EQ(boost::json::serialize(goco.settings),
              R"({"a":"yes","b":"0012","c":"1.10","d":"2026-01-31","e":"5","f":5,"g":true,"h/i":["x"]})");
    EXPECT_EQ(goco.positions.at("/c").line, 6);
    EXPECT_EQ(goco.positions.at("/c").column, 3);
    EXPECT_EQ(goco.positions.at("/h~1i/0").line, 11);
    EXPECT_EQ(goco.positions.at("/h~1i/0").column, 9);
    EXPECT_EQ(goco.positions.at("/h~1i/0").file, "connections/goco.yaml");
}

TEST(Connection, MustBeCalledAsItsFile) {
    Folder const folder;
    folder.write("connections/goco.yaml", "connection: gogo\nconnector: goco\n");
    EXPECT_THAT(folder.problems(),
                ElementsAre("connections/goco.yaml:1:13: the connection is called 'gogo' and its file "
                            "'goco'; make them the same"));
}

TEST(Connection, MayHaveOnlyOneFile) {
    Folder const folder;
    folder.write("connections/goco.json", R"({"connection": "goco", "connector": "goco"})");
    EXPECT_THAT(folder.problems(),
                ElementsAre("connections/goco.yaml: the connection 'goco' has another file; keep one"));
}

TEST(Connection, NeedsAKnownConnector) {
    Folder const folder;
    folder.write("connections/goco.yaml", "connection: goco\nconnector: gogo\n");
    EXPECT_THAT(
        folder.problems(),
        ElementsAre("connections/goco.yaml:2:12: unknown connector 'gogo'; did you mean 'goco'? (connectors are "
                    "listed in crosswalk.yaml under 'connectors')"));
}

// A.16
TEST(Connection, RefusesADoubledSchemeInAnyAddressOfItsSettings) {
    Folder const folder;
    folder.write("connections/goco.yaml",
                 "connection: goco\nconnector: goco\nsettings:\n  base_url: https://https://a.example\n"
                 "  callback: { url: http://https://b.example }\n  text: https://https://c.example\n");
    std::string const text = ": the address begins with two schemes (https://https://…); remove one";
    EXPECT_THAT(folder.problems(),
                ElementsAre("connections/goco.yaml:4:13" + text, "connections/goco.yaml:5:20" + text));
}

TEST(Connection, RefusesABrokenReferenceInItsSettings) {
    Folder const folder;
    folder.write("connections/goco.yaml", "connection: goco\nconnector: goco\nsettings:\n  key: secret:vault/x\n");
    EXPECT_THAT(folder.problems(),
                ElementsAre("connections/goco.yaml:4:8: unknown secret provider; known: credential, file, env"));
}

TEST(Connection, DoesNotShareItsPathKey) {
    Folder const folder;
    folder.append("connections/goco.yaml", "path_key: secret:env/PATH_KEY\n");
    folder.append("connections/lever.yaml", "path_key: secret:env/PATH_KEY\n");
    EXPECT_THAT(folder.problems(),
                ElementsAre("connections/lever.yaml:6:11: the connection 'goco' has the same 'path_key'; "
                            "give each its own"));
}

TEST(Connection, RefusesARateThatIsNone) {
    Folder const folder;
    folder.append("connections/goco.yaml", "requests_per_second: -1\n");
    EXPECT_THAT(
        folder.problems(),
        ElementsAre("connections/goco.yaml:6:22: 'requests_per_second' must be a number from 0 to 10000, without "
                    "quotes"));
}

TEST(Connection, ReadsItsRate) {
    Folder const folder;
    folder.append("connections/goco.yaml", "requests_per_second: 2.5\n");
    EXPECT_EQ(load(folder.path()).config->connections.at("goco").requests_per_second, 2.5);
}

TEST(Connection, IsSweptByDefault) {
    Folder const folder;
    Sweep const sweep = load(folder.path()).config->connections.at("lever").sweep;
    EXPECT_TRUE(sweep.enabled);
    EXPECT_EQ(sweep.every, std::chrono::hours(1));
    EXPECT_EQ(sweep.look_back, std::chrono::hours(72));
    EXPECT_EQ(sweep.settle, std::chrono::minutes(10));
}

TEST(Connection, ReadsHowItIsSwept) {
    Folder const folder;
    folder.append("connections/lever.yaml", "sweep: { enabled: false, every: 5m, look_back: 7d, settle: 0s }\n");
    Sweep const sweep = load(folder.path()).config->connections.at("lever").sweep;
    EXPECT_FALSE(sweep.enabled);
    EXPECT_EQ(sweep.every, std::chrono::minutes(5));
    EXPECT_EQ(sweep.look_back, std::chrono::hours(24 * 7));
    EXPECT_EQ(sweep.settle, std::chrono::seconds(0));
}

TEST(Connection, RefusesASweepThatCouldNeverFindAnything) {
    Folder const folder;
    folder.append("connections/goco.yaml", "sweep: { look_back: 10m }\n");
    auto const problems = folder.problems();
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems.front(), HasSubstr("'settle' is not shorter than 'look_back'"));
}

// What cannot be parsed is one problem: routes are not told that the connection is unknown.
TEST(Connection, IsNotCalledUnknownWhenItsFileIsBroken) {
    Folder const folder;
    folder.write("connections/goco.yaml", "connection: [\n");
    auto const problems = folder.problems();
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems.front(), HasSubstr("connections/goco.yaml:2:1: not valid YAML"));
}

}  // namespace
}  // namespace crosswalk::config
