// Short ways to write rules and to read what a Mapper made of them.
#pragma once

#include "map/mapper.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::map {

inline constexpr std::string_view hire = "crosswalk.hire/1";

inline model::FieldRule rule(std::string field, std::vector<std::string> from) {
    model::FieldRule out;
    out.field = std::move(field);
    out.from = std::move(from);
    return out;
}

inline boost::json::object object(std::string_view text) {
    return boost::json::parse(text).get_object();
}

inline Mapped map_with(std::vector<model::FieldRule> rules, std::string_view record, Tables const& tables = {},
                       std::vector<std::string> required = {}, std::string_view schema = hire) {
    return Mapper({std::move(rules), std::move(required)}, tables).apply(schema, object(record));
}

inline std::string text(Mapped const& mapped) {
    return boost::json::serialize(mapped.record);
}

// "field: source" of the only entry, or how many there are.
inline std::string only_lineage(Mapped const& mapped) {
    return mapped.lineage.size() == 1 ? mapped.lineage[0].field + ": " + mapped.lineage[0].source
                                      : std::to_string(mapped.lineage.size()) + " entries";
}
inline std::string only(std::vector<model::FieldProblem> const& problems) {
    return problems.size() == 1 ? problems[0].field + ": " + problems[0].reason
                                : std::to_string(problems.size()) + " entries";
}

}  // namespace crosswalk::map
