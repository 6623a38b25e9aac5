// The configuration that ships, and the schemas that editors use: they must say what the loader says.
#include "config/document.hpp"
#include "config/settings_schema.hpp"
#include "folder.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <set>
#include <sstream>

namespace crosswalk::config {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::IsEmpty;

fs::path const shipped = CROSSWALK_CONFIG_DIR;

std::string text_of(fs::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    EXPECT_TRUE(stream) << path;
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

json::value schema_of(std::string const& kind) {
    return json::parse(text_of(shipped / "schemas" / (kind + ".schema.json")));
}

// The keys that a schema names, at any depth.
void collect_keys(json::value const& schema, std::set<std::string>& keys) {
    if (schema.is_array()) {
        for (json::value const& element : schema.get_array()) {
            collect_keys(element, keys);
        }
    }
    if (!schema.is_object()) {
        return;
    }
    for (auto const& member : schema.get_object()) {
        if (member.key() == "properties") {
            for (auto const& property : member.value().as_object()) {
                keys.emplace(property.key());
            }
        }
        collect_keys(member.value(), keys);
    }
}

// Of one section: its keys as the loader names them when it meets one that it does not know.
std::set<std::string> keys_in(std::string const& message) {
    std::set<std::string> keys;
    std::istringstream words(message.substr(message.find("known here: ") + 12));
    for (std::string word; words >> word;) {
        keys.insert(word.back() == ',' ? word.substr(0, word.size() - 1) : word);
    }
    return keys;
}

std::set<std::string> properties_at(json::value const& schema, std::string const& pointer) {
    std::set<std::string> keys;
    for (auto const& property : schema.at_pointer(pointer + "/properties").as_object()) {
        keys.emplace(property.key());
    }
    return keys;
}

struct SectionCase {
    std::string kind;  // of the schema
    std::string file;
    std::string text;     // holds one key that nobody knows, zzzz
    std::string pointer;  // to the section in the schema
};

std::vector<SectionCase> sections() {
    std::string const main = "crosswalk.yaml";
    std::string const route = "routes/hires.yaml";
    std::string const ends =
        "route: hires\nfrom: { connection: lever, event: e }\nto: { connection: goco, action: a }\n";
    std::string const version = "version: 1\nconnectors: { lever: {}, goco: {} }\n";
    std::string const email = "notify: { email: { smtp: { host: localhost } } }\n";
    return {
        {"crosswalk", main, version + "zzzz: 1\n", ""},
        {"crosswalk", main, version + "listen: { zzzz: 1 }\n", "/properties/listen"},
        {"crosswalk", main, version + "listen: { hooks: { zzzz: 1 } }\n", "/properties/listen/properties/hooks"},
        {"crosswalk", main, version + "listen: { admin: { zzzz: 1 } }\n", "/properties/listen/properties/admin"},
        {"crosswalk", main,
         version + "listen: { admin: { tls: { zzzz: 1, certificate: c, key: \"secret:env/K\" } } }\n",
         "/properties/listen/properties/admin/properties/tls"},
        {"crosswalk", main, version + "store: { zzzz: 1 }\n", "/properties/store"},
        {"crosswalk", main, "version: 1\nconnectors: { lever: { zzzz: 1 }, goco: {} }\n",
         "/properties/connectors/additionalProperties"},
        {"crosswalk", main, version + "notify: { zzzz: 1 }\n", "/properties/notify"},
        {"crosswalk", main, version + "notify: { email: { zzzz: 1 } }\n", "/properties/notify/properties/email"},
        {"crosswalk", main, version + "notify: { email: { smtp: { host: localhost, zzzz: 1 } } }\n",
         "/properties/notify/properties/email/properties/smtp"},
        {"crosswalk", main, version + "log: { zzzz: 1 }\n", "/properties/log"},
        {"crosswalk", main, version + "limits: { zzzz: 1 }\n", "/properties/limits"},
        {"connection", "connections/goco.yaml", "connection: goco\nconnector: goco\nzzzz: 1\n", ""},
        {"route", route, ends + "zzzz: 1\n", ""},
        {"route", route,
         "route: hires\nfrom: { connection: lever, event: e, zzzz: 1 }\nto: { connection: goco, action: a }\n",
         "/properties/from"},
        {"route", route,
         "route: hires\nfrom: { connection: lever, event: e }\nto: { connection: goco, action: a, zzzz: 1 }\n",
         "/properties/to"},
        {"route", route,
         "route: hires\nfrom: { connection: lever, event: e, schedule: { every: 1h, zzzz: 1 } }\n"
         "to: { connection: goco, action: a }\n",
         "/properties/from/properties/schedule"},
        {"route", route,
         "route: hires\nfrom: { connection: lever, event: e, run_on: { connection: goco, event: s, zzzz: 1 } }\n"
         "to: { connection: goco, action: a }\n",
         "/$defs/signal"},
        {"route", route, ends + "when: { connection: goco, setting: /on, zzzz: 1 }\n", "/$defs/switch"},
        {"route", route, ends + "map: { a: { from: /a, zzzz: 1 } }\n", "/properties/map/additionalProperties"},
        {"route", route, ends + "feedback: [{ on: failed, to: { connection: lever, action: a }, zzzz: 1 }]\n",
         "/properties/feedback/items"},
        {"route", route, ends + "retry: { zzzz: 1 }\n", "/properties/retry"},
        {"route", route, ends + "notify: { email: { to: [a@b.example] }, zzzz: 1 }\n", "/properties/notify"},
    };
}

TEST(Schemas, NameTheKeysThatTheLoaderKnows) {
    for (SectionCase const& section : sections()) {
        Folder const folder;
        if (section.kind == "route") {
            folder.append("crosswalk.yaml", "notify: { email: { smtp: { host: localhost } } }\n");
        }
        folder.write(section.file, section.text);
        auto const problems = folder.problems();
        ASSERT_EQ(problems.size(), 1U) << section.text << testing::PrintToString(problems);
        EXPECT_EQ(keys_in(problems.front()), properties_at(schema_of(section.kind), section.pointer)) << section.text;
    }
}

TEST(FullExample, Loads) {
    EXPECT_THAT(Folder::in_words(load(shipped / "full").problems), IsEmpty());
}

TEST(FullExample, AgreesWithTheSchemas) {
    std::vector<std::pair<std::string, std::string>> const files{{"crosswalk", "crosswalk.yaml"},
                                                                 {"connection", "connections/lever.yaml"},
                                                                 {"connection", "connections/goco.yaml"},
                                                                 {"route", "routes/lever-hires-to-goco.yaml"}};
    for (auto const& [kind, file] : files) {
        Problems problems;
        auto const root = parse_document(file, text_of(shipped / "full" / file), problems);
        ASSERT_TRUE(root);
        for (Mismatch const& mismatch :
             mismatches(to_json(*root), schema_of(kind), [](std::string_view) { return false; })) {
            ADD_FAILURE() << file << mismatch.pointer << ": " << mismatch.message;
        }
    }
}

TEST(FullExample, AgreesWithTheConnectorsThatShip) {
    Config const config = *load(shipped / "full").config;
    for (auto const& [name, connection] : config.connections) {
        json::value const schema = json::parse(
            text_of(shipped.parent_path() / "plugins" / connection.connector / "mapping" / "settings.schema.json"));
        for (Mismatch const& mismatch :
             mismatches(connection.settings, schema, [](std::string_view) { return false; })) {
            ADD_FAILURE() << name << mismatch.pointer << ": " << mismatch.message;
        }
    }
}

// An example that leaves a key out would leave it unexplained.
TEST(FullExample, ShowsEveryKey) {
    std::vector<std::pair<std::string, std::string>> const files{{"crosswalk", "crosswalk.yaml"},
                                                                 {"connection", "connections/lever.yaml"},
                                                                 {"route", "routes/lever-hires-to-goco.yaml"}};
    for (auto const& [kind, file] : files) {
        std::set<std::string> keys;
        collect_keys(schema_of(kind), keys);
        std::string const text = text_of(shipped / "full" / file);
        for (std::string const& key : keys) {
            EXPECT_NE(text.find(key + ':'), std::string::npos) << file << " does not show " << key;
        }
    }
}

TEST(HireguideExample, ReadsApplicantsEvery30MinutesAndJobsEvery2Hours) {  // E.31 E.32
    Loaded const loaded = load(shipped / "lever-hireguide");
    ASSERT_TRUE(loaded.config) << testing::PrintToString(Folder::in_words(loaded.problems));
    std::map<std::string, std::chrono::minutes> periods;
    for (auto const& [name, entry] : loaded.config->routes) {
        if (entry.route.schedule) {
            periods[entry.route.from_event] =
                std::chrono::duration_cast<std::chrono::minutes>(entry.route.schedule->every);
        }
    }
    EXPECT_THAT(periods, testing::ElementsAre(std::pair("application.changed", std::chrono::minutes(30)),
                                              std::pair("posting.changed", std::chrono::hours(2))));
}

// The inbound route of the example, with its requisitions flowing in and these two switches.
model::Route inbound_route(bool reverse_sync, bool run_daily) {
    Loaded loaded = load(shipped / "lever-charthop");
    EXPECT_THAT(Folder::in_words(loaded.problems), IsEmpty());
    if (!loaded.config) {
        return {};
    }
    json::object& switches =
        loaded.config->connections.at("charthop").settings.as_object().at("requisitions").as_object();
    switches = {{"source_of_truth", "remote"}, {"reverse_sync", reverse_sync}, {"run_daily", run_daily}};
    ConnectorFacts charthop;
    charthop.id = "charthop";
    charthop.settings_schema = text_of(shipped.parent_path() / "plugins/charthop/mapping/settings.schema.json");
    apply_schema_types(*loaded.config, {charthop});
    return loaded.config->routes.at("lever-requisitions-to-charthop").route;
}

TEST(ChartHopExample, RunsTheInboundFlowEveryMorningWithRunDailyAndOtherwiseOnRequest) {  // C.13
    auto const daily = inbound_route(true, true);
    ASSERT_TRUE(daily.schedule);
    EXPECT_TRUE(daily.is_on()) << daily.off_because;
    EXPECT_EQ(daily.schedule->daily_at, std::chrono::hours(6));
    EXPECT_EQ(daily.schedule->off_because, "");

    auto const on_request = inbound_route(true, false);
    ASSERT_TRUE(on_request.schedule);
    EXPECT_TRUE(on_request.is_on()) << on_request.off_because;
    EXPECT_EQ(on_request.schedule->off_because,
              "The setting /requisitions/run_daily of the connection charthop is not true.");
}

TEST(ChartHopExample, HasNoInboundFlowWithoutReverseSync) {  // C.13
    EXPECT_FALSE(inbound_route(false, true).is_on());
}

TEST(FullExample, HoldsNoSecret) {
    Config const config = *load(shipped / "full").config;
    EXPECT_EQ(config.secrets.size(), 7U);
}

}  // namespace
}  // namespace crosswalk::config
