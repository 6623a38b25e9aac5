// Every configuration that ships is one that somebody can copy: with its secrets in place it is valid as it stands.
#include "scenarios/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

namespace crosswalk::scenarios {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples() {
    std::vector<std::string> names;
    for (auto const& entry : fs::directory_iterator(CONFIG_ROOT)) {
        if (fs::exists(entry.path() / "crosswalk.yaml")) {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

// Files for the secrets that the service manager would hand over.
void provide_secrets(World const& world) {
    static std::regex const reference("secret:(credential|file)/([A-Za-z0-9._-]+)");
    for (auto const& entry : fs::recursive_directory_iterator(world.config())) {
        if (entry.path().extension() != ".yaml") {
            continue;
        }
        std::string const file = fs::relative(entry.path(), world.config()).generic_string();
        std::string const content = world.read(file);
        for (std::sregex_iterator at(content.begin(), content.end(), reference), end; at != end; ++at) {
            world.set_secret((*at)[2], "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        }
        world.write(file, std::regex_replace(content, reference, "secret:file/$2"));
    }
}

class Examples : public testing::TestWithParam<std::string> {};

TEST_P(Examples, AreValidAsTheyStand) {
    World const world{fs::path(CONFIG_ROOT) / GetParam()};
    provide_secrets(world);
    Said const said = world.crosswalk({"validate"});
    EXPECT_EQ(said.exit, 0) << said.output << said.errors;
}

INSTANTIATE_TEST_SUITE_P(Config, Examples, testing::ValuesIn(examples()), [](auto const& tested) {
    std::string name = tested.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

// One for each article that the product began with.
TEST(ExampleFolders, CoverEveryArticle) {
    std::vector<std::string> const all = examples();
    for (std::string const name :
         {"lever-to-goco", "greenhouse-to-goco", "lever-charthop", "lever-hrlogics", "lever-hireguide"}) {
        EXPECT_TRUE(std::find(all.begin(), all.end(), name) != all.end()) << name;
    }
}

}  // namespace
}  // namespace crosswalk::scenarios
