#include "map/mapper.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace crosswalk::map {
namespace {

boost::json::value schema_file(std::filesystem::path const& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return boost::json::parse(text.str());
}

void add_properties(boost::json::value const& schema, std::set<std::string>& names) {
    for (auto const& property : schema.at("properties").as_object()) {
        names.emplace(property.key());
    }
}

TEST(CanonicalFields, AreThoseOfTheSchemaFilesAndTheirHead) {
    std::filesystem::path const schemas = CROSSWALK_SCHEMAS;
    std::set<std::string> head;
    add_properties(schema_file(schemas / "head.schema.json"), head);
    std::size_t kinds = 0;
    for (auto const& entry : std::filesystem::directory_iterator(schemas)) {
        std::string const file = entry.path().filename().string();
        std::string const kind = file.substr(0, file.find('.'));
        if (kind == "head") {
            continue;
        }
        ++kinds;
        std::set<std::string> expected = head;
        add_properties(schema_file(entry.path()), expected);
        auto const& fields = canonical_fields("crosswalk." + kind + "/1");
        EXPECT_EQ(std::set<std::string>(fields.begin(), fields.end()), expected) << kind;
        EXPECT_EQ(fields.size(), expected.size()) << kind;
        EXPECT_TRUE(std::is_sorted(fields.begin(), fields.end())) << kind;
    }
    EXPECT_EQ(kinds, 15U);
}

TEST(CanonicalFields, AreEmptyForAnUnknownSchema) {
    EXPECT_TRUE(canonical_fields("crosswalk.hire/2").empty());
    EXPECT_TRUE(canonical_fields("crosswalk.head/1").empty());
    EXPECT_TRUE(canonical_fields("").empty());
}

}  // namespace
}  // namespace crosswalk::map
