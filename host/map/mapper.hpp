// Applies a route's field rules to a canonical record. Pure: no I/O, no clock.
//
// Shape    rules run in file order against the record as it came from the source, so their order never matters for
//          what they read; each writes one field. A field that the canonical schema does not know goes to /extra.
// Errors   none: problems are part of the result. Texts name fields and rules, never values.
// Threads  safe from any thread; a Mapper is constant after construction.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "model/error.hpp"
#include "model/mapping.hpp"

namespace crosswalk::map {

using Tables = std::map<std::string, model::ValueTable, std::less<>>;

// Where one field came from, for people: field "employment_type", source "/employment_type through table x".
struct Lineage {
    std::string field;
    std::string source;
};

struct Mapped {
    boost::json::object record;
    std::vector<Lineage> lineage;                 // one entry per field a rule wrote
    std::vector<model::FieldProblem> warnings;    // fields left out, and why
    std::vector<model::FieldProblem> problems;    // not empty: nothing may be sent (missing required, otherwise: fail)
};

class Mapper {
public:
    // `tables` are those of the configuration; the ones the rules name are copied.
    Mapper(model::Mapping mapping, Tables const& tables);

    // `schema` is the canonical schema of the record: "crosswalk.hire/1".
    [[nodiscard]] Mapped apply(std::string_view schema, boost::json::object const& canonical) const;

private:
    model::Mapping mapping_;
    Tables tables_;
};

// Field names that a canonical schema has; empty for an unknown schema. From plugin-api/schemas.
[[nodiscard]] std::vector<std::string> const& canonical_fields(std::string_view schema);

}  // namespace crosswalk::map
