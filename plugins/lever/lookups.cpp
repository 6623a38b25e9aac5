#include "lookups.hpp"

#include "values.hpp"

#include <array>

namespace crosswalk::lever {

using connector::find;
using connector::text_at;

// An object that Lever printed whole, else the one that its id leads to.
json::value Lookups::whole(json::value const* value, std::string const& path, std::string_view what,
                           std::string_view right) {
    if (value != nullptr && value->is_object()) {
        return *value;
    }
    std::string_view const id = id_of(value);
    if (!is_id(id)) {
        return nullptr;
    }
    std::string const place = path + std::string(id);
    auto known = known_.find(place);
    if (known == known_.end()) {
        known = known_.emplace(place, api_.need(call_, place, what, right)).first;
    }
    return known->second;
}

json::value Lookups::posting(json::value const* value) {
    json::value posting = whole(value, "/postings/", "posting", "Retrieve postings");
    if (json::object* object = posting.if_object(); object != nullptr) {
        // The advertising text is long and of no use to an HR system.
        for (std::string_view const key : {"content", "salaryDescription", "salaryDescriptionHtml", "followers"}) {
            object->erase(key);
        }
    }
    return posting;
}

json::value Lookups::user(json::value const* value) {
    return whole(value, "/users/", "user", "Retrieve users");
}

json::value Lookups::contact(json::value const* value) {
    return whole(value, "/contacts/", "contact", "Retrieve contact");
}

json::value Lookups::stage(json::value const* value) {
    return whole(value, "/stages/", "stage", "Retrieve stages");
}

json::value Lookups::archive_reason(json::value const& opportunity, json::value const& application) {
    std::array<std::pair<json::value const*, std::string_view>, 3> const places = {
        {{&opportunity, "/archived/reason"}, {&opportunity, "/archiveReason"}, {&application, "/archived/reason"}}};
    for (auto const& [root, pointer] : places) {
        json::value const* found = find(*root, pointer);
        if (found == nullptr) {
            continue;
        }
        if (!text_at(*found, "/type").empty()) {
            return *found;
        }
        if (is_id(id_of(found))) {
            json::value const id(id_of(found));
            return whole(&id, "/archive_reasons/", "archive reason", "List all archive reasons");
        }
    }
    return nullptr;
}

json::value Lookups::application(json::value const& opportunity) {
    std::string const path = "/opportunities/" + std::string(text_at(opportunity, "/id")) + "/applications/";
    return whole(find(opportunity, "/applications/0"), path, "application", "Retrieve applications");
}

std::optional<std::int64_t> archived_at(json::value const& opportunity) {
    for (std::string_view const pointer : {"/archived/archivedAt", "/archivedAt"}) {
        if (auto const at = integer_of(find(opportunity, pointer))) {
            return at;
        }
    }
    return std::nullopt;
}

bool is_anonymised(json::value const& opportunity) {
    for (std::string_view const pointer : {"/isAnonymized", "/contact/isAnonymized"}) {
        json::value const* found = find(opportunity, pointer);
        if (found != nullptr && found->is_bool() && found->get_bool()) {
            return true;
        }
    }
    return false;
}

}  // namespace crosswalk::lever
