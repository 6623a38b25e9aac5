// Every input that ever broke something, and the seeds that a run begins with, through the targets once more.
#include "fuzz/json_mutator.hpp"
#include "fuzz/targets.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace crosswalk::fuzz {
namespace {

namespace fs = std::filesystem;

std::string content(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The files of corpus/<name> and regressions/<name>, and the vendor's samples where the target is a connector.
std::vector<fs::path> inputs_of(std::string const& name) {
    std::vector<fs::path> found;
    for (fs::path const& folder : {fs::path(FUZZ) / "corpus" / name, fs::path(FUZZ) / "regressions" / name,
                                   fs::path(PLUGINS) / name / "samples"}) {
        std::error_code none;
        for (fs::recursive_directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
            if (at->is_regular_file()) {
                found.push_back(at->path());
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, KeepsItsPromisesForEveryInputThatIsKept) {
    GetParam().run({});
    auto const inputs = inputs_of(std::string(GetParam().name));
    EXPECT_FALSE(inputs.empty()) << "a target has seeds";
    for (fs::path const& path : inputs) {
        SCOPED_TRACE(path.string());
        GetParam().run(content(path));
    }
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay, testing::ValuesIn(targets().begin(), targets().end()),
                         [](auto const& of) { return std::string(of.param.name); });

TEST(Parts, AreCutAtLinesOfTwoDashes) {
    auto const parts = parts_of("one\ntwo\n--\n--\nthree--\n");
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0], "one\ntwo\n");
    EXPECT_EQ(parts[1], "");
    EXPECT_EQ(parts[2], "three--\n");
    EXPECT_EQ(parts_of("").size(), 1U);
}

TEST(JsonMutator, ChangesOneValueAndLeavesTheRestOfTheInput) {
    std::string const input = "push create_employee\n{\"a\":[1,\"two\",{\"b\":null}]}\n--\nHTTP 500\n\nno JSON";
    int changed = 0;
    for (unsigned seed = 1; seed <= 500; ++seed) {
        auto const made = mutate_json(input, seed);
        ASSERT_TRUE(made);
        EXPECT_TRUE(made->starts_with("push create_employee\n")) << *made;
        EXPECT_TRUE(made->ends_with("--\nHTTP 500\n\nno JSON")) << *made;
        std::string_view const part = parts_of(*made).front();
        boost::json::error_code error;
        static_cast<void>(boost::json::parse(part.substr(part.find('\n') + 1), error));
        EXPECT_FALSE(error) << *made;
        changed += *made == input ? 0 : 1;
        EXPECT_EQ(mutate_json(input, seed), made) << "the same seed makes the same change";
    }
    EXPECT_GT(changed, 450);
}

TEST(JsonMutator, HasNothingToChangeWhereThereIsNoJson) {
    EXPECT_FALSE(mutate_json("GET / HTTP/1.1\r\n\r\n", 1));
    EXPECT_FALSE(mutate_json("{ not JSON", 1));
    EXPECT_FALSE(mutate_json("", 1));
}

TEST(RequireDeathTest, EndsTheProcessWithThePromiseThatWasBroken) {
    EXPECT_DEATH(require(false, "two and two are four"), "Broken promise: two and two are four");
}

}  // namespace
}  // namespace crosswalk::fuzz
