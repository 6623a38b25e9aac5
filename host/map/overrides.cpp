#include "map/overrides.hpp"

#include "map/pointer.hpp"
#include "model/nearest.hpp"

#include <algorithm>

namespace crosswalk::map {
namespace {

// Rules write "personal_email" or "/address/city", and what the schema does not know lies under /extra.
bool is_same_field(std::string_view of_rule, std::string_view pointer) {
    std::string named(of_rule);
    if (!named.starts_with('/')) {
        named.insert(0, "/");
    }
    return named == pointer || "/extra" + named == pointer;
}

template <class List>
void forget(List& list, std::string_view pointer) {
    std::erase_if(list, [&](auto const& entry) { return is_same_field(entry.field, pointer); });
}

// What is wrong with the place, as a sentence; nothing when it can be written.
std::string complaint(std::string_view schema, std::optional<Pointer> const& pointer) {
    if (!pointer) {
        return "It is no JSON Pointer, such as /personal_email.";
    }
    std::vector<std::string> const& known = canonical_fields(schema);
    if (known.empty() || std::binary_search(known.begin(), known.end(), pointer->front())) {
        return {};
    }
    std::string const near = model::nearest(pointer->front(), known);
    return "The schema " + std::string(schema) + " has no such field." +
           (near.empty() ? "" : " Did you mean /" + near + "?") + " A field of the target's own goes under /extra.";
}

}  // namespace

void put_overrides(std::string_view schema, std::vector<Override> const& overrides, Mapped& mapped) {
    for (Override const& one : overrides) {
        auto const pointer = parse_pointer(one.field);
        std::string wrong = complaint(schema, pointer);
        if (wrong.empty() && !one.value) {
            take_away(mapped.record, *pointer);
        } else if (wrong.empty() && !put(mapped.record, *pointer, *one.value)) {
            wrong = "Something on the way to it is neither an object nor a list with that element.";
        }
        if (!wrong.empty()) {
            mapped.problems.push_back({one.field, std::move(wrong)});
            continue;
        }
        forget(mapped.problems, one.field);
        forget(mapped.warnings, one.field);
        forget(mapped.lineage, one.field);
        mapped.lineage.push_back({one.field, std::string(one.value ? set_by_person : removed_by_person)});
    }
}

}  // namespace crosswalk::map
