#include "hires/hire.hpp"

#include "lookups.hpp"
#include "values.hpp"

#include <algorithm>
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

json::value posting_of(Lookups& lookups, json::value const& application, json::object const& fields) {
    json::value const* named = find(application, "/posting");
    return lookups.posting(named != nullptr ? named : field(fields, "job_posting"));
}

json::value manager_of(Lookups& lookups, json::object const& fields) {
    for (std::string_view const identifier : {"direct_manager", "hiring_manager"}) {
        json::value user = lookups.user(field(fields, identifier));
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
    if (is_anonymised(opportunity)) {
        return nothing(call, "The candidate was anonymised in Lever, so there is nobody to carry over.");
    }
    if (text_at(opportunity, "/confidentiality") == "confidential" && !api.settings().include_confidential) {
        return nothing(call, "The hire is confidential and include_confidential is off.");
    }
    Lookups lookups(call, api);
    json::value application = lookups.application(opportunity);
    json::value reason = lookups.archive_reason(opportunity, application);
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
    json::value contact = lookups.contact(find(opportunity, "/contact"));
    if (is_anonymised(contact)) {
        return nothing(call, "The candidate was anonymised in Lever, so there is nobody to carry over.");
    }
    json::value offer = best_offer(call, api, path);
    json::object fields = fields_of(offer);
    json::array unread;
    json::object hire;
    put(hire, "posting", posting_of(lookups, application, fields));
    put(hire, "requisition", requisition_of(call, api, application, unread));
    put(hire, "manager", manager_of(lookups, fields));
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

}  // namespace crosswalk::lever
