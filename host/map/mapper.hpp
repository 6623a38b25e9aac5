// Applies a route's field rules to a canonical record. Pure: no I/O, no clock.
//
// Shape    rules run in file order against the record as it came from the source, so their order never matters for
//          what they read; each writes one field. A field that the canonical schema does not know goes to /extra.
// Values   absent, null, blank text, [] and {} are the same: no value. A rule that ends without a value leaves its
//          field out, also when the source had filled it.
// Limits   a record is at most record_depth_max levels deep, a value that a rule writes at most value_bytes_max.
// Errors   none: problems are part of the result. Texts name fields and rules, never values.
// Threads  safe from any thread; a Mapper is constant after construction.
#pragma once

#include "map/pointer.hpp"
#include "model/error.hpp"
#include "model/mapping.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::map {

using Tables = std::map<std::string, model::ValueTable, std::less<>>;

inline constexpr std::size_t record_depth_max = 64;
inline constexpr std::size_t value_bytes_max = 1024 * 1024;

// What a person says of one field of one record; overrides.hpp puts it there.
struct Override {
    std::string field;                        // JSON Pointer
    std::optional<boost::json::value> value;  // nothing: taken away
};

// Where one field came from, for people: field "employment_type", source "/employment_type through table x".
struct Lineage {
    std::string field;
    std::string source;
};

struct Mapped {
    boost::json::object record;
    std::vector<Lineage> lineage;               // one entry per field a rule wrote
    std::vector<model::FieldProblem> warnings;  // fields left out, and why
    std::vector<model::FieldProblem> problems;  // not empty: nothing may be sent (missing required, otherwise: fail)
};

class Mapper {
public:
    // `tables` are those of the configuration; the ones the rules name are copied. A rule that cannot be read (a
    // constant that is no JSON, a table that is not there) does not fail here: each record gets a warning for it.
    Mapper(model::Mapping mapping, Tables const& tables);

    // `schema` is the canonical schema of the record: "crosswalk.hire/1". `overrides` come after the rules and before
    // the required fields are looked for.
    [[nodiscard]] Mapped apply(std::string_view schema, boost::json::object const& canonical,
                               std::vector<Override> const& overrides = {}) const;

private:
    // A rule with everything parsed that does not depend on the record.
    struct Rule {
        std::string field;
        std::optional<Pointer> target;             // before /extra is put in front; empty: the name is no use
        std::vector<std::optional<Pointer>> from;  // an empty one is no JSON Pointer
        std::optional<std::string> join;
        bool is_constant = false;
        std::optional<boost::json::value> constant;  // empty though is_constant: the text is no JSON
        std::vector<model::Transform> transforms;
        std::string table;
        model::Otherwise otherwise = model::Otherwise::omit;
        boost::json::value fallback;  // null: none
        std::string source;           // the rule in words, for Lineage
    };
    struct Required {
        std::string field;
        std::optional<Pointer> target;
    };
    // Collects what one rule gives: a value, or reasons why not.
    struct Evaluation;

    [[nodiscard]] static Rule prepare(model::FieldRule const& rule);
    static void pick(Rule const& rule, boost::json::object const& canonical, Evaluation& at);
    static void join(Rule const& rule, boost::json::object const& canonical, Evaluation& at);
    static void transform(Rule const& rule, Evaluation& at);
    void look_up(Rule const& rule, Evaluation& at) const;
    void run(Rule const& rule, std::string_view schema, boost::json::object const& canonical, Mapped& out) const;
    void check_required(std::string_view schema, Mapped& out) const;

    std::vector<Rule> rules_;
    std::vector<Required> required_;
    Tables tables_;
};

// Field names that a canonical schema has, sorted; empty for an unknown schema. From plugin-api/schemas.
[[nodiscard]] std::vector<std::string> const& canonical_fields(std::string_view schema);

}  // namespace crosswalk::map
