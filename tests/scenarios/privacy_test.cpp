// What must stay between the vendors: runs with successes and every kind of failure, then a search of all that the host
// says to anybody without the token, of what support is given, and of every byte it keeps.
#include "scenarios/canaries.hpp"
#include "scenarios/hireguide_world.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/URI.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// Only the admin token and the two webhook secrets are the worlds' own; "lever-sandbox" begins several credentials.
Canaries const canaries({"Canaryfirst", "Canarylast", "Canaryother", "canary.mail", "202 555 0177", "2025550177",
                         "98765431", "Canarylevel", "Canarynotes", "Canaryfile", "lever-sandbox", "goco-sandbox",
                         "hireguide-sandbox", "canary-refused-key", "scenario-admin-token", "scenario-webhook-token",
                         "scenario-hireguide-secret"});

constexpr char echo[] =
    R"({"error":{"code":"validation_failed","message":"Canaryfirst canary.mail@example.com +1 202 555 0177 98765431 )"
    R"(goco-sandbox-key lever-sandbox-key hireguide-sandbox-token"},"message":"Canarylast is unknown",)"
    R"("errors":[{"field":"Canaryother","message":"canary.mail@example.com"}]})";

json::object person(std::string const& name) {
    return {{"name", name},
            {"email", "canary.mail@example.com"},
            {"phone", "+1 202 555 0177"},
            {"offer", {{"job_title", "Engineer"}, {"salary_amount", 98765431}}}};
}

std::string body_of(World const& world, std::string const& delivery) {
    return json::serialize(world.control("GET", "/lever/deliveries/" + delivery).value().at("body"));
}

// Bytes as somebody may send them, and all that is answered.
std::string answer_to(World const& world, std::string const& request) {
    Poco::URI const url(world.hook_url());
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress(url.getHost(), url.getPort()));
    socket.setReceiveTimeout(Poco::Timespan(20, 0));
    std::string all;
    try {
        socket.sendBytes(request.data(), static_cast<int>(request.size()));
        socket.shutdownSend();
        std::array<char, 4096> piece{};
        while (int const got = socket.receiveBytes(piece.data(), static_cast<int>(piece.size()))) {
            all.append(piece.data(), static_cast<std::size_t>(got));
        }
    } catch (Poco::Exception const&) {
        // Cut off by the host: what came before counts.
    }
    return all;
}

