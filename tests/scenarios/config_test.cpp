// A wrong configuration is told with its place and stops the start; a wrong connector library stops only itself.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char route_file[] = "routes/lever-hires-to-goco.yaml";

// `validate` and `run` both end with 78 and name the place, as "file:line:column", and `words`; no host comes up.
void expect_refused(World const& world, std::string const& place, std::vector<std::string> const& words) {
    Said const validated = world.crosswalk({"validate"});
    Said const ran = world.crosswalk({"run"});
    for (Said const* said : {&validated, &ran}) {
        EXPECT_EQ(said->exit, 78) << said->output << said->errors;
        EXPECT_THAT(said->errors, HasSubstr(place + ": "));
        for (std::string const& word : words) {
            EXPECT_THAT(said->errors, HasSubstr(word));
        }
    }
    EXPECT_FALSE(world.host_ready());
    EXPECT_THAT(ran.output, Not(HasSubstr("The host is ready.")));
}

// "file:line:column" of a text in a file of the configuration.
std::string place_of(World const& world, std::string const& file, std::string_view what) {
    std::string const content = world.read(file);
    std::size_t const at = content.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    auto const line = std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    std::size_t const line_start = at == 0 ? 0 : content.rfind('\n', at) + 1;
    return file + ":" + std::to_string(line) + ":" + std::to_string(at - line_start + 1);
}

TEST(WrongConfig, AnUnknownKeyIsNamedWithTheNearestKnownOne) {
    World world;
    world.append(route_file, "requier: [first_name]\n");
    expect_refused(world, place_of(world, route_file, "requier:"), {"requier", "did you mean 'require'?"});
}

TEST(WrongConfig, AnUnknownSettingOfAConnectorIsNamedWithTheNearestKnownOne) {
    World world;
    world.append("connections/goco.yaml", "  compny: acme-demo\n");
    expect_refused(world, place_of(world, "connections/goco.yaml", "compny"), {"compny", "company"});
}

// A.9
TEST(WrongConfig, AMissingSecretIsNamedWhereItIsReferredTo) {
    World world;
    std::filesystem::remove(world.config() / "secrets/lever-api-key");
    expect_refused(world, place_of(world, "connections/lever.yaml", "\"secret:file/lever-api-key\""),
                   {"lever-api-key"});
}

TEST(WrongConfig, ADuplicateKeyIsRefused) {
    World world;
    world.append("crosswalk.yaml", "version: 1\n");
    std::string const content = world.read("crosswalk.yaml");
    auto const line = std::count(content.begin(), content.end(), '\n');
    expect_refused(world, "crosswalk.yaml:" + std::to_string(line) + ":1", {"version"});
}

TEST(WrongConfig, ABadPointerIsRefused) {
    World world;
    world.edit(route_file, "from: /employment_type", "from: employment_type");
    expect_refused(world, place_of(world, route_file, "employment_type, table"), {"employment_type"});
}

TEST(WrongConfig, AnUnknownActionIsNamedWithTheNearestKnownOne) {
    World world;
    world.edit(route_file, "create_employee", "create_employe");
    expect_refused(world, place_of(world, route_file, "action: create_employe"),
                   {"create_employe'", "'create_employee'"});
}

TEST(WrongConfig, AnUnknownEventIsNamedWithTheNearestKnownOne) {
    World world;
    world.edit(route_file, "candidate.hired", "candidate.hire");
    expect_refused(world, place_of(world, route_file, "event: candidate.hire"), {"'candidate.hired'"});
}

// A.16
TEST(WrongConfig, AnAddressWithItsSchemeTwiceIsRefused) {
    World world;
    world.append("crosswalk.yaml", "public_url: https://https://hooks.example.com\n");
    expect_refused(world, place_of(world, "crosswalk.yaml", "https://https"), {"scheme"});
}

