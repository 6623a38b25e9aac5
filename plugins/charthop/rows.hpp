// ChartHop's rows: maps of field code to value, in three shapes for the same content.
//
// Shape    flat ("department.name": "Sales"), nested ("department": {"name": "Sales"}) or under "fields"; a single row
//          may be wrapped in "data". A Row reads them all alike. Codes are compared without case.
// Limits   nesting is followed four levels deep.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>

namespace crosswalk::charthop {

namespace json = boost::json;

class Row {
public:
    Row() = default;
    explicit Row(json::value const& answer);

    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    // The value of a code; nullptr when it is absent or null.
    [[nodiscard]] json::value const* find(std::string_view code) const;
    // Its text; numbers as digits. Empty when it is absent or neither.
    [[nodiscard]] std::string text(std::string_view code) const;
    // The name of a group field: "department.name", or the text of "department" itself.
    [[nodiscard]] std::string name(std::string_view code) const;
    // jobId, personId or id, whichever the row has.
    [[nodiscard]] std::string id(std::string_view preferred) const;

private:
    void take(std::string const& prefix, json::object const& object, int depth);

    std::map<std::string, json::value, std::less<>> values_;  // by code in lower case
};

// An id as text: ids may come as numbers, and 0 is one. Empty when it is neither text nor an integer.
[[nodiscard]] std::string id_text(json::value const* value);

}  // namespace crosswalk::charthop
