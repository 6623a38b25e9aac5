#include "map/canonical_table.hpp"
#include "map/mapper.hpp"

namespace crosswalk::map {

std::vector<std::string> const& canonical_fields(std::string_view schema) {
    using Fields = std::map<std::string, std::vector<std::string>, std::less<>>;
    static Fields const all = [] {
        Fields fields;
        for (auto const& [kind, field] : canonical_table) {
            fields[std::string(kind)].emplace_back(field);
        }
        return fields;
    }();
    static std::vector<std::string> const none;
    auto const found = all.find(schema);
    return found == all.end() ? none : found->second;
}

}  // namespace crosswalk::map
