#include "hire.hpp"

#include "values.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;

namespace {

constexpr std::chrono::milliseconds settle_wait_least = std::chrono::seconds(1);
constexpr std::chrono::milliseconds settle_wait_most = std::chrono::seconds(20);
constexpr std::size_t offers_max = 1000;

std::nullopt_t nothing(Call& call, std::string_view reason) {
    call.note(CW_NOTE_REASON, reason);
    return std::nullopt;
}

bool is_true(json::value const& root, std::string_view pointer) {
    json::value const* found = find(root, pointer);
    return found != nullptr && found->is_bool() && found->get_bool();
}

// An object that Lever printed whole, else the one that its id leads to; null when there is none.
json::value whole(Call& call, Api& api, json::value const* value, std::string const& path, std::string_view what,
                  std::string_view right) {
    if (value != nullptr && value->is_object()) {
        return *value;
    }
    std::string_view const id = id_of(value);
    return is_id(id) ? api.need(call, path + std::string(id), what, right) : json::value(nullptr);
}

// The archive reason stands nested or flat, on the opportunity or on its application, as an id or as an object.
json::value archive_reason(Call& call, Api& api, json::value const& opportunity, json::value const& application) {
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
            return api.need(call, "/archive_reasons/" + std::string(id_of(found)), "archive reason",
                            "List all archive reasons");
        }
    }
    return nullptr;
}

json::value application_of(Call& call, Api& api, json::value const& opportunity, std::string const& path) {
    // At most one, says Lever.
    return whole(call, api, find(opportunity, "/applications/0"), path + "/applications/", "application",
                 "Retrieve applications");
}

// Prefers a signed offer, then the newest.
json::value best_offer(Call& call, Api& api, std::string const& path) {
    json::value best = nullptr;
    std::pair<bool, std::int64_t> best_rank{false, -1};
    std::size_t seen = 0;
    api.each(call, path + "/offers", "offers", "List offers", [&](json::value const& offer) {
        std::pair<bool, std::int64_t> const rank{text_at(offer, "/status") == "signed",
                                                 integer_of(find(offer, "/createdAt")).value_or(0)};
        if (offer.is_object() && rank > best_rank) {
            best = offer;
            best_rank = rank;
        }
        return ++seen < offers_max;
    });
    return best;
}

// Order and presence of an offer's fields vary, so they are looked up by identifier.
json::object fields_of(json::value const& offer) {
    json::object fields;
    json::value const* list = find(offer, "/fields");
    if (list != nullptr && list->is_array()) {
        for (json::value const& field : list->get_array()) {
            std::string_view const identifier = text_at(field, "/identifier");
            json::value const* value = find(field, "/value");
            if (!identifier.empty() && value != nullptr) {
                fields.emplace(identifier, *value);
            }
        }
    }
    return fields;
}

json::value const* field(json::object const& fields, std::string_view identifier) {
    return fields.if_contains(identifier);
}

// The requisition only refines the hire and lies outside the smallest set of rights, so it may be unreadable.
json::value requisition_of(Call& call, Api& api, json::value const& application, json::array& unread) {
    std::string_view const id = id_of(find(application, "/requisitionForHire"));
    if (!is_id(id)) {
        return nullptr;
    }
    Read answer = api.read(call, "/requisitions/" + std::string(id));
    if (answer.kind == Read::Kind::forbidden) {
        unread.push_back(json::object{{"object", "requisition"},
                                      {"reason", "The key may not read requisitions, or this one is confidential."}});
    }
    return unwrapped(std::move(answer.data));
}

// The advertising text is long and of no use to an HR system.
json::value posting_of(Call& call, Api& api, json::value const& application, json::object const& fields) {
    json::value const* named = find(application, "/posting");
    json::value posting = whole(call, api, named != nullptr ? named : field(fields, "job_posting"), "/postings/",
                                "posting", "Retrieve postings");
    if (json::object* object = posting.if_object(); object != nullptr) {
        for (std::string_view const key : {"content", "salaryDescription", "salaryDescriptionHtml", "followers"}) {
            object->erase(key);
        }
    }
    return posting;
}

json::value manager_of(Call& call, Api& api, json::object const& fields) {
    for (std::string_view const identifier : {"direct_manager", "hiring_manager"}) {
        json::value user = whole(call, api, field(fields, identifier), "/users/", "manager", "Retrieve users");
        if (user.is_object()) {
            return user;
        }
    }
    return nullptr;
}

void put(json::object& hire, std::string_view key, json::value value) {
    if (!value.is_null()) {
        hire[key] = std::move(value);
    }
}

}  // namespace

std::optional<json::object> fetch_hire(Call& call, Api& api, Delivery const& delivery) {
    std::string const path = "/opportunities/" + std::string(delivery.opportunity_id);
    json::value opportunity =
        api.need(call, path + "?expand=applications&expand=contact", "opportunity", "Retrieve a single opportunity");
    if (!opportunity.is_object()) {
        return nothing(call, "Lever has no such opportunity any more: it was deleted.");
    }
    if (is_true(opportunity, "/isAnonymized") || is_true(opportunity, "/contact/isAnonymized")) {
        return nothing(call, "The candidate was anonymised in Lever, so there is nobody to carry over.");
    }
    if (text_at(opportunity, "/confidentiality") == "confidential" && !api.settings().include_confidential) {
        return nothing(call, "The hire is confidential and include_confidential is off.");
    }
    json::value application = application_of(call, api, opportunity, path);
    json::value reason = archive_reason(call, api, opportunity, application);
    if (text_at(reason, "/type") != "hired") {
        // The webhook may overtake what it speaks of, so for a while "not hired" means "not yet".
        // The younger the webhook, the sooner it is worth asking again.
        std::chrono::milliseconds const age(call.unix_ms() - delivery.triggered_at);
        if (age < api.settings().hired_settle) {
            throw Failure(CW_ERR_TRANSIENT, "Lever does not show the candidate as hired yet.", {},
                          std::clamp(age / 2, settle_wait_least, settle_wait_most));
        }
        return nothing(call, "Lever does not show the candidate as hired: the hire was probably taken back.");
    }
    json::value contact = whole(call, api, find(opportunity, "/contact"), "/contacts/", "contact", "Retrieve contact");
    if (is_true(contact, "/isAnonymized")) {
        return nothing(call, "The candidate was anonymised in Lever, so there is nobody to carry over.");
    }
    json::value offer = best_offer(call, api, path);
    json::object fields = fields_of(offer);
    json::array unread;
    json::object hire;
    put(hire, "posting", posting_of(call, api, application, fields));
    put(hire, "requisition", requisition_of(call, api, application, unread));
    put(hire, "manager", manager_of(call, api, fields));
    put(hire, "contact", std::move(contact));
    put(hire, "application", std::move(application));
    put(hire, "offer", std::move(offer));
    put(hire, "archiveReason", std::move(reason));
    hire["offerFields"] = std::move(fields);
    hire["opportunity"] = std::move(opportunity);
    hire["triggeredAt"] = delivery.triggered_at;
    if (!unread.empty()) {
        hire["unread"] = std::move(unread);
    }
    return hire;
}

std::string name_of(json::value const& hire) {
    for (std::string_view const pointer : {"/opportunity/name", "/contact/name", "/application/name"}) {
        if (std::string name = folded(text_at(hire, pointer)); !name.empty()) {
            return name;
        }
    }
    return {};
}

}  // namespace crosswalk::lever
