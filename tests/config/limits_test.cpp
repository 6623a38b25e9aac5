// How large a configuration may be, where the tests of each file do not say it already.
#include "folder.hpp"

#include "config/table.hpp"

#include <gmock/gmock.h>

namespace crosswalk::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string rules(int count) {
    std::string text = "map:\n";
    for (int i = 0; i < count; ++i) {
        text += "  field_" + std::to_string(i) + ": { from: /first_name }\n";
    }
    return text;
}

TEST(ConfigLimits, AFolderHasTwoThousandFiles) {
    Folder const folder;
    for (int i = 0; i < 2001; ++i) {
        folder.write("tables/t" + std::to_string(i) + ".csv", "from,to\n");
    }
    EXPECT_THAT(folder.problems(), ElementsAre("tables: more than 2,000 files in this folder"));
    folder.remove("tables/t2000.csv");
    EXPECT_THAT(folder.problems(), IsEmpty());
}

TEST(ConfigLimits, ATableHas16Mib) {
    Problems problems;
    std::string const text = "from,to\n\"" + std::string(16 * 1024 * 1024, 'x') + "\",y\n";
    EXPECT_FALSE(parse_table("tables/t.csv", text, problems));
    EXPECT_THAT(Folder::in_words(problems.take()), ElementsAre("tables/t.csv: the table is larger than 16 MiB"));
}

// A pipe or a device has no size that could be asked for; what is read of a file ends where no parser would go on.
TEST(ConfigLimits, AnEndlessFileIsNotRead) {
    Folder const folder;
    folder.remove("routes/hires.yaml");
    std::filesystem::create_symlink("/dev/zero", folder.path() / "routes/hires.yaml");
    EXPECT_THAT(folder.problems(), ElementsAre("routes/hires.yaml: not a file that can be read"));
}

TEST(ConfigLimits, ARouteHas500Rules) {
    Folder const folder;
    folder.append("routes/hires.yaml", rules(500));
    EXPECT_THAT(folder.problems(), IsEmpty());
    folder.append("routes/hires.yaml", "  one_more: { from: /last_name }\n");
    EXPECT_THAT(folder.problems(), Contains(HasSubstr("more than 500 rules in one route")));
}

TEST(ConfigLimits, AThousandProblemsAreShownAndThatThereAreMore) {
    Folder const folder;
    std::string text;
    for (int i = 0; i < 1500; ++i) {
        text += "unknown_" + std::to_string(i) + ": 1\n";
    }
    folder.append("crosswalk.yaml", text);
    EXPECT_THAT(folder.problems(),
                AllOf(SizeIs(1001), Contains(HasSubstr("there are more problems than are shown; correct these first"))));
}

TEST(ConfigLimits, ANameHas64Characters) {
    Folder const folder;
    auto const route = [&](std::string const& name) {
        folder.write("routes/" + name + ".yaml", "route: " + name +
                                                     "\nfrom: { connection: lever, event: candidate.hired }\n"
                                                     "to: { connection: goco, action: create_employee }\n");
    };
    route(std::string(64, 'r'));
    EXPECT_THAT(folder.problems(), IsEmpty());
    route(std::string(65, 'r'));
    EXPECT_THAT(folder.problems(), SizeIs(1));
}

}  // namespace
}  // namespace crosswalk::config
