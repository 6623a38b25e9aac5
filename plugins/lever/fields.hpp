// Field tables: which value of a Lever record fills which canonical field. The tables are data, mapping/*.json.
//
// Shape    {"fields": [{"to": "/job_title", "as": "text", "from": ["/posting/text", …], "not": …, "when": …}]}: the
//          first pointer in `from` that has a value wins; `not` is a value of the first pointer that means none; a row
//          with `when` counts only while that switch is on.
// Errors   none; a value that does not fit is left out, with a warning that names the field.
#pragma once

#include <crosswalk/connector.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::lever {

namespace json = boost::json;

// Fills `out`. Rows whose `when` is `switched_off` are passed over.
void fill(connector::Call& call, json::value const& table, json::value const& record, json::object& out,
          std::string_view switched_off = {});

// A text without white space at its ends, or a number or truth written as one; empty for anything else.
[[nodiscard]] std::string as_text(json::value const& value);

// A canonical ref into this connection.
[[nodiscard]] json::object ref_to(connector::Call const& call, std::string_view kind, std::string_view id);
// The same as a field of `out`; nothing when there is no id.
void put_ref(connector::Call const& call, json::object& out, std::string_view field, std::string_view kind,
             std::string_view id);

// Fields that a customer added, under the names that they have in Lever. An object's members become "object.member".
void put_custom(json::object const& fields, json::object& custom);

// mapping/words.json: Lever's words and the canonical ones.
[[nodiscard]] json::value const& words();
// Lever's word for a canonical one out of the table /<table>; empty when it has none.
[[nodiscard]] std::string_view word_of(std::string_view table, std::string_view canonical);

}  // namespace crosswalk::lever
