// The canonical schemas: whole, consistent with each other, and as the model says.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace {

namespace json = boost::json;
using Schemas = std::map<std::string, json::value>;

// Every file of plugin-api/schemas by the name before ".schema.json".
Schemas const& schemas() {
    static Schemas const all = [] {
        Schemas out;
        for (auto const& entry : std::filesystem::directory_iterator(CROSSWALK_SCHEMAS)) {
            std::ifstream in(entry.path());
            std::stringstream text;
            text << in.rdbuf();
            std::string const file = entry.path().filename().string();
            out.emplace(file.substr(0, file.find(".schema.json")), json::parse(text.str()));
        }
        return out;
    }();
    return all;
}

Schemas kinds() {
    Schemas out = schemas();
    out.erase("head");
    return out;
}

// Calls `visit` with every "$ref" text inside of a schema.
template <class Visit>
void each_ref(json::value const& schema, Visit const& visit) {
    if (auto const* object = schema.if_object()) {
        for (auto const& member : *object) {
            if (member.key() == "$ref" && member.value().is_string()) {
                visit(std::string(member.value().get_string()));
            } else {
                each_ref(member.value(), visit);
            }
        }
    } else if (auto const* array = schema.if_array()) {
        for (auto const& element : *array) {
            each_ref(element, visit);
        }
    }
}

TEST(Schemas, AreThereForEveryCanonicalKind) {
    std::set<std::string> names;
    for (auto const& [name, schema] : schemas()) {
        names.insert(name);
    }
    EXPECT_EQ(names, (std::set<std::string>{"head", "candidate", "application", "requisition", "opening", "posting",
                                            "offer", "hire", "employee", "interview", "scorecard", "note", "tag",
                                            "attachment", "screening_result", "requisition_metrics"}));
}

TEST(Schemas, AreNamedAfterTheirFiles) {
    for (auto const& [name, schema] : schemas()) {
        EXPECT_EQ(schema.at("$id").as_string(), "schema:crosswalk." + name + "/1");
        EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
    }
}

TEST(Schemas, FixTheKindAndTakeTheHeadIn) {
    for (auto const& [name, schema] : kinds()) {
        EXPECT_EQ(schema.at("properties").at("kind").at("const").as_string(), name);
        EXPECT_EQ(schema.at("$ref"), "schema:crosswalk.head/1") << name;
    }
}

TEST(Schemas, RefuseFieldsThatTheyDoNotName) {
    for (auto const& [name, schema] : kinds()) {
        EXPECT_EQ(schema.at("unevaluatedProperties"), false) << name;
    }
}

TEST(Schemas, PointOnlyAtDefinitionsThatExist) {
    json::object const& definitions = schemas().at("head").at("$defs").as_object();
    for (auto const& [name, schema] : schemas()) {
        std::string const prefix = name == "head" ? "#/$defs/" : "schema:crosswalk.head/1#/$defs/";
        each_ref(schema, [&](std::string const& ref) {
            bool const is_head = name != "head" && ref == "schema:crosswalk.head/1";
            bool const defined = ref.starts_with(prefix) && definitions.contains(ref.substr(prefix.size()));
            EXPECT_TRUE(is_head || defined) << name << " points at " << ref;
        });
    }
}

TEST(Schemas, RequireOnlyFieldsThatTheyDeclare) {
    for (auto const& [name, schema] : schemas()) {
        for (auto const& field : schema.at("required").as_array()) {
            EXPECT_TRUE(schema.at("properties").as_object().contains(field.as_string())) << name << ' ' << field;
        }
    }
}

TEST(Schemas, KeepTheTextOfAnUnknownEnumValue) {
    for (auto const& [name, schema] : kinds()) {
        json::object const& fields = schema.at("properties").as_object();
        for (char const* field : {"status", "employment_type", "recommendation"}) {
            EXPECT_EQ(fields.contains(field), fields.contains(std::string(field) + "_raw")) << name << ' ' << field;
        }
    }
}

TEST(Schemas, HaveNoPlaceForBirthDatesOrSocialSecurityNumbers) {
    for (auto const& [name, schema] : schemas()) {
        for (auto const& field : schema.at("properties").as_object()) {
            std::string const key(field.key());
            EXPECT_EQ(key.find("birth"), std::string::npos) << name;
            EXPECT_EQ(key.find("ssn"), std::string::npos) << name;
        }
    }
}

// A.26: the employee shows as imported from the source system.
TEST(Schemas, LetAHireNameTheProductItWasImportedFrom) {
    EXPECT_EQ(schemas().at("hire").at("properties").at("import_source").at("type"), "string");
}

TEST(Schemas, LetEveryKindCarryTheFieldsThatARouteAdds) {
    EXPECT_EQ(schemas().at("head").at("properties").at("extra").at("type"), "object");
}

TEST(Schemas, LetSmallFilesTravelInsideOfAnAttachment) {
    EXPECT_TRUE(schemas().at("attachment").at("properties").as_object().contains("content_base64"));
    EXPECT_TRUE(schemas().at("attachment").at("properties").as_object().contains("url"));
}

}  // namespace