// What the public listener answers to whoever breaks a rule.
std::string refusals(World const& world) {
    std::string const rest = " HTTP/1.1\r\nHost: Canaryfirst\r\nX-Token: Canarylast\r\nConnection: close\r\n";
    std::string all;
    for (std::string const& request :
         {"POST /hooks/Canaryfirst?mail=canary.mail@example.com" + rest + "Content-Length: 11\r\n\r\nCanarylast!",
          "GET /hooks/lever?mail=canary.mail@example.com" + rest + "\r\n",
          "POST /Canaryfirst/../Canarylast" + rest + "Content-Length: 0\r\n\r\n",
          "POST /hooks/lever" + rest + "Content-Length: Canarylast\r\n\r\n",
          "POST /hooks/lever" + rest + "Content-Length: 99999999999\r\n\r\n",
          "POST /hooks/lever" + rest + "X-Long: " + std::string(200'000, 'x') + "Canarylast\r\n\r\n",
          "POST /" + std::string(100'000, 'x') + "Canaryfirst" + rest + "\r\n",
          std::string("Canaryfirst Canarylast\r\n\r\n"), std::string("POST Canaryfirst HTTP/9.9\r\n\r\n")}) {
        all += answer_to(world, request);
    }
    for (std::string const& sent :
         {std::string("Canaryfirst scenario-"), std::string(R"({"Canaryfirst":"Canarylast"})"),
          std::string(R"(["canary.mail@example.com"])"), std::string()}) {
        all += world.hook(sent).body;
    }
    return all;
}

// Answers without the token.
std::string said_to_strangers(World const& world) {
    std::string all = refusals(world);
    for (char const* path : {"/metrics", "/livez", "/readyz", "/version", "/api/v1/events", "/api/v1/dead",
                             "/api/v1/persons/erase", "/api/v1/events/Canaryfirst", "/Canarylast"}) {
        Answer const answer = world.stranger("GET", path);
        EXPECT_NE(answer.status, 0) << path;
        all += answer.body;
    }
    return all;
}

// Every text that says why something went wrong, wherever it stands in an answer: { ..., "reason": "...", ... }.
void add_reasons(json::value const& answer, std::string& all) {
    if (auto const* const array = answer.if_array()) {
        std::for_each(array->begin(), array->end(), [&](json::value const& each) { add_reasons(each, all); });
    } else if (auto const* const object = answer.if_object()) {
        for (auto const& [name, value] : *object) {
            if (value.is_string() && (name == "reason" || name == "died_of" || name == "cause" || name == "detail")) {
                all.append(value.get_string()).append(1, '\n');
            }
            add_reasons(value, all);
        }
    }
}

// The errors of all that failed. Records and titles beside them may name people, to whoever has the token; errors may
// not: they are copied into tickets and mails.
std::string errors_told(World const& world) {
    std::string all;
    json::value const dead = world.admin("GET", "/api/v1/dead?limit=200").value();
    add_reasons(dead, all);
    for (json::value const& letter : list(dead, "/letters")) {
        add_reasons(world.admin("GET", "/api/v1/dead/" + text(letter, "/letter")).value(), all);
    }
    for (json::value const& event : world.events()) {
        add_reasons(world.event(number(event, "/id")), all);
    }
    for (char const* const path : {"/api/v1/dead/causes", "/api/v1/connections", "/api/v1/routes"}) {
        add_reasons(world.admin("GET", path).value(), all);
    }
    return all;
}

// The vendors' ids of people, without the kind before them: nobody's name, and yet one person's. The store has them in
// the names under which connectors keep values, as ADR 0009 says.
Canaries ids_of_people(World const& world) {
    std::vector<std::string> ids;
    for (json::value const& event : world.events()) {
        std::string const subject = text(event, "/subject");
        if (std::string id = subject.substr(subject.rfind(':') + 1); id.size() >= Canaries::value_bytes_min) {
            ids.push_back(std::move(id));
        }
    }
    EXPECT_THAT(ids, testing::Not(IsEmpty()));
    return Canaries(ids);
}

// The bundle for support, with the end of the log.
std::string bundle(World const& world) {
    world.write("host.log", world.log());
    std::string const log = (world.config() / "host.log").string();
    Said const said = world.crosswalk({"doctor", "--bundle", (world.config() / "bundle.json").string(), "--log", log});
    std::string const made = world.read("bundle.json");
    EXPECT_THAT(made, HasSubstr("\"dead\"")) << said.errors;
    EXPECT_THAT(made, HasSubstr("\"log\"")) << said.errors;
    return made + said.output + said.errors;
}

std::string content(std::filesystem::path const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The process and those that it started.
std::vector<std::string> family(std::string const& process) {
    std::vector<std::string> members{process};
    std::error_code gone;
    for (std::filesystem::directory_iterator each("/proc", gone), end; !gone && each != end; each.increment(gone)) {
        std::string const name = each->path().filename().string();
        std::string const status = content(each->path() / "status");
        if (status.find("\nPPid:\t" + process + "\n") != std::string::npos) {
            members.push_back(name);
        }
    }
    return members;
}

// What a core file would hold of them is in no core file: there can be none, of the host or of its workers.
void expect_no_core_file(World const& world, std::size_t workers) {
    std::vector<std::string> const members = family(std::to_string(world.host().id()));
    EXPECT_EQ(members.size(), 1 + workers);
    for (std::string const& member : members) {
        std::istringstream lines(content("/proc/" + member + "/limits"));
        std::string line;
        std::string core;
        while (std::getline(lines, line)) {
            core = line.starts_with("Max core file size") ? line : core;
        }
        EXPECT_THAT(core, testing::ContainsRegex("size +0 +0 ")) << content("/proc/" + member + "/cmdline");
        // A worker would inherit the limit. That it is confined as well shows in what nobody inherits here.
        if (member != members.front()) {
            EXPECT_THAT(content("/proc/" + member + "/status"), HasSubstr("\nNoNewPrivs:\t1\n"));
        }
    }
}

// While the host runs and after it has stopped. The store has a folder of its own, without configuration.
void expect_no_canary(World& world) {
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
    Canaries const ids = ids_of_people(world);
    auto const expect_nothing = [&](std::string_view place, std::string_view said) {
        EXPECT_THAT(canaries.in(place, said), IsEmpty());
        EXPECT_THAT(ids.in(place, said), IsEmpty());
    };
    std::string const strangers = said_to_strangers(world);
    EXPECT_THAT(strangers, HasSubstr("crosswalk_ingest_webhooks_total"));
    expect_nothing("an answer without the token", strangers);
    expect_nothing("the bundle", bundle(world));
    std::string const errors = errors_told(world);
    EXPECT_THAT(errors, testing::Not(IsEmpty()));
    expect_nothing("an error", errors);
    EXPECT_THAT(canaries.below(world.config() / "data"), IsEmpty());
    EXPECT_EQ(world.stop_host(), 0);
    EXPECT_THAT(canaries.below(world.config() / "data"), IsEmpty());
    EXPECT_THAT(world.log(), HasSubstr("The host has stopped."));
    expect_nothing("the log", world.log());
}

void look_closely(World const& world, std::string const& isolation) {
    std::filesystem::create_directory(world.config() / "data");
    world.edit("crosswalk.yaml", "path: crosswalk.db", "path: data/crosswalk.db");
    world.append("crosswalk.yaml", "log: { level: debug }\n");
    world.edit("crosswalk.yaml", "lever: { enabled: true }", "lever: { enabled: true, isolation: " + isolation + " }");
}

class Privacy : public testing::TestWithParam<char const*> {};

// F.2 A.11
TEST_P(Privacy, KeepsSecretsAndPeopleOutOfAllThatIsSaidAndKeptOfHires) {
    World world;
    world.hurry();
    look_closely(world, GetParam());
    world.edit("crosswalk.yaml", "goco: { enabled: true }",
               std::string("goco: { enabled: true, isolation: ") + GetParam() + " }");
    world.write("tables/levels.csv", "from,to\nSenior,full_time\n");
    world.edit("routes/lever-hires-to-goco.yaml", "from: /employment_type, table: employment-types, otherwise: omit",
               "from: /custom/level, table: levels, otherwise: fail");
    world.start_host();
    expect_no_core_file(world, std::string_view(GetParam()) == "worker" ? 2 : 0);
    world.register_webhook();

    // delivered, with an answer of GoCo's that is cut off, then a duplicate, then one without an address
    world.fault({{"kind", "cut_after"}, {"vendor", "goco"}, {"method", "POST"}});
    std::string const one = world.candidate(person("Canaryfirst Canarylast"));
    std::string const delivery = world.hire(one).at(0);
    ASSERT_TRUE(eventually([&] { return world.has_note(one, "Exported to GoCo"); })) << json::serialize(world.event(1));
    EXPECT_EQ(world.employees("Canaryfirst", "Canarylast"), 1U);
    std::string const two = world.candidate(person("Canaryfirst Canarylast"));
    world.hire(two);
    ASSERT_TRUE(eventually([&] { return world.has_note(two, "duplicate"); }));
    std::string const three = world.candidate({{"name", "Canaryfirst Canaryother"}});
    world.hire(three);
    ASSERT_TRUE(eventually([&] { return !world.notes(three).empty(); }));

    // vendors that repeat in their errors what they were sent, and with what
    for (char const* const vendor : {"lever", "goco"}) {
        world.fault({{"kind", "status"}, {"vendor", vendor}, {"method", "GET"}, {"status", 503}, {"body", echo}});
    }
    world.fault({{"kind", "status"}, {"vendor", "goco"}, {"method", "POST"}, {"status", 422}, {"body", echo}});
    std::string const four = world.candidate(person("Canaryfirst Canaryother"));
    world.hire(four);
    ASSERT_TRUE(eventually([&] { return world.has_note(four, "failed"); }));

    // a value that the mapping refuses: dead, and dead again when it is replayed
    json::object level = person("Canaryfirst Canarylast");
    level["posting"] = {{"text", "Engineer"}, {"categories", {{"department", "Care"}, {"level", "Canarylevel"}}}};
    world.hire(world.candidate(level));
    std::int64_t dead = 0;
    ASSERT_TRUE(eventually([&] { return (dead = number(world.conservation(), "/dead")) >= 2; }))
        << json::serialize(world.conservation());
    for (char const* const from : {"mapped", "raw"}) {
        Said const said = world.crosswalk({"dead", "replay", "--all", "--from", from});
        EXPECT_THAT(said.output + said.errors, testing::Not(testing::IsEmpty()));
    }
    ASSERT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 0; }))
        << json::serialize(world.conservation());

    // webhooks: again, changed
    std::string const body = body_of(world, delivery);
    std::string changed = body;
    changed.replace(changed.find("\"signature\":\"") + 13, 1, "x");
    changed.insert(1, R"("note":"Canaryfirst",)");
    EXPECT_EQ(world.hook(body).status, 200);
    Answer const forged = world.hook(changed);
    EXPECT_EQ(forged.status, 401);
    EXPECT_THAT(canaries.in("the answer to a forged webhook", forged.body), IsEmpty());

    // keys that are refused
    (void)world.control("POST", "/goco/settings", {{"api_key", "canary-refused-key"}});
    world.hire(world.candidate(person("Canaryfirst Canarythird")));
    ASSERT_TRUE(eventually([&] { return world.connection_state("goco") == "paused"; }));
    (void)world.control("POST", "/lever/credentials/revoke", {{"value", "lever-sandbox-key"}});
    world.hire(world.candidate(person("Canaryfirst Canaryfourth")));
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "paused"; }));

    EXPECT_THAT(json::serialize(world.events()), HasSubstr("Canarylast")) << "nothing was there to be found";
    expect_no_canary(world);
}