TEST(WrongConfig, IsToldAsJsonToo) {
    World world;
    world.append(route_file, "requier: [first_name]\n");
    Said const said = world.crosswalk({"--output", "json", "validate"});
    EXPECT_EQ(said.exit, 78);
    json::value const told = json::parse(said.output);
    EXPECT_EQ(text(told, "/valid"), "false");
    EXPECT_EQ(text(told, "/problems/0/file"), route_file);
    EXPECT_GT(number(told, "/problems/0/line"), 0);
}

// One line of crosswalk.yaml's connectors, with a library of the tests.
void add_connector(World const& world, std::string const& name, std::string const& library, bool enabled = true) {
    world.edit("crosswalk.yaml", "connectors:\n",
               "connectors:\n  " + name + ": { enabled: " + (enabled ? "true" : "false") + ", library: \"" + library +
                   "\" }\n");
}

// What the host says of a connector; null when it says nothing.
json::value connector(World const& world, std::string_view name) {
    for (json::value const& known : list(world.admin("GET", "/api/v1/connectors").value(), "/connectors")) {
        if (text(known, "/connector") == name) {
            return known;
        }
    }
    return nullptr;
}

// F.1
TEST(WrongLibrary, IsRefusedByNameAndTheRestRuns) {
    World world;
    std::string const fixtures = FIXTURES;
    add_connector(world, "other-abi", fixtures + "other_major" + LIBRARY_SUFFIX);
    add_connector(world, "newer-abi", fixtures + "newer_minor" + LIBRARY_SUFFIX);
    add_connector(world, "two-exports", fixtures + "two_exports" + LIBRARY_SUFFIX);
    add_connector(world, "nowhere", fixtures + "nowhere" + LIBRARY_SUFFIX);
    Said const validated = world.crosswalk({"validate"});
    EXPECT_EQ(validated.exit, 78);
    world.start_host();
    for (char const* name : {"other-abi", "newer-abi", "two-exports", "nowhere"}) {
        SCOPED_TRACE(name);
        json::value const said = connector(world, name);
        EXPECT_EQ(text(said, "/state"), "refused");
        EXPECT_FALSE(text(said, "/reason").empty());
        EXPECT_THAT(validated.errors, HasSubstr(text(said, "/reason")));
        EXPECT_THAT(world.log(), HasSubstr("\"A connector is refused.\",\"connector\":\"" + std::string(name) + "\""));
    }
    EXPECT_THAT(text(connector(world, "other-abi"), "/reason"), HasSubstr("ABI 1, this host speaks 0"));
    EXPECT_THAT(text(connector(world, "newer-abi"), "/reason"), HasSubstr("0.77"));

    world.register_webhook();
    std::string const opportunity = world.hire_new("Rest Example");
    EXPECT_TRUE(eventually([&] { return world.has_note(opportunity, "Exported to GoCo"); }));
}

// F.1: the host keeps the rest of its connections, and what arrives for the broken one is not acknowledged.
TEST(WrongLibrary, OfAConnectionFailsThatConnectionAlone) {
    World world;
    world.edit("crosswalk.yaml", "goco: { enabled: true }",
               "goco: { enabled: true, library: \"" + std::string(FIXTURES) + "other_major" + LIBRARY_SUFFIX + "\" }");
    EXPECT_EQ(world.crosswalk({"validate"}).exit, 78);
    world.start_host();
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_EQ(world.connection_state("goco"), "failed");
}

// F.6
TEST(DisabledConnector, IsNotLoaded) {
    World world;
    add_connector(world, "acme", ACME, false);
    world.start_host();
    EXPECT_EQ(text(connector(world, "acme"), "/state"), "disabled");
    EXPECT_THAT(world.log(), Not(HasSubstr("acme")));
    std::ifstream maps("/proc/" + std::to_string(world.host().id()) + "/maps");
    std::string const mapped(std::istreambuf_iterator<char>(maps), {});
    EXPECT_THAT(mapped, Not(HasSubstr("acme")));
}

}  // namespace
}  // namespace crosswalk::scenarios
