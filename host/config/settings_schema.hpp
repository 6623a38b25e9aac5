// Checks a value against the part of JSON Schema that connectors describe their settings with.
//
// Keywords  type (one or a list), properties, required, additionalProperties (boolean or schema), items (one schema),
//           enum, const, minimum, exclusiveMinimum, maximum, minLength, maxLength. Others are passed over: a
//           connector checks the rest itself.
// Privacy   no text holds a value, only names from the schema and keys.
// Threads   plain functions. Limits  as deep as the value, which the files limit to 16 levels.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::config {

struct Mismatch {
    std::string pointer;  // of the value; "" is the whole
    std::string message;
};

// `is_skipped` names pointers whose values are judged elsewhere (secrets): they only count as being there. `whole` is
// what the value is called.
[[nodiscard]] std::vector<Mismatch> mismatches(boost::json::value const& value, boost::json::value const& schema,
                                               std::function<bool(std::string_view)> const& is_skipped,
                                               std::string whole = "settings");

// Gives plain scalars the type that the schema wants: `plain` holds their text by pointer.
void retype(boost::json::value& value, boost::json::value const& schema,
            std::map<std::string, std::string> const& plain);

// The part of a schema that describes the value at a JSON Pointer; nullptr when it describes none.
[[nodiscard]] boost::json::value const* schema_at(boost::json::value const& schema, std::string_view pointer);
// The pointers of all members, at any depth, that are true or false. Where the schema leaves names to the admin, those
// in `settings` count.
[[nodiscard]] std::vector<std::string> boolean_settings(boost::json::value const& schema,
                                                        boost::json::value const& settings);

}  // namespace crosswalk::config
