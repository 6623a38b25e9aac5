#include "sweeps/sweep.hpp"

#include "events.hpp"
#include "lookups.hpp"
#include "people.hpp"
#include "polls/poll.hpp"
#include "values.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;

namespace {

constexpr std::string_view listed_schema = "lever.opportunity_ref/1";

WebhookEvent const& event_of(std::string_view trigger) {
    for (WebhookEvent const& known : webhook_events) {
        if (known.trigger == trigger) {
            return known;
        }
    }
    throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector does not sweep for this.");
}

// Where an admin limited the webhook to some origins, the others are not missing. Nothing: any origin, or Lever does
// not let us see.
std::optional<std::set<std::string, std::less<>>> wanted_origins(Call& call, Api& api, std::string_view event) {
    std::set<std::string, std::less<>> origins;
    try {
        for (json::value const& webhook : api.catalogue(call, "/webhooks", "webhooks", "List webhooks")) {
            if (text_at(webhook, "/event") != event) {
                continue;
            }
            json::value const* some = find(webhook, "/configuration/conditions/origins");
            if (some == nullptr || !some->is_array() || some->get_array().empty()) {
                return std::nullopt;
            }
            for (json::value const& origin : some->get_array()) {
                if (origin.is_string()) {
                    origins.emplace(origin.get_string());
                }
            }
        }
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_INVALID) {
            throw;
        }
        return std::nullopt;
    }
    return origins.empty() ? std::nullopt : std::optional(std::move(origins));
}

std::string hires_path(Call& call, Api& api, connector::SweepRequest const& request) {
    std::string path = "/opportunities?archived_at_start=" + std::to_string(request.from_unix_ms) +
                       "&archived_at_end=" + std::to_string(request.to_unix_ms - 1);
    bool known = false;
    json::array const reasons =
        api.catalogue(call, "/archive_reasons?type=hired", "archive reasons", "List all archive reasons");
    for (json::value const& reason : reasons) {
        if (std::string_view const id = text_at(reason, "/id"); text_at(reason, "/type") == "hired" && is_id(id)) {
            path.append("&archive_reason_id=").append(id);
            known = true;
        }
    }
    if (!known) {
        throw Failure(CW_ERR_TRANSIENT, "Lever names no archive reason that means hired.");
    }
    return path;
}

// Somebody may apply long after the opportunity was made, so what changed is listed and the time of the application
// compared.
std::string applications_path(connector::SweepRequest const& request) {
    return "/opportunities?expand=applications&updated_at_start=" + std::to_string(request.from_unix_ms);
}

bool is_within(connector::SweepRequest const& request, std::int64_t at) {
    return at >= request.from_unix_ms && at < request.to_unix_ms;
}

}  // namespace

bool sweep(Call& call, Api& api, connector::SweepRequest const& request) {
    WebhookEvent const& known = event_of(request.event);
    bool const hires = known.trigger == "candidate.hired";
    auto const origins = wanted_origins(call, api, known.event);
    std::string const path = hires ? hires_path(call, api, request) : applications_path(request);
    Page const page = open_page(call, api, path, request.cursor, "opportunities", "List all opportunities");
    for (json::value const& opportunity : page.items) {
        std::string const id(text_at(opportunity, "/id"));
        bool const sent = !origins || origins->contains(text_at(opportunity, "/origin"));
        if (!is_id(id) || !sent || is_anonymised(opportunity)) {
            continue;
        }
        json::value const* application = find(opportunity, "/applications/0");
        std::int64_t const at = hires ? archived_at(opportunity).value_or(0)
                                      : integer_of(find(opportunity, "/applications/0/createdAt")).value_or(0);
        connector::Event event;
        event.id = hires ? hire_id(opportunity) : application != nullptr ? application_id(*application) : std::string();
        if (event.id.empty() || !is_within(request, at)) {
            continue;
        }
        event.type = request.event;
        event.subject = "opportunity:" + id;
        event.title = event.subject;
        event.occurred_unix_ms = at;
        event.record = {std::string(listed_schema), id, json::object{{"opportunity", id}}};
        call.emit(event);
    }
    call.set_cursor(page.next);
    return !page.next.empty();
}

void fetch_swept(Call& call, Api& api, connector::Event const& listed) {
    json::value const record(listed.record.data);
    Delivery delivery;
    delivery.event = event_of(listed.type).event;
    delivery.opportunity_id = text_at(record, "/opportunity");
    delivery.triggered_at = listed.occurred_unix_ms;
    if (!is_id(delivery.opportunity_id)) {
        throw Failure(CW_ERR_INVALID, "The listed event names no opportunity.");
    }
    emit_event(call, api, listed.type, delivery, listed.id);
}

}  // namespace crosswalk::lever
