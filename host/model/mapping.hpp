// A route's field rules: what an admin writes under `map:` and `require:`.
//
// A rule names a field of the canonical record and says where its value comes from. A name that the canonical
// schema does not have is an extra field: it lands in /extra and the target's connector passes it through.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::model {

// Small, closed and total: every transform gives a value or nothing, never an error.
enum class Transform : unsigned char {
    trim,   // white space at both ends
    lower,  // ASCII and the Latin, Greek and Cyrillic letters of Unicode's simple case mapping
    upper,
    digits,  // keeps 0-9 only
    date,    // an RFC 3339 time, a date or milliseconds since 1970 → "YYYY-MM-DD" (UTC)
};

// What happens when a value table has no row for the value.
enum class Otherwise : unsigned char {
    omit,  // leave the field out and warn
    keep,  // pass the value on as it is
    fail,  // the record is rejected and the field named
};

struct FieldRule {
    std::string field;
    std::vector<std::string> from = {};                  // JSON Pointers; the first that has a value wins
    std::optional<std::string> join = std::nullopt;      // set: all of `from` that have a value, joined by this text
    std::optional<std::string> constant = std::nullopt;  // JSON text; excludes `from`
    std::vector<Transform> transforms = {};              // applied in order
    std::string table = {};                              // name of a value table; empty: none
    Otherwise otherwise = Otherwise::omit;
    std::optional<std::string> fallback =
        std::nullopt;  // `default:` in the file; JSON text, used when nothing came out
};

// A value table: two columns of a CSV file. Values are compared exactly.
using ValueTable = std::map<std::string, std::string, std::less<>>;

struct Mapping {
    std::vector<FieldRule> rules = {};       // in file order
    std::vector<std::string> required = {};  // canonical field names, "/…" pointers allowed
};

}  // namespace crosswalk::model