// E.28 F.2: a poll brings them, a callback brings the PDF, and Lever repeats what it was sent.
TEST_P(Privacy, KeepsSecretsPeopleAndFilesOutOfAllThatIsSaidAndKeptOfInterviews) {
    HireguideWorld world;
    look_closely(world, GetParam());
    world.edit("crosswalk.yaml", "hireguide: { enabled: true }",
               std::string("hireguide: { enabled: true, isolation: ") + GetParam() + " }");
    std::string const opportunity = world.applicant("Canaryfirst Canarylast");
    world.start();
    world.fault({{"kind", "status"}, {"vendor", "lever"}, {"method", "GET"}, {"status", 503}, {"body", echo}});
    world.fault({{"kind", "status"}, {"vendor", "hireguide"}, {"method", "POST"}, {"status", 422}, {"body", echo}});
    EXPECT_EQ(world.callback("sync_now"), "200");
    ASSERT_TRUE(eventually([&] { return world.runs_are_over(); })) << world.log();
    world.clear_faults();
    EXPECT_EQ(world.callback("sync_now"), "200");
    (void)world.crosswalk({"dead", "replay", "--all"});
    ASSERT_TRUE(eventually([&] { return world.listed("canarylast").size() == 1 && world.runs_are_over(); }))
        << world.log();

    std::string const interview = world.interview(world.candidate_id("canarylast"), true);
    json::object const exported{{"name", "Canaryfile.pdf"}, {"notes", "Canarynotes of the interview."}};
    json::object by_url = exported;
    by_url["by_url"] = true;
    world.fault({{"kind", "status"}, {"vendor", "lever"}, {"method", "POST"}, {"status", 400}, {"body", echo}});
    EXPECT_EQ(world.callback("interviews/" + interview + "/export", exported), "200");
    ASSERT_TRUE(eventually([&] { return world.results(interview).size() == 1; })) << world.log();
    world.clear_faults();
    EXPECT_EQ(world.callback("interviews/" + interview + "/export", by_url), "200");
    ASSERT_TRUE(eventually([&] { return !world.files(opportunity).empty(); })) << world.log();
    EXPECT_THAT(world.fetched("/hireguide/v1/interviews/" + interview + "/export.pdf", "Bearer hireguide-sandbox-token",
                              "application/pdf"),
                HasSubstr("Canarynotes"));
    expect_no_canary(world);
}

INSTANTIATE_TEST_SUITE_P(Connectors, Privacy, testing::Values("in-process", "worker"), [](auto const& each) {
    return std::string(each.param) == "worker" ? "InAWorker" : "InTheHost";
});

}  // namespace
}  // namespace crosswalk::scenarios
