#include "applications/application.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::text_at;

namespace {

void put(json::object& record, std::string_view key, json::value value) {
    if (!value.is_null()) {
        record[key] = std::move(value);
    }
}

// Why a candidate who has just applied is none to carry over; empty when there is no reason.
std::string_view reason_against(json::value const& opportunity, Settings const& settings) {
    if (!opportunity.is_object()) {
        return "Lever has no such opportunity any more: it was deleted.";
    }
    if (is_anonymised(opportunity)) {
        return "The candidate was anonymised in Lever, so there is nobody to carry over.";
    }
    if (archived_at(opportunity)) {
        return "The candidate was archived in Lever before the application was read.";
    }
    if (text_at(opportunity, "/confidentiality") == "confidential" && !settings.include_confidential) {
        return "The application is confidential and include_confidential is off.";
    }
    return {};
}

}  // namespace

std::optional<json::object> fetch_application(Call& call, Api& api, Delivery const& delivery) {
    std::string const path =
        "/opportunities/" + std::string(delivery.opportunity_id) + "?" + std::string(application_expansion);
    json::value opportunity = api.need(call, path, "opportunity", "Retrieve a single opportunity");
    if (std::string_view const reason = reason_against(opportunity, api.settings()); !reason.empty()) {
        call.note(CW_NOTE_REASON, reason);
        return std::nullopt;
    }
    Lookups lookups(call, api);
    return application_of(lookups, std::move(opportunity));
}

json::object application_of(Lookups& lookups, json::value opportunity) {
    json::object record;
    json::value application = lookups.application(opportunity);
    put(record, "posting", lookups.posting(find(application, "/posting")));
    if (archived_at(opportunity)) {
        put(record, "archiveReason", lookups.archive_reason(opportunity, application));
    }
    put(record, "contact", lookups.contact(find(opportunity, "/contact")));
    if (json::value stage = lookups.stage(find(opportunity, "/stage")); stage.is_object()) {
        opportunity.as_object()["stage"] = std::move(stage);
    }
    put(record, "application", std::move(application));
    record["opportunity"] = std::move(opportunity);
    return record;
}

}  // namespace crosswalk::lever
